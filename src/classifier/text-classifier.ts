/** The class that users meet: a pre-trained encoder with a classification head. */
import { fail } from "../base/errors.js";
import { createRandom } from "../base/random.js";
import type { OpenOptions } from "../checkpoints/checkpoint.js";
import { openCheckpoint } from "../checkpoints/node/open-checkpoint.js";
import { saveCheckpoint } from "../checkpoints/node/save-checkpoint.js";
import { assertTrainable } from "../data/dataset/assert-trainable.js";
import type { Dataset } from "../data/dataset/dataset.js";
import type { Labels } from "../data/table/labels.js";
import type { ClassificationReport } from "../metrics/classification-metrics.js";
import { buildInferenceGraph, buildTrainingGraph, type ClassifierGraph } from "../models/classifier-graph.js";
import type { Model } from "../models/model.js";
import { modelOf } from "../models/registry.js";
import { optimizerOf } from "../optimizers/registry.js";
import { tensorsOf, viewOf } from "../runtime/flat-layout.js";
import { nodeRuntime } from "../runtime/node/onnxruntime.js";
import type { Tensor } from "../runtime/session.js";
import { loadTokenizer, type TextTokenizer } from "../tokenizers/tokenizer.js";
import { tokenizeTexts } from "../tokenizing/tokenize-texts.js";
import type { CollateOptions } from "../training/batch.js";
import { type Callbacks, combineCallbacks } from "../training/callbacks.js";
import { isCompactionExact, putRows, takeRows } from "../training/compact-vocabulary.js";
import { evaluate, logitsOf } from "../training/evaluate.js";
import { fit as runTraining, type TrainingHistory } from "../training/fit.js";
import { frozenDepth, resolveTrainingOptions, type TrainingOptions } from "../training/options.js";
import { parameterGroups } from "../training/parameter-groups.js";
import { createPredictor, type Predictor } from "../training/predictor.js";
import { createTrainer } from "../training/training-step.js";
import { type LoadingReport, loadWeights } from "./load-weights.js";
import { type Prediction, predictionOf } from "./predict.js";
import { type LabelledTexts, prepareTexts, prepareTraining } from "./prepare-texts.js";

export interface FromPretrainedOptions extends OpenOptions {
  /**
   * The classes, in the order of their ids: names, or the labels of a data set. Needed for a model without a
   * classification head; by default those of the model.
   */
  readonly labels?: readonly string[] | Labels;
  /** Seed of a new head; 42 by default. */
  readonly seed?: number;
  /** Processor threads of prediction; all cores by default. */
  readonly threads?: number;
}

export interface FitOptions extends TrainingOptions {
  /** Rows to validate on after every epoch. */
  readonly validation?: Dataset | undefined;
  readonly callbacks?: readonly Callbacks[];
  /** Ends training after the step in progress; the best epoch so far is kept. */
  readonly signal?: AbortSignal | undefined;
}

export interface PredictOptions {
  /** Texts per run; 32 by default. */
  readonly batchSize?: number;
  readonly onProgress?: (done: number, total: number) => void;
  /** Called with the number of texts, of those classified together, that were longer than `maxLength` and were cut. */
  readonly onTruncated?: (count: number) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface EvaluateOptions extends PredictOptions, Pick<Callbacks, "onWarning" | "onTokenizeProgress"> {
  /** Whether the tokens of large data are kept on disk, as in {@link FitOptions}; true by default. */
  readonly tokenCache?: boolean;
}

interface Parts {
  readonly source: string;
  readonly model: Model;
  readonly rawConfig: Readonly<Record<string, unknown>>;
  readonly config: unknown;
  readonly tokenizer: TextTokenizer;
  readonly labels: readonly string[];
  readonly weights: Map<string, Float32Array>;
  readonly loading: LoadingReport;
  readonly maxLength: number;
  readonly threads: number | undefined;
}

/** Texts of the stream that are classified together: enough for batches of like length, and a bound on memory. */
const STREAM_CHUNK = 512;
const DEFAULT_BATCH = 32;
/** Where Textune's own facts stand in a saved config.json. */
const CONFIG_KEY = "textune";

/**
 * A text classifier that can be fine-tuned, evaluated, used and saved.
 *
 * @example
 * const classifier = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", { labels: ["neg", "pos"] });
 * await classifier.fit(train, { validation, epochs: 3 });
 * const { label, probability } = await classifier.predict("A wonderful little film.");
 */
export class TextClassifier {
  /** The classes in the order of their ids. */
  readonly labels: readonly string[];
  /** What was found in the checkpoint, what is new, what was left over. */
  readonly loading: LoadingReport;
  #parts: Parts;
  #predictor: Promise<Predictor> | undefined;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.labels = parts.labels;
    this.loading = parts.loading;
  }

