/** What an evaluation writes: files of errors, plots, the decision in the classifier's folder. */

import { curvesOf } from "../analysis/curves.js";
import { type ErrorRow, errorRows } from "../analysis/error-rows.js";
import type { Examination } from "../analysis/examine.js";
import { given } from "../base/given.js";
import type { Dataset } from "../data/dataset/dataset.js";
import { datasetFrom } from "../data/dataset/dataset-from.js";
import { writeDataset } from "../data/dataset/node/write-dataset.js";
import type { CommandCall } from "./define-command.js";
import { shellWord } from "./shell-word.js";

/** Writes wrong answers and doubtful labels to a file, or the distances of numbers. @throws E_STORE where it cannot be written */
export async function writeErrors(
  { outputs, decision }: Examination,
  dataset: Dataset,
  path: string,
  { say, signal }: Pick<CommandCall<unknown>, "say" | "signal">,
): Promise<void> {
  const rows = errorRows(outputs, decision.threshold);
  const doubtful = rows.filter(({ suggested }) => suggested !== undefined).length;
  if (rows.length === 0) {
    say("No row is answered wrongly, and no label is doubtful: no file was written.");
    return;
  }
  await writeDataset(datasetFrom(rows.map((one) => errorCells(one, dataset))), path, { signal });
  const counts = `${rows.length - doubtful} with a wrong answer, ${doubtful} whose label is doubtful`;
  const order = outputs.family === "regression" ? "the farthest off first" : `the hardest first: ${counts}`;
  say(`${rows.length} rows are in ${shellWord(path)}, ${order}.`);
}

function errorCells({ row, labels, predicted, loss, suggested }: ErrorRow, dataset: Dataset) {
  return {
    text: dataset.text(row),
    ...given({ textPair: dataset.textPair(row) }),
    label: labels.join("|"),
    row: row + 1,
    predicted: predicted.join("|"),
    loss: Number(loss.toPrecision(6)),
    suggested: suggested?.join("|") ?? "",
  };
}

/** Draws the curves. @throws E_STORE where they cannot be written */
export async function writePlots({ outputs }: Examination, folder: string, say: (line: string) => void): Promise<void> {
  const [{ curveCharts }, { writeCharts }] = await Promise.all([
    import("../analysis/charts.js"),
    import("../data/report/node/write-charts.js"),
  ]);
  const paths = await writeCharts(curveCharts(curvesOf(outputs)), folder, "png");
  say(`${paths.length} plots are in ${shellWord(folder)}.`);
}

/** Keeps what was found with the classifier. @throws E_STORE where it is in no folder that can be written */
export async function storeDecision(
  { decision }: Examination,
  folder: string,
  say: (line: string) => void,
): Promise<void> {
  const [{ rewriteConfig }, { withDecision }] = await Promise.all([
    import("../checkpoints/node/rewrite-config.js"),
    import("../classifier/stored-config.js"),
  ]);
  await rewriteConfig(folder, (config) => withDecision(config, decision));
  say(`Kept in ${shellWord(folder)}: predict and evaluate use it from now on.`);
}
