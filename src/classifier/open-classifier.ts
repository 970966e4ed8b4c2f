/** From a model, wherever it is, to a classifier. */

import { fail } from "../base/errors.js";
import { createRandom } from "../base/random.js";
import type { Labels } from "../data/table/labels.js";
import { type ChosenHead, chooseHead, type Head } from "../heads/head.js";
import type { HubOptions } from "../hub/hub-options.js";
import type { Model } from "../models/model.js";
import { modelOf } from "../models/registry.js";
import { storedTask } from "../tasks/registry.js";
import { singleLabelClassification } from "../tasks/single-label.js";
import type { Task } from "../tasks/task.js";
import { loadTokenizer, type TextTokenizer } from "../tokenizers/tokenizer.js";
import { buildInferenceGraph } from "../training/classifier-graph.js";
import { type ClassifierState, inferenceGraphOf } from "./classifier-state.js";
import { loadWeights } from "./load-weights.js";
import type { Platform } from "./platform.js";
import { storedHead, storedLabels, storedTokenizer, storedTruncation } from "./stored-config.js";

type Config = Readonly<Record<string, unknown>>;

export interface FromPretrainedOptions extends HubOptions {
  /**
   * The classes, in the order of their ids: names, or the labels of a data set. Needed for a model without a
   * classification head; by default those of the model.
   */
  readonly labels?: readonly string[] | Labels;
  /** A head of one's own, or another one with its options; by default the model's. */
  readonly head?: Head | ChosenHead;
  /** Seed of a new head; 42 by default. */
  readonly seed?: number;
  /** Processor threads of prediction; all cores by default. */
  readonly threads?: number;
}

/**
 * Opens `source` as a classifier.
 *
 * @throws E_WEIGHTS, E_TOKENIZER or E_HUB when the model cannot be read, E_CONFIG for labels, a head or a task that it
 *   cannot have
 */
export async function openClassifier(
  platform: Platform,
  name: string,
  options: FromPretrainedOptions,
): Promise<ClassifierState> {
  const checkpoint = await platform.openCheckpoint(name, options);
  const { source, config: rawConfig, weights: reader } = checkpoint;
  try {
    const model = modelOf(rawConfig);
    const config = model.readConfig(rawConfig);
    const tokenizer = loadTokenizer(checkpoint.tokenizerFiles);
    checkTokenizer(tokenizer, model, config, rawConfig, source);
    const head = wantedHead(options.head) ?? storedHead(rawConfig, model);
    const hasHead = holdsHead(reader.names, model, config, head);
    const labels = chooseLabels(rawConfig, hasHead, options.labels, source);
    const chosen = { model, config, head, ...labels };
    const { weights, report } = await loadWeights(reader, inferenceGraphOf(chosen).parameters, model, {
      source,
      newHead: chosen.newHead,
      random: createRandom(options.seed ?? 42).fork("weights"),
    });
    const { maxPositions } = model.sizes(config);
    return {
      ...chosen,
      source,
      rawConfig,
      tokenizer,
      weights,
      loading: report,
      maxLength: Math.min(tokenizer.modelMaxLength ?? maxPositions, maxPositions),
      truncation: storedTruncation(rawConfig),
      threads: options.threads,
    };
  } finally {
    await reader.close();
  }
}

function wantedHead(head: Head | ChosenHead | undefined): ChosenHead | undefined {
  return head === undefined || "head" in head ? head : chooseHead(head);
}

/** Whether a file with the weights `stored` holds any of this head. */
function holdsHead(stored: readonly string[], model: Model, config: unknown, head: ChosenHead): boolean {
  const available = new Set(stored);
  // The names do not depend on the number of outputs.
  return buildInferenceGraph({ model, config, head, outputs: 1 }).parameters.some(
    ({ name, place }) => place === "head" && model.fileNames(name).some((candidate) => available.has(candidate)),
  );
}

interface ChosenLabels {
  readonly labels: readonly string[];
  readonly task: Task;
  /** Whether the head of the checkpoint, if there is one, is for other labels. */
  readonly newHead: boolean;
}

/** The classes and the task: those of the model's own head where it fits, or else those of a new one. */
function chooseLabels(
  config: Config,
  hasHead: boolean,
  wanted: readonly string[] | Labels | undefined,
  source: string,
): ChosenLabels {
  const own = hasHead ? storedLabels(config) : undefined;
  const names = wanted === undefined ? undefined : "names" in wanted ? wanted.names : wanted;
  if (names === undefined) {
    if (own !== undefined) return { labels: own, task: storedTask(config, own.length, source), newHead: false };
    return fail("E_CONFIG", {
      where: source,
      expected: "labels, as the model has no classification head of its own",
      got: "none",
      fix: "pass the labels of your data: fromPretrained(…, { labels: train.labels })",
    });
  }
  const task = singleLabelClassification;
  task.checkLabels(names);
  // A head for the same task and classes is kept, in its own order of ids.
  const isSame =
    own !== undefined &&
    own.length === names.length &&
    names.every((name) => own.includes(name)) &&
    storedTask(config, own.length, source) === task;
  return isSame ? { labels: own, task, newHead: false } : { labels: [...names], task, newHead: hasHead };
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
