/** When a trial that runs is stopped: by how it compares with the others at fixed numbers of values. */
import { z } from "zod";

/** The values of the metric so far, in their order; less is better. */
export interface TrialHistory {
  readonly costs: readonly number[];
  readonly isRunning: boolean;
}

/** W&B's `early_terminate`, and ASHA beside it. */
export const earlyTermination = z.discriminatedUnion("type", [
  z
    .strictObject({
      type: z.literal("hyperband"),
      min_iter: z.number().int().min(1).optional(),
      max_iter: z.number().int().min(1).optional(),
      s: z.number().positive().optional(),
      eta: z.number().gt(1).default(3),
      // As the engine has it; the documentation says false.
      strict: z.boolean().default(true),
    })
    .refine(
      ({ min_iter, max_iter, s }) => min_iter !== undefined || (max_iter !== undefined && s !== undefined),
      "min_iter, or max_iter and s",
    ),
  z.strictObject({
    type: z.literal("asha"),
    min_iter: z.number().int().min(1).default(1),
    max_iter: z.number().int().min(1).optional(),
    eta: z.number().gt(1).default(4),
  }),
]);

export type EarlyTermination = z.output<typeof earlyTermination>;

/** Which of the running trials are to be stopped, by their place in `trials`. */
export function trialsToStop(rule: EarlyTermination, trials: readonly TrialHistory[]): readonly number[] {
  return rule.type === "hyperband" ? hyperband(rule, trials) : asha(rule, trials);
}

/** The numbers of values at which trials are compared, rising. */
export function bandsOf(rule: EarlyTermination): readonly number[] {
  const { min_iter, max_iter, eta } = rule;
  if (rule.type === "hyperband" && max_iter !== undefined) {
    const bands: number[] = [];
    for (let i = 0, band = max_iter / eta; i < (rule.s ?? 0) && band >= 1; i++, band /= eta)
      bands.unshift(Math.floor(band));
    return bands;
  }
  const bands: number[] = [];
  for (let band = min_iter ?? 1; band < (max_iter ?? 1e9); band *= eta) bands.push(Math.floor(band));
  return bands;
}

/**
 * A trial is stopped where it is not among the best 1/eta of those that came to its last band: by the best of its
 * values, or with `strict` by the one of the band.
 *
 * @source https://github.com/wandb/sweeps, src/sweeps/hyperband_stopping.py
 */
function hyperband(rule: EarlyTermination & { readonly type: "hyperband" }, trials: readonly TrialHistory[]): number[] {
  const bands = bandsOf(rule);
  const histories = trials.map(({ costs }) => costs.filter(Number.isFinite));
  return trials.flatMap(({ isRunning }, i) => {
    const own = histories[i] as readonly number[];
    const band = bands.filter((one) => one <= own.length).at(-1);
    if (!isRunning || band === undefined) return [];
    const there = histories.filter(({ length }) => length >= band).map((costs) => costs[band - 1] as number);
    there.sort((a, b) => a - b);
    const threshold = there[Math.floor(there.length / rule.eta)] as number;
    const value = rule.strict ? (own[band - 1] as number) : Math.min(...own);
    return value > threshold ? [i] : [];
  });
}

/**
 * Asynchronous successive halving, the form that stops: at each band a trial goes on where its value there is among the
 * best 1/eta of all that came so far. The first to come goes on.
 *
 * @source Li and others, "A System for Massively Parallel Hyperparameter Tuning", arXiv:1810.05934; ray.tune's
 *   AsyncHyperBandScheduler for the form that stops
 */
function asha(rule: EarlyTermination & { readonly type: "asha" }, trials: readonly TrialHistory[]): number[] {
  const bands = bandsOf(rule);
  return trials.flatMap(({ costs, isRunning }, i) => {
    const band = bands.filter((one) => one <= costs.length).at(-1);
    if (!isRunning || band === undefined) return [];
    const at = (one: TrialHistory): number => {
      const cost = one.costs[band - 1] as number;
      return Number.isNaN(cost) ? Number.POSITIVE_INFINITY : cost;
    };
    const there = trials.filter((one) => one.costs.length >= band).map(at);
    there.sort((a, b) => a - b);
    const kept = Math.max(1, Math.floor(there.length / rule.eta));
    return at(trials[i] as TrialHistory) > (there[kept - 1] as number) && there.length > 1 ? [i] : [];
  });
}
