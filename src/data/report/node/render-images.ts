/** Plots as Vega, SVG and PNG. The types of Vega stay in here: no public declaration may lean on an optional package. */
import type { Spec } from "vega";
import { loadOptional } from "../../../base/node/optional-package.js";
import type { Chart } from "../chart-look.js";

/** Loads what draws, or names the command that installs it. Loaded only to draw: Vega takes most of a second to start. */
export function loadPlotting<T>(load: () => Promise<T>): Promise<T> {
  return loadOptional("plots", ["vega", "vega-lite", "@resvg/resvg-js"], load);
}
export const loadVega = (): Promise<[typeof import("vega"), typeof import("vega-lite")]> =>
  loadPlotting(() => Promise.all([import("vega"), import("vega-lite")]));

/** The Vega specification of a plot. Vega-Lite's remarks on its own choices are not for users. */
export async function compileChart(chart: Chart): Promise<Spec> {
  const [{ None, logger }, { compile }] = await loadVega();
  return compile(chart.spec, { logger: logger(None) }).spec;
}

/** A plot as SVG. */
export async function chartSvg(chart: Chart): Promise<string> {
  const [{ None, parse, View }] = await loadVega();
  const view = new View(parse(await compileChart(chart)), { renderer: "none", logLevel: None });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** An SVG picture as PNG, `scale` pixels for each of its units, on white. Texts need a font of the system. */
export async function svgToPng(svg: string, scale = 2): Promise<Uint8Array> {
  const { Resvg } = await loadPlotting(() => import("@resvg/resvg-js"));
  const picture = new Resvg(svg, {
    fitTo: { mode: "zoom", value: scale },
    background: "white",
    font: { loadSystemFonts: true, defaultFontFamily: "DejaVu Sans" },
  });
  return picture.render().asPng();
}
