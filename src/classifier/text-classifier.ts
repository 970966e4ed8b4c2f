/** The class that users meet: a pre-trained encoder with a head, on any platform. */

import { fail } from "../base/errors.js";
import { resolveOptions } from "../base/resolve-options.js";
import type { Dataset } from "../data/dataset/dataset.js";
import { type Decision, decisionSchema, thresholdsOf } from "../metrics/decide.js";
import type { Family } from "../metrics/family.js";
import type { Outputs } from "../metrics/outputs.js";
import type { ReportOf } from "../metrics/report.js";
import type { PredictionOf } from "../tasks/prediction.js";
import type { ProblemType } from "../tasks/registry.js";
import type { Task } from "../tasks/task.js";
import type { TextExample } from "../tokenizers/tokenizer.js";
import type { TrainingHistory } from "../training/callbacks.js";
import type { ModelSummary } from "../training/model-summary.js";
import type { Predictor } from "../training/predictor.js";
import { openTokenGradients, type TokenGradients } from "../training/token-gradients.js";
import { assertWeights, type ClassifierState } from "./classifier-state.js";
import { type ExplainOptions, type Explanation, explainExample } from "./explain.js";
import { type ExportClassifierOptions, type ExportReport, exportClassifier } from "./export-classifier.js";
import { type Features, type FeaturesOptions, featuresOf, openFeaturePredictor } from "./features.js";
import type { FitOptions, TrainingSession } from "./fit-options.js";
import type { LoadingReport } from "./load-weights.js";
import { openPredictor } from "./open-predictor.js";
import type { Platform } from "./platform.js";
import type { EvaluateOptions, OutputsOptions, PredictOptions } from "./predict-options.js";
import { classify, evaluateOn, outputsOn, type RunningClassifier } from "./run-classifier.js";
import { contentOf } from "./save-classifier.js";
import { createSharedPredictor, type SharedPredictor } from "./shared-predictor.js";
import { type SummaryOptions, summarize } from "./summarize.js";
import { EXAMPLE, isExample, kindOf } from "./text-example.js";
import { openTraining } from "./training-session.js";

/** Texts of the stream that are classified together: enough for batches of like length, and a bound on memory. */
const STREAM_CHUNK = 512;

/** A text classifier on a platform; `node/text-classifier.ts` has the one of Node.js, with documentation by example. */
export class Classifier<F extends Family = "single-label"> {
  readonly #platform: Platform;
  #state: ClassifierState;
  readonly #predictor = this.#shared((state) => openPredictor(this.#platform, state));
  /** The same in threads of their own. */
  readonly #predictorThreads = this.#shared((state) => this.#platform.openPredictorThreads(state));
  /** The gradients of explanations. */
  readonly #gradients = this.#shared((state) => this.#openGradients(state));
  /** What gives features. */
  readonly #features = this.#shared((state) => openFeaturePredictor(this.#platform.runtime, state));
  /** Set from the call of `fit` until it ends. */
  #isTraining = false;
  /** Set while weights change. */
  #training: TrainingSession | undefined;

  /** @internal */
  constructor(platform: Platform, state: ClassifierState) {
    this.#platform = platform;
    this.#state = state;
  }

  /** What it was opened from: a folder, or the name of a model. */
  get source(): string {
    return this.#state.source;
  }

  /** What it was trained for: the name of its task. */
  get problemType(): ProblemType {
    return this.#state.task.name as ProblemType;
  }

  /** What is learned and answered. */
  get task(): Task {
    return this.#state.task;
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
    return this.#facts().maxLength;
  }

  /** Which end too long a text loses, as the tokenizer's files say. */
  get truncationSide(): "left" | "right" {
    return this.#state.tokenizer.truncationSide;
  }