  /**
   * Opens a model: "all-MiniLM-L6-v2" (comes with the package), a folder in Hugging Face's layout, or the id of a model
   * on the Hugging Face Hub.
   *
   * @throws E_WEIGHTS, E_TOKENIZER or E_HUB when the model cannot be read, E_CONFIG when `labels` is missing
   */
  static async fromPretrained(source: string, options: FromPretrainedOptions = {}): Promise<TextClassifier> {
    const checkpoint = await openCheckpoint(source, options);
    try {
      const model = modelOf(checkpoint.config);
      const config = model.readConfig(checkpoint.config);
      const tokenizer = loadTokenizer(checkpoint.tokenizerFiles);
      checkTokenizer(tokenizer, model, config, checkpoint.config, checkpoint.source);
      const { labels, newHead } = chooseLabels(
        checkpoint.config,
        checkpoint.weights.names,
        model,
        options.labels,
        checkpoint.source,
      );
      const { parameters } = buildInferenceGraph({ model, config, labels: labels.length });
      const random = createRandom(options.seed ?? 42).fork("weights");
      const { weights, report } = await loadWeights(checkpoint.weights, parameters, model, {
        source: checkpoint.source,
        newHead,
        random,
      });
      const { maxPositions } = model.sizes(config);
      const maxLength = Math.min(tokenizer.modelMaxLength ?? maxPositions, maxPositions);
      const { source: name, config: rawConfig } = checkpoint;
      return new TextClassifier({
        source: name,
        model,
        rawConfig,
        config,
        tokenizer,
        labels,
        weights,
        loading: report,
        maxLength,
        threads: options.threads,
      });
    } finally {
      await checkpoint.weights.close();
    }
  }

  /** Tokens per text that the classifier reads; longer texts lose their end, or beginning: `truncationSide`. */
  get maxLength(): number {
    return this.#parts.maxLength;
  }

  /** Which end too long a text loses, as the tokenizer's files say. */
  get truncationSide(): "left" | "right" {
    return this.#parts.tokenizer.truncationSide;
  }

  /**
   * Fine-tunes all parameters. Afterwards the classifier has the weights of the best validated epoch.
   *
   * @throws E_CONFIG for an option, E_DATA for rows that cannot be learned from, E_TRAINING when the loss is not finite
   */
  async fit(train: Dataset, fitOptions: FitOptions = {}): Promise<TrainingHistory> {
    const { validation, callbacks = [], signal, ...given } = fitOptions;
    const options = resolveTrainingOptions(given);
    const events = combineCallbacks(callbacks);
    const { model, labels } = this.#parts;
    const config =
      options.dropout === undefined ? this.#parts.config : model.withDropout(this.#parts.config, options.dropout);
    const { maxPositions } = model.sizes(config);
    if (options.maxLength > maxPositions) {
      fail("E_CONFIG", {
        option: "maxLength",
        expected: `at most ${maxPositions}, the positions of the model`,
        got: String(options.maxLength),
      });
    }
    assertTrainable(train);
    const optimizer = optimizerOf(options.optim);
    const frozen = frozenDepth(options.freeze);
    const collateOptions = this.#collateOptions(options.maxLength, options.padToMultipleOf);
    // The tables of the training graph hold the rows that occur; the parameters here hold them all.
    const { weights, tokenizer } = this.#parts;
    const { vocabularySize, hiddenSize } = model.sizes(config);
    const { vocabulary, training, validating } = await prepareTraining(train, validation, {
      ...options,
      ...events,
      signal,
      labels,
      tokenizer,
      vocabularySize,
      compactVocabulary: options.compactVocabulary && (frozen >= 0 || isCompactionExact(optimizer, options)),
    });
    const small: CollateOptions = { ...collateOptions, padId: vocabulary.rowOf(tokenizer.padId) };
    const table = weights.get(model.wordEmbeddings) as Float32Array;
    const graphOptions = { model, config: model.withVocabulary(config, vocabulary.rows.length), labels: labels.length };
    if (options.freeze !== "encoder" && frozen > model.sizes(config).layers) {
      fail("E_CONFIG", {
        option: "freeze",
        expected: `at most ${model.sizes(config).layers} layers`,
        got: options.freeze,
      });
    }
    const threads = options.threads === undefined ? {} : { threads: options.threads };
    const graph = buildTrainingGraph({
      ...graphOptions,
      trained: ({ name }) => model.depthOf(name) > frozen,
      gradientCheckpointing: options.gradientCheckpointing,
    });
    const trainer = await createTrainer({
      runtime: nodeRuntime,
      graph,
      weights: new Map([...weights, [model.wordEmbeddings, takeRows(table, vocabulary.rows, hiddenSize)]]),
      optimizer,
      optimizerOptions: options,
      groups: parameterGroups(graph.trained, options),
      maxGradNorm: options.maxGradNorm,
      seed: options.seed,
      ...threads,
    });
    const validator = await createPredictor({
      runtime: nodeRuntime,
      graph: buildInferenceGraph(graphOptions),
      weights: tensorsOf(trainer.parameters, trainer.layout),
      ...threads,
    });
    const validate = async ({ texts, labelIds }: LabelledTexts) =>
      evaluate(validator, texts, labelIds, labels, {
        ...small,
        batchSize: options.batchSize,
        signal,
        onProgress: (done, total) => events.onEvaluateProgress({ done, total }),
      });
    try {
      return await runTraining({
        trainer,
        ...training,
        options,
        collateOptions: small,
        validate: validating && (() => validate(validating)),
        validationExamples: validating?.texts.length ?? 0,
        callbacks: events,
        signal,
        now: () => performance.now(),
      });
    } finally {
      for (const slot of trainer.layout.slots) {
        const values = viewOf(trainer.parameters, slot);
        const isTable = slot.name === model.wordEmbeddings;
        weights.set(
          slot.name,
          isTable ? putRows(table, vocabulary.rows, values, trainer.decay(slot.name)) : values.slice(),
        );
      }
      this.#parts = { ...this.#parts, maxLength: options.maxLength };
      await this.close();
      await validator.close();
      await trainer.close();
    }
  }

