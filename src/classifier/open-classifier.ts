/** From a model, wherever it is, to a classifier. */

import { fail } from "../base/errors.js";
import { createRandom, DEFAULT_SEED } from "../base/random.js";
import type { OnnxDtype } from "../checkpoints/onnx-files.js";
import type { Labels } from "../data/table/labels.js";
import { type ChosenHead, chooseHead } from "../heads/head.js";
import { pooledHead, pooledHeadOptions } from "../heads/pooled.js";
import type { PooledHeadOptions } from "../heads/pooled-options.js";
import { type HeadFunction, recordHead } from "../heads/recording.js";
import type { HubOptions } from "../hub/hub-options.js";
import type { ExportedModel } from "../inference/exported-model.js";
import type { Model } from "../models/model.js";
import { modelOf } from "../models/registry.js";
import type { ProblemType } from "../tasks/registry.js";
import { storedTask, taskFor, taskNamed } from "../tasks/registry.js";
import type { Task } from "../tasks/task.js";
import { loadTokenizer, type TextTokenizer } from "../tokenizers/tokenizer.js";
import { buildInferenceGraph, type ClassifierGraphOptions } from "../training/classifier-graph.js";
import { type ClassifierState, inferenceGraphOf } from "./classifier-state.js";
import { loadWeights } from "./load-weights.js";
import type { Platform } from "./platform.js";
import {
  storedDecision,
  storedHead,
  storedLabels,
  storedLongTexts,
  storedPairs,
  storedTaskName,
  storedTokenizer,
  storedTruncation,
} from "./stored-config.js";

type Config = Readonly<Record<string, unknown>>;

/** What a classifier is opened with. */
export interface FromPretrainedOptions<P extends ProblemType = "single_label_classification">
  extends HubOptions,
    PooledHeadOptions {
  /**
   * The classes, in the order of their ids: names, or the labels of a data set. Needed for a model without a
   * classification head; by default those of the model.
   */
  readonly labels?: readonly string[] | Labels;
  /**
   * A head of one's own, built with the layers and operators of `textune/nn`. By default the model's own, or one of
   * `pooling`, `hiddenLayers`, `headActivation` and `headDropout` where one of these is given.
   */
  readonly head?: HeadFunction;
  /**
   * What is learned: "single_label_classification", "binary_classification" (two classes told by one output),
   * "multi_label_classification" or "regression". By default what the labels of the data are, or the model's own.
   */
  readonly problemType?: P | undefined;
  /** Seed of a new head; 42 by default. */
  readonly seed?: number;
  /** Processor threads of prediction; all cores by default. */
  readonly threads?: number;
  /**
   * Threads that predict where `worker` is asked for, each with a copy of the model and, without `threads`, its share of
   * the cores; 1 by default.
   */
  readonly workers?: number;
  /** Which model of a folder of ONNX models is opened, to predict with; by default the most exact. */
  readonly dtype?: OnnxDtype;
}

type AnyOptions = FromPretrainedOptions<ProblemType>;

/**
 * Opens `source` as a classifier.
 *
 * @throws E_WEIGHTS, E_TOKENIZER or E_HUB when the model cannot be read, E_CONFIG for labels, a head or a task that it
 *   cannot have
 */
