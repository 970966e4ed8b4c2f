import type { ChosenMetric } from "./choose-metric.js";
import { countRows } from "./class-counts.js";
import { type Decision, thresholdsOf } from "./decide.js";
import { keepNumbers } from "./numbers.js";
import { logitsOfClasses, type Outputs } from "./outputs.js";
import { type Evidence, reportOn } from "./report.js";
import { keepScores } from "./scores.js";

/**
 * The value of one metric on `outputs`, without the others of a report; undefined where the rows do not have it.
 *
 * @throws E_CONFIG for a threshold that such a model cannot have
 */
export function measure(outputs: Outputs, metric: ChosenMetric, threshold?: Decision["threshold"]): number | undefined {
  const { family, labels, rows } = outputs;
  const thresholds = thresholdsOf(family, labels, threshold);
  const evidence: Evidence = { examples: rows, ...evidenceOf(outputs, metric, thresholds) };
  return rows === 0 ? undefined : metric.find(reportOn(family, labels, [metric], evidence));
}

function evidenceOf(
  { family, labels, rows, targets, logits: given }: Outputs,
  { record }: ChosenMetric,
  thresholds: readonly number[] | undefined,
): Omit<Evidence, "examples"> {
  if (family === "regression") {
    const kept = keepNumbers(labels.length);
    kept.add(targets, given, rows);
    return { numbers: kept.numbers() };
  }
  const logits = logitsOfClasses(family, given);
  const counted = countRows(family, labels.length, thresholds);
  counted.add(targets, logits, rows);
  if (record.needs !== "scores") return { counts: counted.counts() };
  const kept = keepScores(family, labels.length);
  kept.add(targets, logits, rows);
  return { counts: counted.counts(), scores: kept.scores() };
}