  /**
   * Metrics over all rows of `dataset`.
   *
   * @throws E_DATA for a label that the classifier does not have
   */
  async evaluate(dataset: Dataset, options: EvaluateOptions = {}): Promise<ClassificationReport> {
    const { tokenizer, maxLength, threads } = this.#parts;
    const { texts, labelIds } = await prepareTexts(dataset, {
      ...options,
      what: "evaluation set",
      labels: this.labels,
      tokenizer,
      maxLength,
      threads,
    });
    return evaluate(await this.#predictorNow(), texts, labelIds, this.labels, this.#logitsOptions(options));
  }

  /** Classifies one text, or several in their order. */
  async predict(text: string, options?: PredictOptions): Promise<Prediction>;
  async predict(texts: readonly string[], options?: PredictOptions): Promise<Prediction[]>;
  async predict(input: string | readonly string[], options: PredictOptions = {}): Promise<Prediction | Prediction[]> {
    if (typeof input === "string") return (await this.#classify([input], options))[0];
    return this.#classify(input, options);
  }

  /** Classifies texts as they come, in their order, with memory for some hundred at a time. */
  async *predictStream(
    texts: AsyncIterable<string> | Iterable<string>,
    options: PredictOptions = {},
  ): AsyncGenerator<Prediction> {
    let chunk: string[] = [];
    for await (const text of texts) {
      chunk.push(text);
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
    const { model, rawConfig, labels, tokenizer, maxLength, weights, config } = this.#parts;
    const { parameters } = buildInferenceGraph({ model, config, labels: labels.length });
    await saveCheckpoint(folder, {
      config: {
        ...rawConfig,
        architectures: [model.classifierClass],
        model_type: model.modelType,
        id2label: Object.fromEntries(labels.map((label, id) => [String(id), label])),
        label2id: Object.fromEntries(labels.map((label, id) => [label, id])),
        problem_type: "single_label_classification",
        torch_dtype: "float32",
        [CONFIG_KEY]: { tokenizer: tokenizer.fingerprint },
      },
      tensors: parameters.map(({ name, shape }) => ({ name, shape, data: weights.get(name) as Float32Array })),
      tokenizerFiles: {
        ...tokenizer.files,
        "tokenizer_config.json": withMaxLength(tokenizer.files["tokenizer_config.json"], maxLength),
      },
    });
  }

  /** Frees the session of prediction; it is made anew when needed. */
  async close(): Promise<void> {
    const predictor = await this.#predictor;
    this.#predictor = undefined;
    await predictor?.close();
  }

  async #classify(input: readonly string[], options: PredictOptions): Promise<Prediction[]> {
    const texts = tokenizeTexts(input, this.#parts.tokenizer, this.maxLength);
    if (texts.truncated > 0) options.onTruncated?.(texts.truncated);
    const classes = this.labels.length;
    const logits = await logitsOf(await this.#predictorNow(), texts, classes, this.#logitsOptions(options));
    return input.map((_, row) => predictionOf(logits.subarray(row * classes, (row + 1) * classes), this.labels));
  }

  #predictorNow(): Promise<Predictor> {
    this.#predictor ??= this.#createPredictor();
    return this.#predictor;
  }

  async #createPredictor(): Promise<Predictor> {
    const { model, config, labels, weights, threads } = this.#parts;
    const graph: ClassifierGraph = buildInferenceGraph({ model, config, labels: labels.length });
    const tensors: Record<string, Tensor> = Object.fromEntries(
      graph.parameters.map(({ name, shape }) => [
        name,
        { dtype: "float32", shape, data: weights.get(name) as Float32Array },
      ]),
    );
    return createPredictor({
      runtime: nodeRuntime,
      graph,
      weights: tensors,
      // Not the tables, of which a text reads but some rows.
      pack: (parameter) => model.depthOf(parameter) > 0,
      ...(threads === undefined ? {} : { threads }),
    });
  }

  #collateOptions(maxLength: number, padToMultipleOf: number): CollateOptions {
    return { padId: this.#parts.tokenizer.padId, padToMultipleOf, maxLength };
  }

  #logitsOptions({ batchSize = DEFAULT_BATCH, ...rest }: PredictOptions) {
    return { ...this.#collateOptions(this.maxLength, 1), ...rest, batchSize };
  }
}

/** The classes, and whether the head of the checkpoint is for others. */
function chooseLabels(
  config: Readonly<Record<string, unknown>>,
  stored: readonly string[],
  model: Model,
  wanted: readonly string[] | Labels | undefined,
  source: string,
): { labels: readonly string[]; newHead: boolean } {
  const hasHead = stored.some((name) => name.startsWith(model.headPrefixes[0]));
  const own = hasHead ? ownLabels(config) : undefined;
  const names = wanted === undefined ? undefined : "names" in wanted ? wanted.names : wanted;
  if (names === undefined) {
    if (own !== undefined) return { labels: own, newHead: false };
    return fail("E_CONFIG", {
      where: source,
      expected: "labels, as the model has no classification head of its own",
      got: "none",
      fix: "pass the labels of your data: fromPretrained(…, { labels: train.labels })",
    });
  }
  if (new Set(names).size !== names.length)
    fail("E_CONFIG", { option: "labels", expected: "different names", got: names.join(", ") });
  if (names.length < 2)
    fail("E_CONFIG", {
      option: "labels",
      expected: "at least two classes",
      got: names.length === 0 ? "none" : `"${names[0]}" alone`,
    });
  // A head for the same classes is kept, in its own order of ids.
  if (own !== undefined && own.length === names.length && names.every((name) => own.includes(name)))
    return { labels: own, newHead: false };
  return { labels: [...names], newHead: hasHead };
}

/** The classes of a configuration, by `id2label`. */
function ownLabels(config: Readonly<Record<string, unknown>>): readonly string[] | undefined {
  const map = config.id2label;
  if (typeof map !== "object" || map === null) return undefined;
  const entries = Object.entries(map as Record<string, string>).sort(([a], [b]) => Number(a) - Number(b));
  return entries.every(([id], index) => Number(id) === index) ? entries.map(([, label]) => label) : undefined;
}

/** @throws E_TOKENIZER for a tokenizer whose ids the model does not have, or that is not the one it was trained with */
function checkTokenizer(
  tokenizer: TextTokenizer,
  model: Model,
  config: unknown,
  raw: Readonly<Record<string, unknown>>,
  source: string,
): void {
  const { vocabularySize } = model.sizes(config);
  if (tokenizer.vocabularySize > vocabularySize) {
    fail("E_TOKENIZER", {
      where: source,
      expected: `token ids below ${vocabularySize}, the rows of the embedding table`,
      got: `ids up to ${tokenizer.vocabularySize - 1}`,
      fix: "the tokenizer belongs to another model: put the model's own tokenizer into the folder",
    });
  }
  const trainedWith = (raw[CONFIG_KEY] as { tokenizer?: string } | undefined)?.tokenizer;
  if (trainedWith !== undefined && trainedWith !== tokenizer.fingerprint) {
    fail("E_TOKENIZER", {
      where: source,
      expected: `the tokenizer that the model was trained with (${trainedWith.slice(0, 12)})`,
      got: `another one (${tokenizer.fingerprint.slice(0, 12)})`,
      fix: "restore tokenizer.json and tokenizer_config.json",
    });
  }
  if (typeof raw.pad_token_id === "number" && raw.pad_token_id !== tokenizer.padId) {
    fail("E_TOKENIZER", {
      where: source,
      expected: `the padding token to have id ${raw.pad_token_id}`,
      got: String(tokenizer.padId),
      fix: "the tokenizer belongs to another model",
    });
  }
}

/** A tokenizer configuration that truncates as the classifier was trained. */
function withMaxLength(text: string | undefined, maxLength: number): string {
  const config = text === undefined ? {} : (JSON.parse(text) as Record<string, unknown>);
  return `${JSON.stringify({ ...config, model_max_length: maxLength }, null, 2)}\n`;
}
