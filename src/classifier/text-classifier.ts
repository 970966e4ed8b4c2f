/** The class that users meet: a pre-trained encoder with a head, on any platform. */

import { fail } from "../base/errors.js";
import type { Dataset } from "../data/dataset/dataset.js";
import type { Tensor } from "../runtime/session.js";
import type { Prediction } from "../tasks/prediction.js";
import type { EvaluationReport } from "../tasks/task.js";
import type { EncodeOptions, TextExample, TextPair } from "../tokenizers/tokenizer.js";
import { tokenizeTexts } from "../tokenizing/tokenize-texts.js";
import type { TrainingHistory } from "../training/callbacks.js";
import { evaluate, type LogitsOptions, logitsOf } from "../training/evaluate.js";
import { createPredictor, type Predictor } from "../training/predictor.js";
import { type ClassifierState, inferenceGraphOf } from "./classifier-state.js";
import type { LoadingReport } from "./load-weights.js";
import type { Platform } from "./platform.js";
import {
  type EvaluateOptions,
  type PredictOptions,
  resolveEvaluateOptions,
  resolvePredictOptions,
} from "./predict-options.js";
import { prepareTexts } from "./prepare-texts.js";
import { contentOf } from "./save-classifier.js";
import { createSharedPredictor } from "./shared-predictor.js";
import { type FitOptions, openTraining, type TrainingSession } from "./training-session.js";

/** Texts of the stream that are classified together: enough for batches of like length, and a bound on memory. */
const STREAM_CHUNK = 512;

/** A text classifier on a platform; `node/text-classifier.ts` has the one of Node.js, with documentation by example. */
export class Classifier {
  readonly #platform: Platform;
  #state: ClassifierState;
  readonly #predictor = createSharedPredictor(() => this.#createPredictor());
  /** Set from the call of `fit` until it ends. */
  #isTraining = false;
  /** Set while weights change. */
  #training: TrainingSession | undefined;

  constructor(platform: Platform, state: ClassifierState) {
    this.#platform = platform;
    this.#state = state;
  }

  /** The classes in the order of their ids. */
  get labels(): readonly string[] {
    return this.#state.labels;
  }

  /** What was found in the checkpoint, what is new, what was left over. */
  get loading(): LoadingReport {
    return this.#state.loading;
  }

  /** Tokens per text that the classifier reads; longer texts lose their end, or beginning: `truncationSide`. */
  get maxLength(): number {
    return this.#cutting().maxLength;
  }

  /** Which end too long a text loses, as the tokenizer's files say. */
  get truncationSide(): "left" | "right" {
    return this.#state.tokenizer.truncationSide;
  }

