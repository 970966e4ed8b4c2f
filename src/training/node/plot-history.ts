import { writeCharts } from "../../data/report/node/write-charts.js";
import type { TrainingHistory } from "../callbacks.js";
import { historyCharts } from "../history-charts.js";

/**
 * Writes the learning curves of a training into `folder`: `learning-curve-loss.png`, and one for each metric that the
 * task shows, as `learning-curve-accuracy.png`. Training and validation are drawn beside each other, with a ring around
 * the evaluation whose weights were kept.
 *
 * @example
 * const history = await classifier.fit(train, { validation });
 * const paths = await plotHistory(history, "plots", "svg");
 *
 * @returns the paths written
 * @throws E_STORE where the folder cannot be written, E_PACKAGE where what draws is not installed
 */
export function plotHistory(
  history: TrainingHistory,
  folder: string,
  format: "svg" | "png" = "png",
): Promise<readonly string[]> {
  return writeCharts(historyCharts(history), folder, format);
}
