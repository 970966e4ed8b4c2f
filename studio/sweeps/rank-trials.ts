/** Trials by what they came to. */
import type { SweepDetails, SweepTrial } from "../../src/studio/wire/sweeps.js";

/** The value of a trial that counts: of one that went to its end and keeps the constraints. */
export function resultOf({ state, value, violation }: SweepTrial): number | undefined {
  return state === "finished" && violation === 0 && typeof value === "number" ? value : undefined;
}

/** Whether the first value is better. */
export function isBetter(sweep: Pick<SweepDetails, "metric">, a: number, b: number): boolean {
  return sweep.metric?.goal === "maximize" ? a > b : a < b;
}

/** The best that there was after each trial that made it better. */
export function bestSoFar(sweep: SweepDetails): readonly { readonly number: number; readonly value: number }[] {
  const steps: { number: number; value: number }[] = [];
  for (const trial of sweep.trials) {
    const value = resultOf(trial);
    const before = steps.at(-1);
    if (value !== undefined && (before === undefined || isBetter(sweep, value, before.value)))
      steps.push({ number: trial.number, value });
  }
  return steps;
}

/** How good each result is, from 0 for the worst to 1 for the best. */
export function goodness(sweep: SweepDetails): (value: number) => number {
  const values = sweep.trials.flatMap((trial) => resultOf(trial) ?? []);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (!(high > low)) return () => 1;
  return (value) => (sweep.metric?.goal === "maximize" ? value - low : high - value) / (high - low);
}
