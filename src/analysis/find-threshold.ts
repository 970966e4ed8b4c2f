/** The probability from which on a yes is best, for what one wants of it. */

import { fail } from "../base/errors.js";
import { type ChosenMetric, chooseMetric } from "../metrics/choose-metric.js";
import { type Counts, countsOfClass } from "../metrics/class-counts.js";
import { logitsOfClasses, type Outputs } from "../metrics/outputs.js";
import { sigmoid } from "../metrics/probability.js";
import { type Ranking, rank } from "../metrics/ranking.js";
import { reportOn } from "../metrics/report.js";

/**
 * What a threshold is to be best for:
 * - `metric`: a metric that counts becomes the best, as `f1` (that of the yes), `macroF1` (of yes and no) or `matthews`;
 * - `precision`: at least that precision of the yes, with the highest recall there is then;
 * - `recall`: at least that recall of the yes, with the highest precision there is then;
 * - `cost`: the sum of what a wrong and a missed yes cost becomes the least.
 */
export type ThresholdGoal =
  | { readonly metric: string }
  | { readonly precision: number }
  | { readonly recall: number }
  | { readonly cost: { readonly falsePositive: number; readonly falseNegative: number } };

/** A threshold and what it brings on the rows on which it was found. */
export interface FoundThreshold {
  /** The label that is a yes. */
  readonly label: string;
  /** In [0, 1]. A probability of at least this is a yes. */
  readonly threshold: number;
  /** What the goal is about: the metric, the precision, the recall, or the cost of all rows. */
  readonly value: number;
  /** Of the yes, each a share. */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/**
 * The best threshold of two classes, where yes is the second one, or that of each label. It lies in the middle between
 * two scores. Of equally good ones the highest is found, which says yes to the fewest.
 *
 * @example
 * const [{ threshold, recall }] = findThreshold(outputs, { precision: 0.9 });
 *
 * @param goal by default the F1 of the yes
 * @throws E_CONFIG for a model that has no threshold and for a goal that cannot be, E_DATA where no threshold reaches it
 */
export function findThreshold(outputs: Outputs, goal: ThresholdGoal = { metric: "f1" }): FoundThreshold[] {
  checkOutputs(outputs);
  const { family, labels, rows, targets } = outputs;
  const logits = logitsOfClasses(family, outputs.logits);
  const several = family === "multi-label";
  return (several ? [...labels.keys()] : [1]).map((c) => {
    const at = (row: number): number => row * labels.length + c;
    const probabilities = Float64Array.from({ length: rows }, (_, row) =>
      sigmoid(several ? logits[at(row)] : logits[at(row)] - logits[at(row) - 1]),
    );
    const isYes = Uint8Array.from({ length: rows }, (_, row) => targets[several ? at(row) : row]);
    return bestOf(rank(probabilities, isYes), several ? `not ${labels[c]}` : labels[0], labels[c], goal);
  });
}

/** The answers where the `k` highest scores, and what equals them, are a yes. */
interface Place {
  readonly threshold: number;
  readonly truePositives: number;
  readonly falsePositives: number;
}

function bestOf(ranking: Ranking, no: string, yes: string, goal: ThresholdGoal): FoundThreshold {
  const valueAt = valueFor(ranking, no, yes, goal);
  const { positives } = ranking;
  let best: { readonly place: Place; readonly value: number; readonly worth: number } | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const place of placesOf(ranking)) {
    const found = valueAt(place);
    if (found === undefined) continue;
    least = Math.min(least, found.worth);
    if (best === undefined || found.worth > best.worth) best = { place, ...found };
  }
  if (best === undefined)
    return fail("E_DATA", {
      option: "findThreshold",
      expected: `a threshold for "${yes}" that does what was asked for`,
      got: "none on these rows",
      fix: "ask for less, or give more rows",
    });
  if ("metric" in goal && least === best.worth)
    fail("E_CONFIG", {
      option: "findThreshold",
      expected: "a metric that a threshold changes on these rows, as f1 or matthews",
      got: goal.metric,
    });
  const { threshold, truePositives, falsePositives } = best.place;
  const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
  return {
    label: yes,
    threshold,
    value: best.value,
    precision: share(truePositives, truePositives + falsePositives),
    recall: share(truePositives, positives),
    f1: share(2 * truePositives, truePositives + falsePositives + positives),
  };
}

/** Every place where a threshold can lie, from the highest on: above the highest score, between two, below the least. */
function* placesOf({ scores, truePositives, falsePositives }: Ranking): Generator<Place> {
  for (let k = 0; k <= scores.length; k++) {
    const above = k === 0 ? 1 : scores[k - 1];
    const below = k === scores.length ? 0 : scores[k];
    const threshold = (above + below) / 2;
    // Nothing lies between two scores that are neighbours in float64.
    if (k < scores.length && threshold <= below) continue;
    yield {
      threshold,
      truePositives: k === 0 ? 0 : truePositives[k - 1],
      falsePositives: k === 0 ? 0 : falsePositives[k - 1],
    };
  }
}

