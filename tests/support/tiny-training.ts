/** Trainings of the small BERT, loop and all. */
import type { ClassificationReport } from "../../src/metrics/report.js";
import { singleLabelClassification } from "../../src/tasks/single-label.js";
import { type Callbacks, combineCallbacks, type TrainingHistory } from "../../src/training/callbacks.js";
import { evaluate } from "../../src/training/evaluate.js";
import { type FitInput, fit as fitModel } from "../../src/training/fit.js";
import { resolveTrainingOptions } from "../../src/training/options.js";
import type { TrainingOptions } from "../../src/training/training-options.js";
import type { TrainingState } from "../../src/training/training-state.js";
import type { Trainer } from "../../src/training/training-step.js";
import { COLLATE, createTinyPredictor, createTinyTrainer, type TinyOptions, tinyTexts } from "./tiny-bert.js";

const TASK = { task: singleLabelClassification, labels: ["first", "second", "third"] };
export const DATA = { source: "words", rows: 96, fingerprint: "0".repeat(32) };
const targetsOf = (labelIds: readonly number[]) => ({ data: Int32Array.from(labelIds), width: 1 });
/** What is trained on, 96 texts, and what is validated on. */
export const train = tinyTexts(96);
export const held = tinyTexts(48, 77);

/** What a training did. */
export interface Run extends TrainingHistory {
  readonly parameters: Float32Array;
  readonly start: Float32Array;
  /** What a weight without gradient decayed by. */
  readonly decay: number;
  readonly report: ClassificationReport;
  /** The parameters after each validation. */
  readonly validated: readonly Float32Array[];
}

export interface RunOptions {
  readonly options?: TrainingOptions;
  readonly model?: TinyOptions;
  /** Labels of the validation set; none without. */
  readonly validation?: readonly number[];
  readonly callbacks?: (trainer: Trainer) => Callbacks;
  readonly signal?: AbortSignal;
  readonly checkpoints?: FitInput["checkpoints"];
  readonly resumed?: TrainingState;
  readonly now?: () => number;
  /** Keeps the trainer's parameters when training throws. */
  readonly onThrow?: (error: unknown, trainer: Trainer) => void;
}

/** Trains the small BERT for real; the clock advances by a millisecond each time it is read. */
export async function run({
  options = {},
  model = {},
  validation,
  callbacks,
  signal,
  onThrow,
  ...states
}: RunOptions): Promise<Run> {
  const resolved = resolveTrainingOptions({
    epochs: 2,
    batchSize: 16,
    learningRate: 5e-3,
    padToMultipleOf: 1,
    ...options,
  });
  const trainer = await createTinyTrainer({ seed: resolved.seed, dropout: 0.1, ...model });
  const predictor = await createTinyPredictor(trainer);
  const start = trainer.parameters.slice();
  const validated: Float32Array[] = [];
  const reportOn = async (labels: readonly number[]) =>
    (await evaluate(predictor, held.texts, targetsOf(labels), {
      ...COLLATE,
      ...TASK,
      batchSize: 16,
    })) as ClassificationReport;
  let clock = 0;
  const input: FitInput = {
    trainer,
    ...TASK,
    texts: train.texts,
    targets: targetsOf(train.labelIds),
    options: resolved,
    collateOptions: COLLATE,
    data: { train: DATA },
    events: combineCallbacks(callbacks === undefined ? [] : [callbacks(trainer)]),
    now: () => clock++,
    ...states,
    ...(signal === undefined ? {} : { signal }),
    ...(validation === undefined
      ? {}
      : {
          validate: () => {
            validated.push(trainer.parameters.slice());
            return reportOn(validation);
          },
        }),
  };
  try {
    const history = await fitModel(input);
    return {
      ...history,
      start,
      decay: trainer.decay("classifier.weight"),
      validated,
      parameters: trainer.parameters.slice(),
      report: await reportOn(held.labelIds),
    };
  } catch (error) {
    onThrow?.(error, trainer);
    throw error;
  } finally {
    await predictor.close();
    await trainer.close();
  }
}