export async function openClassifier(
  platform: Pick<Platform, "openCheckpoint" | "openExported">,
  name: string,
  options: AnyOptions,
): Promise<ClassifierState> {
  const exported = await platform.openExported(name, options.dtype);
  if (exported !== undefined) return exportedState(exported, name, options);
  const checkpoint = await platform.openCheckpoint(name, options);
  const { source, config: rawConfig, weights: reader } = checkpoint;
  try {
    const model = modelOf(rawConfig);
    const config = model.readConfig(rawConfig);
    const tokenizer = loadTokenizer(checkpoint.tokenizerFiles);
    checkTokenizer(tokenizer, model, config, rawConfig, source);
    const { newHead, ...chosen } = chooseOutputs({ model, config, rawConfig, stored: reader.names, source }, options);
    const { weights, report } = await loadWeights(reader, inferenceGraphOf(chosen).parameters, model, {
      source,
      newHead,
      random: createRandom(options.seed ?? DEFAULT_SEED).fork("weights"),
    });
    const { maxPositions } = model.sizes(config);
    return {
      ...chosen,
      source,
      rawConfig,
      tokenizer,
      weights,
      adapter: checkpoint.adapter,
      base: checkpoint.adapter?.base ?? checkpoint.address,
      loading: report,
      maxLength: Math.min(tokenizer.modelMaxLength ?? maxPositions, maxPositions),
      truncation: storedTruncation(rawConfig),
      longTexts: storedLongTexts(rawConfig),
      // A head that is new was trained on nothing.
      pairs: newHead ? undefined : storedPairs(rawConfig),
      threads: options.threads,
      workers: options.workers,
    };
  } finally {
    await reader.close();
  }
}

/** What is known of a folder of ONNX models. @throws E_CONFIG for other labels than its own, or another head */
function exportedState(exported: ExportedModel, source: string, options: AnyOptions): ClassifierState {
  const { config: rawConfig, tokenizer, maxLength, onnxModel } = exported;
  const model = modelOf(rawConfig);
  const config = model.readConfig(rawConfig);
  checkTokenizer(tokenizer, model, config, rawConfig, source);
  const head = storedHead(rawConfig, model);
  const graph = buildInferenceGraph({ model, config, head, outputs: 1 });
  const stored = graph.parameters.flatMap(({ name }) => model.fileNames(name));
  const { newHead, ...chosen } = chooseOutputs({ model, config, rawConfig, stored, source }, options);
  if (newHead || !isSame(chosen.head, head)) {
    fail("E_CONFIG", {
      option: newHead ? "labels" : "head",
      expected: `the classes and the head of ${source} (${storedLabels(rawConfig)?.join(", ")})`,
      got: newHead ? chosen.labels.join(", ") : "another head",
      fix: "ONNX models cannot be trained: open the model that they were made of",
    });
  }
  return {
    ...chosen,
    source,
    rawConfig,
    tokenizer,
    weights: new Map(),
    base: undefined,
    loading: { found: [], created: [], ignored: [] },
    maxLength,
    truncation: storedTruncation(rawConfig),
    longTexts: storedLongTexts(rawConfig),
    pairs: storedPairs(rawConfig),
    threads: options.threads,
    workers: options.workers,
    onnxModel,
  };
}

interface Opened {
  readonly model: Model;
  readonly config: unknown;
  readonly rawConfig: Config;
  /** Names of the weights that there are. */
  readonly stored: readonly string[];
  readonly source: string;
}

type Chosen = Pick<ClassifierState, "model" | "config" | "head" | "task" | "labels" | "decision"> & {
  /** Whether the head of the checkpoint, if there is one, is not the one that is wanted. */
  readonly newHead: boolean;
};

