/** The history of a training that was evaluated within its epochs. */
import type { EpochResult, EvaluationResult, TrainingHistory } from "../../src/training/callbacks.js";

const ends = [4, 8, 10];
const LOSSES = [0.9, 0.5, 0.2];
const epochs = LOSSES.map(
  (loss, i): EpochResult => ({
    ...{ epoch: i + 1, step: ends[i] as number, loss, metrics: { accuracy: 1 - loss } },
    ...{ best: false, seconds: 1, examplesPerSecond: 1 },
  }),
);
const evaluations = [0.8, 0.6, 0.7, 0.75, 0.8].map(
  (loss, i): EvaluationResult => ({ step: 2 * (i + 1), epoch: 1, loss, metrics: { accuracy: 1 - loss }, best: i < 2 }),
);
export const history: TrainingHistory = {
  ...{ epochs, evaluations, losses: [], bestEpoch: 1, bestStep: 4, aborted: false, stopped: false },
  ...{ bestValidation: undefined, validation: undefined, stoppedEarly: false, checkpointStep: undefined },
};
