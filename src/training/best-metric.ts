import type { Task } from "../tasks/task.js";
import type { ResolvedTrainingOptions } from "./training-options.js";

/** The name of the metric by which the best weights are chosen: the one that is asked for, or the task's. */
export function bestMetricOf(
  { metricForBestModel }: Pick<ResolvedTrainingOptions, "metricForBestModel">,
  task: Task,
): string {
  return metricForBestModel ?? task.metricForBestModel;
}
