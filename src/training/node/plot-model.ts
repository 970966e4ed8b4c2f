import { writeFile } from "node:fs/promises";
import { extname } from "node:path";
import { fail } from "../../base/errors.js";
import { replaceFile } from "../../base/node/replace-file.js";
import { svgToPng } from "../../data/report/node/render-images.js";
import { drawModel } from "../draw-model.js";
import type { SummaryDetail } from "../format-summary.js";
import type { ModelSummary } from "../model-summary.js";

/**
 * Draws a model into `path`, which ends in .svg or .png: a box for each block of layers, with its shape and its
 * parameters. Blue boxes are trained, yellow ones are not, white ones have no parameters.
 *
 * @example
 * const classifier = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", { labels: ["neg", "pos"] });
 * await plotModel(classifier.summary(), "model.svg", { detail: "layers" });
 *
 * @param detail "blocks" by default; "layers" draws every layer of the encoder
 * @throws E_CONFIG for another ending, E_STORE where it cannot be written, E_PACKAGE where what draws PNG is missing
 */
export async function plotModel(
  summary: ModelSummary,
  path: string,
  { detail = "blocks" }: { readonly detail?: SummaryDetail } = {},
): Promise<void> {
  const ending = extname(path).toLowerCase();
  if (ending !== ".svg" && ending !== ".png")
    fail("E_CONFIG", { where: "plot", expected: "a file that ends in .svg or .png", got: `"${path}"` });
  const svg = await drawModel(summary, { detail });
  const content = ending === ".svg" ? svg : await svgToPng(svg);
  try {
    await replaceFile(path, (temporary) => writeFile(temporary, content));
  } catch (error) {
    fail(
      "E_STORE",
      {
        where: path,
        expected: "a file that can be written",
        got: error instanceof Error ? error.message : String(error),
        fix: "choose another",
      },
      error,
    );
  }
}