  /**
   * Fine-tunes all parameters. Afterwards the classifier has the weights of the best validated epoch. While it runs,
   * `predict`, `evaluate` and `save`, as in a callback, see the weights of the step before.
   *
   * @throws E_CONFIG for an option, E_DATA for rows that cannot be learned from, E_TRAINING when the loss is not
   *   finite, E_USAGE while another `fit` of this classifier runs
   */
  async fit(train: Dataset, options: FitOptions = {}): Promise<TrainingHistory> {
    if (this.#isTraining)
      fail("E_USAGE", {
        where: "fit",
        expected: "one training at a time",
        got: "a second call",
        fix: "await the first",
      });
    this.#isTraining = true;
    try {
      const training = await openTraining(this.#platform, this.#state, train, options);
      try {
        this.#training = training;
        return await training.run();
      } finally {
        this.#state = { ...this.#state, weights: training.weights(), ...training.cutting };
        this.#training = undefined;
        await Promise.all([training.close(), this.#predictor.retire()]);
      }
    } finally {
      this.#isTraining = false;
    }
  }

  /**
   * Metrics over all rows of `dataset`.
   *
   * @throws E_DATA for a label that the classifier does not have
   */
  async evaluate(dataset: Dataset, options: EvaluateOptions = {}): Promise<EvaluationReport> {
    const running = this.#logitsOptions(resolveEvaluateOptions(options));
    const { tokenizer, task, labels, threads } = this.#state;
    const what = "evaluation set";
    const prepared = { ...options, ...this.#cutting(), what, task, labels, tokenizer, threads };
    const { texts, targets } = await prepareTexts(this.#platform, dataset, prepared);
    return this.#withPredictor((predictor) => evaluate(predictor, texts, targets, { ...running, task, labels }));
  }

  /**
   * Classifies one text or pair of texts, or several in their order.
   *
   * @throws E_USAGE for what is no text, E_CONFIG for an option, E_DATA for a pair that cannot be cut as in training
   */
  async predict(example: TextExample, options?: PredictOptions): Promise<Prediction>;
  async predict(examples: readonly TextExample[], options?: PredictOptions): Promise<Prediction[]>;
  async predict(
    input: TextExample | readonly TextExample[],
    options: PredictOptions = {},
  ): Promise<Prediction | Prediction[]> {
    if (isExample(input)) return (await this.#classify([input], options))[0];
    if (!Array.isArray(input))
      fail("E_USAGE", { where: "predict", expected: `${EXAMPLE}, or a list of them`, got: kindOf(input) });
    return this.#classify(input, options);
  }

  /** Classifies texts as they come, in their order, with memory for some hundred at a time. */
  async *predictStream(
    examples: AsyncIterable<TextExample> | Iterable<TextExample>,
    options: PredictOptions = {},
  ): AsyncGenerator<Prediction> {
    let chunk: TextExample[] = [];
    for await (const example of examples) {
      chunk.push(example);
      if (chunk.length < STREAM_CHUNK) continue;
      yield* await this.#classify(chunk, options);
      chunk = [];
    }
    yield* await this.#classify(chunk, options);
  }

  /**
   * Writes a folder in Hugging Face's layout, which Python's AutoModelForSequenceClassification reads too. A folder that
   * is there already is replaced once the new one is complete.
   *
   * @throws E_STORE when it cannot be written
   */
  async save(folder: string): Promise<void> {
    await this.#platform.saveCheckpoint(folder, contentOf(this.#stateNow()));
  }

  /** Frees the session of prediction, once it is not in use any more; it is made anew when needed. */
  async close(): Promise<void> {
    await this.#predictor.retire();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** How texts are cut: by the training while there is one. */
  #cutting(): Required<EncodeOptions> {
    const { maxLength, truncation } = this.#state;
    return this.#training?.cutting ?? { maxLength, truncation };
  }

  /** The classifier as it is now, also while it is trained. */
  #stateNow(): ClassifierState {
    return this.#training === undefined
      ? this.#state
      : { ...this.#state, weights: this.#training.weights(), ...this.#cutting() };
  }

  async #classify(input: readonly TextExample[], options: PredictOptions): Promise<Prediction[]> {
    const running = this.#logitsOptions(resolvePredictOptions(options));
    for (const [index, example] of input.entries())
      if (!isExample(example))
        fail("E_USAGE", { where: `predict, text ${index + 1}`, expected: EXAMPLE, got: kindOf(example) });
    const { tokenizer, task, labels } = this.#state;
    const texts = tokenizeTexts(input, tokenizer, this.#cutting());
    if (texts.truncated > 0) options.onTruncated?.(texts.truncated);
    const outputs = task.outputs(labels);
    const logits = await this.#withPredictor((predictor) => logitsOf(predictor, texts, outputs, running));
    return input.map((_, row) => task.predict(logits.subarray(row * outputs, (row + 1) * outputs), labels));
  }

  /** While weights change a predictor lasts for one piece of work, otherwise as long as they stay. */
  async #withPredictor<T>(work: (predictor: Predictor) => Promise<T>): Promise<T> {
    if (this.#training === undefined) return this.#predictor.use(work);
    const predictor = await this.#createPredictor();
    try {
      return await work(predictor);
    } finally {
      await predictor.close();
    }
  }

  #createPredictor(): Promise<Predictor> {
    const state = this.#stateNow();
    const graph = inferenceGraphOf(state);
    const tensors: Record<string, Tensor> = Object.fromEntries(
      graph.parameters.map(({ name, shape }) => {
        return [name, { dtype: "float32", shape, data: state.weights.get(name) as Float32Array }];
      }),
    );
    return createPredictor({
      runtime: this.#platform.runtime,
      graph,
      weights: tensors,
      // Not the tables, of which a text reads but some rows.
      pack: ({ place }) => place !== 0,
      ...(state.threads === undefined ? {} : { threads: state.threads }),
    });
  }

  #logitsOptions({
    batchSize,
    onProgress,
    signal,
  }: Pick<LogitsOptions, "batchSize"> & Pick<PredictOptions, "onProgress" | "signal">): LogitsOptions {
    return {
      padId: this.#state.tokenizer.padId,
      padToMultipleOf: 1,
      maxLength: this.maxLength,
      batchSize,
      signal,
      ...(onProgress === undefined ? {} : { onProgress }),
    };
  }
}

const EXAMPLE = "a text, or a pair { text, textPair }";

function isExample(value: unknown): value is TextExample {
  if (typeof value !== "object" || value === null) return typeof value === "string";
  const { text, textPair } = value as Partial<TextPair>;
  return typeof text === "string" && typeof textPair === "string";
}

function kindOf(value: unknown): string {
  return value === null ? "null" : typeof value;
}
