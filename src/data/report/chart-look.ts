/** What all plots of Textune have in common: the form of a plot, its colours and letters. */
import type { TopLevelSpec } from "vega-lite";

/** A plot with the name of its file and what it shows. */
export interface Chart {
  readonly name: string;
  readonly title: string;
  readonly spec: TopLevelSpec;
}

/** What plots are drawn on: a picture of its own, or a page that has its width and its colours. */
export interface ChartLook {
  /** Pixels, or as wide as what the plot stands in. */
  readonly width: number | "container";
  /** Whether the title stands in the plot: a page writes it itself. */
  readonly titled: boolean;
  readonly ink: string;
  readonly soft: string;
  readonly grid: string;
  /** Of parts and classes, in this order. */
  readonly palette: readonly string[];
}

/** Colours that those who cannot tell red from green can tell too. @source Okabe and Ito, jfly.uni-koeln.de/color */
const PALETTE = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#999999"];

/** Pictures of their own, on white. */
export const PICTURE: ChartLook = {
  width: 620,
  titled: true,
  ink: "#1f2937",
  soft: "#6b7280",
  grid: "#e5e7eb",
  palette: PALETTE,
};

/** Plots in a page, whose style sheet says what the colours are by day and by night. */
export const PAGE: ChartLook = {
  width: "container",
  titled: false,
  ink: "var(--ink)",
  soft: "var(--soft)",
  grid: "var(--line)",
  palette: PALETTE.map((_, i) => `var(--series-${i + 1})`),
};

const SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json";

/** What a specification begins with: schema, letters, colours. */
export function chartStyle(look: ChartLook = PICTURE) {
  const text = { labelFontSize: 11, titleFontSize: 12, titleFontWeight: "normal" as const };
  const ink = { labelColor: look.ink, titleColor: look.ink };
  return {
    $schema: SCHEMA,
    background: look.titled ? "white" : "transparent",
    config: {
      font: "system-ui, DejaVu Sans, Helvetica, Arial, sans-serif",
      axis: {
        ...text,
        ...ink,
        gridColor: look.grid,
        domainColor: look.soft,
        tickColor: look.soft,
        // Half of a narrow page is enough for names.
        labelLimit: look.width === "container" ? { expr: "min(240, 0.4 * containerSize()[0])" } : 240,
      },
      legend: { ...text, ...ink, orient: "top" as const, symbolStrokeWidth: 3 },
      title: {
        fontSize: 14,
        anchor: "start" as const,
        fontWeight: "bold" as const,
        offset: 10,
        color: look.ink,
        subtitleColor: look.soft,
      },
      view: { stroke: "transparent" },
      range: { category: [...look.palette] },
    },
  };
}

/** The title of a plot where it has one of its own. */
export function titled(look: ChartLook, title: string, subtitle?: string): object {
  if (!look.titled) return {};
  return { title: subtitle === undefined ? title : { text: title, subtitle } };
}

/** Ticks of logarithmic axes. */
export const POWERS = Array.from({ length: 10 }, (_, i) => 10 ** i);