  /**
   * Fine-tunes all parameters, or those that the options say. Afterwards the classifier has the weights of the best validated epoch. While it runs,
   * `predict`, `evaluate` and `save`, as in a callback, see the weights of the step before.
   *
   * @throws E_CONFIG for an option, E_DATA for rows that cannot be learned from, E_TRAINING when the loss is not
   *   finite, E_USAGE while another `fit` of this classifier runs
   */
  async fit(train: Dataset, options: FitOptions = {}): Promise<TrainingHistory> {
    assertWeights(this.#state, "fit");
    if (this.#isTraining)
      fail("E_USAGE", {
        where: "fit",
        expected: "one training at a time",
        got: "a second call",
        fix: "await the first",
      });
    this.#isTraining = true;
    try {
      const training =
        options.worker === true
          ? await this.#platform.openTrainingThread(this.#state, train, options)
          : await openTraining(this.#platform, this.#state, train, options);
      try {
        this.#training = training;
        return await training.run();
      } finally {
        // What training took is freed before its weights are copied: a table of words may be as large.
        await training.close();
        const trained = await training.state();
        // What was decided about the outputs of other weights says nothing of these.
        this.#state = { ...this.#state, ...trained, ...training.reading, decision: {} };
        this.#training = undefined;
        await this.close();
      }
    } finally {
      this.#isTraining = false;
    }
  }

  /**
   * Every layer with its output shape and its parameters, and which of them a training with `freeze` trains.
   * `formatSummary` makes a table of it, `plotModel` a picture.
   *
   * @throws E_CONFIG when `freeze` names nothing or everything
   */
  summary(options: SummaryOptions = {}): ModelSummary {
    return summarize(this.#state, options);
  }

  /** How outputs are read: a temperature and a threshold, where there are any. */
  get decision(): Decision {
    return this.#facts().decision;
  }

  /**
   * Reads outputs by `decision` from now on, in `predict` and `evaluate`; `save` keeps it, another `fit` forgets it.
   *
   * @throws E_CONFIG for a threshold that such a model does not have
   */
  decide(decision: Decision): void {
    const checked = resolveOptions(decisionSchema, decision);
    thresholdsOf(this.#state.task.family, this.labels, checked.threshold);
    this.#state = { ...this.#state, decision: checked };
  }

  /**
   * Metrics over all rows of `dataset`, by default at the classifier's own threshold.
   *
   * @throws E_DATA for a label that the classifier does not have, E_CONFIG for a metric or a threshold that it cannot have
   */
  async evaluate(dataset: Dataset, options: EvaluateOptions = {}): Promise<ReportOf<F>> {
    return (await evaluateOn(this.#running(), dataset, options)) as ReportOf<F>;
  }

  /**
   * What the model puts out for the rows of `dataset`, before temperature and threshold: 4 bytes for each output. From
   * it follow thresholds, temperature, curves, intervals and the analysis of errors, without running the model again.
   *
   * @throws E_DATA for a label that the classifier does not have
   */
  async outputs(dataset: Dataset, options: OutputsOptions = {}): Promise<Outputs> {
    return outputsOn(this.#running(), dataset, options);
  }

  /**
   * Classifies one text or pair of texts, or several in their order.
   *
   * @throws E_USAGE for what is no text, E_CONFIG for an option, E_DATA for a pair that cannot be cut as in training
   */
  async predict(example: TextExample, options?: PredictOptions): Promise<PredictionOf<F>>;
  async predict(examples: readonly TextExample[], options?: PredictOptions): Promise<PredictionOf<F>[]>;
  async predict(
    input: TextExample | readonly TextExample[],
    options: PredictOptions = {},
  ): Promise<PredictionOf<F> | PredictionOf<F>[]> {
    if (!isExample(input) && !Array.isArray(input))
      fail("E_USAGE", { where: "predict", expected: `${EXAMPLE}, or a list of them`, got: kindOf(input) });
    const examples = (isExample(input) ? [input] : input) as readonly TextExample[];
    const predictions = (await classify(this.#running(), examples, options)) as PredictionOf<F>[];
    return isExample(input) ? predictions[0] : predictions;
  }

  /** Classifies texts as they come, in their order, with memory for some hundred at a time. */
  async *predictStream(
    examples: AsyncIterable<TextExample> | Iterable<TextExample>,
    options: PredictOptions = {},
  ): AsyncGenerator<PredictionOf<F>> {
    let chunk: TextExample[] = [];
    for await (const example of examples) {
      chunk.push(example);
      if (chunk.length < STREAM_CHUNK) continue;
      yield* await this.predict(chunk, options);
      chunk = [];
    }
    yield* await this.predict(chunk, options);
  }

  /**
   * Writes a folder in Hugging Face's layout, which Python's AutoModelForSequenceClassification reads too. After a
   * training with `lora` it holds the adapter and the head alone, as PEFT writes them; see {@link merge}. A folder that is
   * there already is replaced once the new one is complete.
   *
   * @throws E_STORE when it cannot be written
   */
  async save(folder: string): Promise<void> {
    assertWeights(this.#state, "save");
    await this.#platform.saveCheckpoint(folder, contentOf(await this.#stateNow()));
  }

  /**
   * Writes a folder of ONNX models in the layout of transformers.js and optimum, which `fromPretrained` opens too, to
   * predict with. A model folder that is there already is replaced once the new one is complete.
   *
   * @throws E_CONFIG for an option, E_STORE when it cannot be written, E_TRAINING when `check` finds too much lost
   */
  async export(folder: string, options: ExportClassifierOptions = {}): Promise<ExportReport> {
    assertWeights(this.#state, "export");
    const open = async (): Promise<Predictor> => openPredictor(this.#platform, await this.#stateNow());
    return exportClassifier(this.#platform, await this.#stateNow(), folder, options, open);
  }

  /**
   * Makes the adapters of LoRA part of the weights: predictions stay, within rounding, and `save` writes a whole model.
   * Nothing without adapters.
   */
  merge(): void {
    this.#state = { ...this.#state, adapter: undefined, base: undefined };
  }

  /**
   * Why the classifier says what it says of a text or a pair of texts: what each of its tokens and words adds to the logit
   * of a class, by default of the one that is predicted. It takes as long as some ten predictions.
   *
   * @throws E_USAGE for what is no text, E_CONFIG for an option, a class that there is not, or a folder of ONNX models, which
   *   have no gradients; E_DATA for a pair that cannot be cut as in training
   */
  async explain(example: TextExample, options: ExplainOptions = {}): Promise<Explanation> {
    assertWeights(this.#state, "explain");
    return explainExample(await this.#stateNow(), example, options, {
      predict: (one) => this.predict(one),
      use: (work) => this.#gradients.use(work),
    });
  }

  /**
   * What the encoder makes of texts: the numbers that the last dense layer reads, a row for each text in their order. Texts
   * that mean the same have rows that point the same way.
   *
   * @throws E_USAGE for what is no text, E_CONFIG for an option, a head that does not end in a dense layer, or a folder of ONNX
   *   models; E_DATA for a pair that cannot be cut as in training
   */
  async features(examples: readonly TextExample[], options: FeaturesOptions = {}): Promise<Features> {
    assertWeights(this.#state, "features");
    const state = this.#facts();
    return this.#features.use((predictor) => featuresOf(state, predictor, examples, options));
  }

  /** Frees the session of prediction, and its thread, once it is not in use any more; it is made anew when needed. */
  async close(): Promise<void> {
    await Promise.all([
      this.#predictor.retire(),
      this.#predictorThreads.retire(),
      this.#gradients.retire(),
      this.#features.retire(),
    ]);
  }

  /** The same as {@link close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** The classifier as it is now but for the weights: while there is a training, texts are cut as this does. */
  #facts(): ClassifierState {
    const training = this.#training;
    return training === undefined ? this.#state : { ...this.#state, ...training.reading, decision: {} };
  }

  /** The classifier as it is now, also while it is trained. */
  async #stateNow(): Promise<ClassifierState> {
    const training = this.#training;
    return training === undefined ? this.#state : { ...this.#facts(), ...(await training.state()) };
  }

  /** What `open` makes of the classifier: while weights change for one piece of work, otherwise as long as they stay. */
  #shared<P extends { close(): Promise<void> }>(open: (state: ClassifierState) => Promise<P>): SharedPredictor<P> {
    return createSharedPredictor(
      async () => open(await this.#stateNow()),
      () => this.#training === undefined,
    );
  }

  #openGradients({ model, config, head, task, labels, weights, threads }: ClassifierState): Promise<TokenGradients> {
    const graph = { model, config, head, outputs: task.outputs(labels).length };
    return openTokenGradients({ runtime: this.#platform.runtime, graph, weights, threads });
  }

  #running(): RunningClassifier {
    return { platform: this.#platform, state: this.#facts(), use: (work, worker) => this.#use(work, worker) };
  }

  #use<T>(work: (predictor: Predictor) => Promise<T>, worker = false): Promise<T> {
    return worker ? this.#predictorThreads.use(work) : this.#predictor.use(work);
  }
}
