/** A model as a picture: a box for each layer or block, with its shape, and arrows along which values go. */
import type { Edge } from "@dagrejs/dagre";
import type { SummaryDetail } from "./format-summary.js";
import { blocksOf, type LayerSummary, type ModelSummary } from "./model-summary.js";

const LINE = 15;
const PADDING = 9;
const CHARACTER = 6.7;
const MARGIN = 20;
const TITLE = 30;
const FONT = "DejaVu Sans, Helvetica, Arial, sans-serif";
/** Colours of the palette of all plots, light enough for black text. */
const COLOURS = { Input: "#e5e7eb", trained: "#d6e9f5", frozen: "#fbe7c0", plain: "#ffffff" } as const;

/**
 * The picture as SVG.
 *
 * @param detail "blocks" by default; "layers" draws every layer of the encoder
 */
export async function drawModel(
  summary: ModelSummary,
  { detail = "blocks" }: { readonly detail?: SummaryDetail } = {},
): Promise<string> {
  const { Graph, layout } = await import("@dagrejs/dagre");
  const layers = detail === "blocks" ? blocksOf(summary.layers) : summary.layers;
  const graph = new Graph();
  // Aligned to the right, the way of the texts runs straight down beside a mask that every layer reads.
  graph.setGraph({ rankdir: "TB", align: "UR", nodesep: 24, ranksep: 26, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const layer of layers) {
    const lines = linesOf(layer);
    const width = Math.max(...lines.map((line) => line.length)) * CHARACTER + 2 * PADDING;
    graph.setNode(layer.name, { width, height: lines.length * LINE + 2 * PADDING });
  }
  for (const { name, inputs } of layers) for (const input of inputs) graph.setEdge(input, name);
  layout(graph);
  const ways: readonly Point[][] = graph
    .edges()
    .map((edge: Edge) => (graph.edge(edge) as unknown as { points: Point[] }).points);
  const { width: right = 0, height = 0 } = graph.graph() as { readonly width?: number; readonly height?: number };
  // Aligned as they are, lines may run beside all boxes.
  const left = Math.min(0, ...ways.flat().map(({ x }: Point) => x - MARGIN));
  const width = Math.max(right, ...ways.flat().map(({ x }: Point) => x + MARGIN)) - left;
  const title = `${summary.name} (${summary.modelType}), ${summary.parameters.toLocaleString("en-US")} parameters`;
  const whole = Math.max(width, title.length * 8 + 2 * MARGIN);
  const shift = (whole - width) / 2 - left;
  const boxes = layers.map((layer) => box(layer, graph.node(layer.name) as unknown as Box));
  const arrows = ways.map(arrow);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${n(whole)}" height="${n(height + TITLE)}" viewBox="0 0 ${n(whole)} ${n(height + TITLE)}" font-family="${FONT}" font-size="11">`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#6b7280"/></marker></defs>',
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="${MARGIN}" y="${TITLE - 8}" font-size="14" font-weight="bold">${escaped(title)}</text>`,
    `<g transform="translate(${n(shift)} ${TITLE})">`,
    ...arrows,
    ...boxes,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

interface Point {
  readonly x: number;
  readonly y: number;
}
type Box = Point & { readonly width: number; readonly height: number };

function linesOf({ name, type, outputShape, parameters }: LayerSummary): readonly string[] {
  return [
    name,
    type === name ? outputShape : `${type}  ${outputShape}`,
    ...(parameters === 0 ? [] : [`${parameters.toLocaleString("en-US")} parameters`]),
  ];
}

function box(layer: LayerSummary, { x, y, width, height }: Box): string {
  const fill =
    layer.type === "Input"
      ? COLOURS.Input
      : layer.parameters === 0
        ? COLOURS.plain
        : layer.trainable === 0
          ? COLOURS.frozen
          : COLOURS.trained;
  const top = y - height / 2;
  const texts = linesOf(layer).map(
    (line, i) =>
      `<text x="${n(x)}" y="${n(top + PADDING + (i + 0.75) * LINE)}" text-anchor="middle"${i === 0 ? ' font-weight="bold"' : ' fill="#374151"'}>${escaped(line)}</text>`,
  );
  return `<rect x="${n(x - width / 2)}" y="${n(top)}" width="${n(width)}" height="${n(height)}" rx="4" fill="${fill}" stroke="#9ca3af"/>${texts.join("")}`;
}

function arrow(points: readonly Point[]): string {
  const path = points.map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${n(x)} ${n(y)}`).join("");
  return `<path d="${path}" fill="none" stroke="#6b7280" stroke-linejoin="round" marker-end="url(#tip)"/>`;
}

function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