/** Classes, task and head: those of the model where nothing else is wanted, or else new ones. */
function chooseOutputs({ model, config, rawConfig, stored, source }: Opened, options: AnyOptions): Chosen {
  const own = storedLabels(rawConfig);
  const ownTask =
    own === undefined ? undefined : () => storedTask(rawConfig, storedTaskName(rawConfig), own.length, source);
  const task = wantedTask(options) ?? ownTask?.() ?? taskFor(undefined);
  const wanted = wantedLabels(options, task);
  const failForLabels = (): never =>
    fail("E_CONFIG", {
      where: source,
      option: "labels",
      expected: "labels, as the model has no classification head of its own",
      got: "none",
      fix: "pass the labels of your data: fromPretrained(…, { labels: train.labels })",
    });
  if (wanted !== undefined) task.checkLabels(wanted);
  const names = wanted ?? own ?? failForLabels();
  const ownHead = storedHead(rawConfig, model);
  const outputs = task.outputs(names).length;
  const head = wantedHead(options, model.sizes(config).hiddenSize, outputs) ?? ownHead;
  const hasHead = holdsHead(stored, { model, config, head, outputs });
  if (wanted === undefined && !hasHead) failForLabels();
  const isSameHead = isSame(head, ownHead);
  // For the same task and classes it is kept, in its own order of ids.
  const isSameTask =
    own !== undefined &&
    own.length === names.length &&
    names.every((name) => own.includes(name)) &&
    ownTask?.() === task;
  const isKept = hasHead && isSameHead && isSameTask;
  const chosen = { model, config, head, task, newHead: hasHead && !isKept };
  // What was decided about the outputs of one head says nothing of another's.
  return isKept
    ? { ...chosen, labels: own, decision: storedDecision(rawConfig, task, own, source) }
    : { ...chosen, labels: [...names], decision: {} };
}

function isSame(a: ChosenHead, b: ChosenHead): boolean {
  return a.head === b.head && JSON.stringify(a.options) === JSON.stringify(b.options);
}

/** The task that the options ask for, or that their labels are for; undefined where they say nothing. */
function wantedTask({ problemType, labels }: AnyOptions): Task | undefined {
  if (problemType !== undefined) return taskNamed(problemType);
  if (labels === undefined) return undefined;
  return taskFor("names" in labels ? labels.targetKind : undefined);
}

/** The labels that the options ask for; a number to be predicted is called "value". */
function wantedLabels({ labels }: AnyOptions, task: Task): readonly string[] | undefined {
  const names = labels === undefined ? undefined : "names" in labels ? labels.names : labels;
  return task.labelKind === "number" && names?.length === 0 ? ["value"] : names;
}

/** The head that the options ask for; undefined where they ask for none. */
function wantedHead(options: AnyOptions, hidden: number, outputs: number): ChosenHead | undefined {
  const { head } = options;
  const names = Object.keys(pooledHeadOptions.shape) as (keyof PooledHeadOptions)[];
  const asked = Object.fromEntries(
    names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  );
  const [first] = Object.keys(asked);
  if (head === undefined) return first === undefined ? undefined : chooseHead(pooledHead, asked);
  if (first !== undefined)
    fail("E_CONFIG", {
      option: first,
      expected: "not to be given beside a head in code",
      got: "both",
      fix: "leave one out",
    });
  return recordHead(head, hidden, outputs);
}

/** Whether the weights called `stored` hold any of a head's. */
function holdsHead(stored: readonly string[], options: ClassifierGraphOptions): boolean {
  const available = new Set(stored);
  return buildInferenceGraph(options).parameters.some(
    ({ name, place }) =>
      place === "head" && options.model.fileNames(name).some((candidate) => available.has(candidate)),
  );
}

/** @throws E_TOKENIZER for a tokenizer whose ids the model does not have, or that is not the one it was trained with */
function checkTokenizer(
  tokenizer: TextTokenizer,
  model: Model,
  config: unknown,
  rawConfig: Config,
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
  const trainedWith = storedTokenizer(rawConfig);
  if (trainedWith !== undefined && trainedWith !== tokenizer.fingerprint) {
    fail("E_TOKENIZER", {
      where: source,
      expected: `the tokenizer that the model was trained with (${trainedWith.slice(0, 12)})`,
      got: `another one (${tokenizer.fingerprint.slice(0, 12)})`,
      fix: "restore tokenizer.json and tokenizer_config.json",
    });
  }
  if (typeof rawConfig.pad_token_id === "number" && rawConfig.pad_token_id !== tokenizer.padId) {
    fail("E_TOKENIZER", {
      where: source,
      expected: `the padding token to have id ${rawConfig.pad_token_id}`,
      got: String(tokenizer.padId),
      fix: "the tokenizer belongs to another model",
    });
  }
}
