/**
 * The best evaluations' weights, and a greedy soup of them: the best one's, averaged with those of each next one as long
 * as the metric on the validation set does not fall.
 *
 * @source arXiv:2203.05482, algorithm 1; AutoGluon's top_k_average_method "greedy_soup"
 */
import { type ChosenMetric, isBetter } from "../metrics/choose-metric.js";
import type { Report } from "../metrics/report.js";
import type { Snapshot, Trainer } from "./training-step.js";

/** An evaluation and the weights that it was of. */
export interface Kept {
  readonly value: number;
  readonly step: number;
  readonly snapshot: Snapshot;
}

/**
 * The `limit` best of `kept` and the trainer's weights, evaluated to `value` after `step` steps; the best first, the
 * earlier of two that are equal. Weights that are left out make room for the new ones.
 */
export function keepBest(
  kept: readonly Kept[],
  { value, step }: Omit<Kept, "snapshot">,
  { limit, metric, trainer }: { readonly limit: number; readonly metric: ChosenMetric; readonly trainer: Trainer },
): readonly Kept[] {
  const place = kept.findIndex((other) => isBetter(metric, value, other.value));
  const at = place < 0 ? kept.length : place;
  if (at >= limit) return kept;
  const left = kept.length === limit ? kept[limit - 1] : undefined;
  const one = { value, step, snapshot: trainer.snapshot(left?.snapshot) };
  return kept.toSpliced(at, 0, one).slice(0, limit);
}

/** What came of a soup. */
export interface Soup {
  /** Steps after which the weights stood that were averaged, the best first. */
  readonly steps: readonly number[];
  /** On the validation set; that of the best evaluation where no other was added. */
  readonly report: Report;
}

/**
 * Averages `kept`, best first, and leaves the trainer at the average.
 *
 * @param report of the first of them
 * @param validate at the trainer's weights
 */
export async function cookGreedily(
  kept: readonly Kept[],
  report: Report,
  {
    trainer,
    metric,
    validate,
  }: { readonly trainer: Trainer; readonly metric: ChosenMetric; readonly validate: () => Promise<Report> },
): Promise<Soup> {
  let soup = kept[0].snapshot;
  let best: Soup = { steps: [kept[0].step], report };
  for (const { step, snapshot } of kept.slice(1)) {
    const tried = withOne(soup, best.steps.length, snapshot);
    trainer.restore(tried);
    const found = await validate();
    if (isBetter(metric, metric.read(best.report), metric.read(found))) continue;
    soup = tried;
    best = { steps: [...best.steps, step], report: found };
  }
  trainer.restore(soup);
  return best;
}

/** The mean of `count` snapshots and another one. */
function withOne(mean: Snapshot, count: number, other: Snapshot): Snapshot {
  const share = 1 / (count + 1);
  const mixed = (a: number, b: number): number => a + (b - a) * share;
  const parameters = new Float32Array(mean.parameters.length);
  for (let i = 0; i < parameters.length; i++) parameters[i] = mixed(mean.parameters[i], other.parameters[i]);
  return { parameters, decays: mean.decays.map((decay, group) => mixed(decay, other.decays[group])) };
}
