/** A model's layers as a table, as Keras prints it. */
import { blocksOf, type LayerSummary, type ModelSummary } from "./model-summary.js";

/** How much of a model is shown: every layer, or one line for each block of them. */
export type SummaryDetail = "layers" | "blocks";

/**
 * A table of layers, output shapes and parameters, with the totals below it.
 *
 * @example
 * const classifier = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", { labels: ["neg", "pos"] });
 * console.log(formatSummary(classifier.summary()));
 *
 * @param detail "layers" by default: every layer of the encoder
 */
export function formatSummary(
  summary: ModelSummary,
  { detail = "layers" }: { readonly detail?: SummaryDetail } = {},
): string {
  const { name, modelType, layers, parameters, trainable, bytes } = summary;
  const shown = detail === "blocks" ? blocksOf(layers) : layers;
  const rows = [
    ["Layer (type)", "Output shape", "Parameters", "Trainable"],
    ...shown.map((layer) => [
      `${layer.name} (${layer.type})`,
      layer.outputShape,
      counted(layer.parameters),
      trainableWord(layer),
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => (row[column] as string).length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (i === 2 ? cell.padStart(widths[i] as number) : cell.padEnd(widths[i] as number)))
      .join("  ")
      .trimEnd();
  const [heading, ...lines] = rows.map(line);
  const share = parameters === 0 ? 0 : bytes / parameters;
  const total = (count: number): string => `${counted(count)} (${megabytes(count * share)})`;
  return [
    `Model: ${name} (${modelType})`,
    "",
    heading,
    "─".repeat(widths.reduce((sum, width) => sum + width, 6)),
    ...lines,
    "",
    `Total parameters:         ${total(parameters)}`,
    `Trainable parameters:     ${total(trainable)}`,
    `Non-trainable parameters: ${total(parameters - trainable)}`,
    "",
  ].join("\n");
}

function trainableWord({ parameters, trainable }: LayerSummary): string {
  if (parameters === 0) return "";
  if (trainable === 0) return "no";
  return trainable === parameters ? "yes" : "partly";
}

function counted(value: number): string {
  return value.toLocaleString("en-US");
}

/** As Keras counts: 2^20 bytes. */
function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(2)} MiB`;
}