/** What a place brings for the goal, and its worth, of which more is better; undefined where it will not do. */
type ValueOfPlace = (place: Place) => { readonly value: number; readonly worth: number } | undefined;

function valueFor({ positives, negatives }: Ranking, no: string, yes: string, goal: ThresholdGoal): ValueOfPlace {
  if ("cost" in goal) {
    const { falsePositive, falseNegative } = goal.cost;
    return ({ truePositives, falsePositives }) => {
      const value = falsePositives * falsePositive + (positives - truePositives) * falseNegative;
      return { value, worth: -value };
    };
  }
  if ("metric" in goal) {
    const metric = metricOf(goal.metric, no, yes);
    return (place) => {
      const counts = countsAt(place, positives, negatives);
      const value = metric.read(reportOn("binary", [no, yes], [metric], { examples: counts.rows, counts }));
      return { value, worth: metric.better === "higher" ? value : -value };
    };
  }
  return ({ truePositives, falsePositives }) => {
    if (truePositives === 0) return undefined;
    const precision = truePositives / (truePositives + falsePositives);
    const recall = truePositives / positives;
    if ("precision" in goal) return precision >= goal.precision ? { value: precision, worth: recall } : undefined;
    return recall >= goal.recall ? { value: recall, worth: precision } : undefined;
  };
}

/** The metric of a goal; one that every class has is that of the yes, where its name does not say otherwise. */
function metricOf(name: string, no: string, yes: string): ChosenMetric {
  const given = chooseMetric(name, "binary", [no, yes]);
  const isOfYes = given.record.averaging === "classes" && !/macro|micro|weighted|:/i.test(name);
  const metric = isOfYes ? chooseMetric(`${given.field}:${yes}`, "binary", [no, yes]) : given;
  if (metric.record.needs === "counts") return metric;
  return fail("E_CONFIG", {
    option: "findThreshold",
    expected: "a metric that counts right and wrong answers, as f1 or matthews",
    got: `${metric.name}, which no threshold changes`,
  });
}

function countsAt({ truePositives, falsePositives }: Place, positives: number, negatives: number): Counts {
  const rows = positives + negatives;
  const predicted = truePositives + falsePositives;
  const trueNegatives = negatives - falsePositives;
  return {
    rows,
    correctRows: truePositives + trueNegatives,
    negativeLogLikelihood: 0,
    classes: [
      countsOfClass(trueNegatives, rows - predicted, negatives, rows),
      countsOfClass(truePositives, predicted, positives, rows),
    ],
    confusion: [
      [trueNegatives, falsePositives],
      [positives - truePositives, truePositives],
    ],
  };
}

/** @throws E_CONFIG for a model without a threshold, E_DATA where there are no rows */
function checkOutputs({ family, labels, rows }: Outputs): void {
  if (family === "regression" || (family !== "multi-label" && labels.length !== 2))
    fail("E_CONFIG", {
      option: "findThreshold",
      expected: "a model of two classes or of several labels a row",
      got: family === "regression" ? "a regression" : `one of ${labels.length} classes`,
      fix: "leave it out: the most probable class is the answer",
    });
  if (rows === 0) fail("E_DATA", { option: "findThreshold", expected: "rows to find it on", got: "none" });
}

/**
 * The goal that a text says: `f1`, `macroF1` or another metric; `precision=0.9`; `recall=0.9`; `cost=1:5` for what a
 * wrong yes and a missed yes cost.
 *
 * @throws E_CONFIG for anything else
 */
export function readThresholdGoal(text: string): ThresholdGoal {
  const [name, value] = text.split("=");
  if (value === undefined) return { metric: text };
  const numbers = value.split(":").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const isShare = numbers.length === 1 && numbers[0] > 0 && numbers[0] <= 1;
  if (name === "precision" && isShare) return { precision: numbers[0] };
  if (name === "recall" && isShare) return { recall: numbers[0] };
  const [falsePositive, falseNegative] = numbers;
  const areCosts = numbers.length === 2 && numbers.every((cost) => cost >= 0 && Number.isFinite(cost));
  if (name === "cost" && areCosts && falsePositive + falseNegative > 0)
    return { cost: { falsePositive, falseNegative } };
  return fail("E_CONFIG", {
    option: "findThreshold",
    expected: "a metric as f1, or precision=0.9, recall=0.9 (above 0, at most 1), or cost=1:5 (wrong yes : missed yes)",
    got: `"${text}"`,
  });
}
