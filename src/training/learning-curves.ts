/** How a training went, as points to draw. */
import type { TrainingHistory } from "./callbacks.js";

/** A value and where it was measured. */
export interface CurvePoint {
  /** Epochs done: 1.5 in the middle of the second. */
  readonly epoch: number;
  readonly value: number;
  /** Whether it was the best of the validation so far. */
  readonly best: boolean;
}

/** One number over the whole training. */
export interface LearningCurve {
  /** "loss", or a metric as in the history: "accuracy", "macroF1". */
  readonly name: string;
  /** Over the rows of an epoch, each at the weights of its step. */
  readonly training: readonly CurvePoint[];
  /** Each evaluation. */
  readonly validation: readonly CurvePoint[];
}

/** The loss, and the metrics that the task shows. */
export function learningCurves({ epochs, evaluations }: TrainingHistory): readonly LearningCurve[] {
  const names = ["loss", ...Object.keys(epochs[0]?.metrics ?? evaluations[0]?.metrics ?? {})];
  const ends = [0, ...epochs.map(({ step }) => step)];
  const epochAt = (step: number): number => {
    const epoch = Math.max(
      1,
      ends.findIndex((end) => step <= end),
    );
    const [from, to] = [ends[epoch - 1] as number, ends[epoch] as number];
    return epoch - 1 + (step - from) / (to - from);
  };
  const numberIn = (
    { loss, metrics }: { readonly loss: number; readonly metrics: Readonly<Record<string, number>> },
    name: string,
  ): number => (name === "loss" ? loss : (metrics[name] ?? Number.NaN));
  const points = (all: readonly CurvePoint[]): CurvePoint[] => all.filter(({ value }) => Number.isFinite(value));
  return names.map((name) => ({
    name,
    training: points(epochs.map((one) => ({ epoch: one.epoch, value: numberIn(one, name), best: false }))),
    validation: points(
      evaluations
        .filter(({ step }) => step <= (ends.at(-1) as number))
        .map((one) => ({ epoch: epochAt(one.step), value: numberIn(one, name), best: one.best })),
    ),
  }));
}
