/** What a classifier consists of. */
import { fail } from "../base/errors.js";
import type { CheckpointAdapter } from "../checkpoints/checkpoint.js";
import type { ChosenHead } from "../heads/head.js";
import type { Decision } from "../metrics/decide.js";
import type { Model } from "../models/model.js";
import type { Task } from "../tasks/task.js";
import type { LongTexts } from "../tokenizers/long-texts.js";
import type { TextTokenizer, TruncationStrategy } from "../tokenizers/tokenizer.js";
import { buildInferenceGraph, type ClassifierGraph } from "../training/classifier-graph.js";
import type { LoadingReport } from "./load-weights.js";

/** Values by the names of parameters. */
export type Weights = ReadonlyMap<string, Float32Array>;

export interface ClassifierState {
  /** What it was opened from, to be shown. */
  readonly source: string;
  readonly model: Model;
  /** The contents of `config.json` as they were read. */
  readonly rawConfig: Readonly<Record<string, unknown>>;
  /** The same, as the model understands it. */
  readonly config: unknown;
  readonly tokenizer: TextTokenizer;
  readonly head: ChosenHead;
  readonly task: Task;
  /** The classes in the order of their ids. */
  readonly labels: readonly string[];
  readonly weights: Weights;
  /** The adapter that was merged into the weights, where LoRA trained them. */
  readonly adapter?: CheckpointAdapter | undefined;
  /** The model that an adapter stands beside; undefined once other weights than those of adapters were trained. */
  readonly base: string | undefined;
  /** How outputs are read. */
  readonly decision: Decision;
  readonly loading: LoadingReport;
  /** Tokens per text, or pair of texts, that are read. */
  readonly maxLength: number;
  /** Which text of a pair is cut. */
  readonly truncation: TruncationStrategy;
  /** What is read of a text that is too long; by default what the tokenizer's files say. */
  readonly longTexts?: LongTexts | undefined;
  /** Whether it was trained on pairs of texts; undefined where that is not known. */
  readonly pairs?: boolean | undefined;
  /** Threads that predict where `worker` is asked for; 1 where undefined. */
  readonly workers?: number | undefined;
  /** Processor threads of prediction; all cores where undefined. */
  readonly threads: number | undefined;
  /** The ONNX model that predicts in the place of weights, which are then empty: the path of its file, or itself. */
  readonly onnxModel?: string | Uint8Array;
}

/** The forward graph of a classifier. */
export function inferenceGraphOf(
  state: Pick<ClassifierState, "model" | "config" | "head" | "task" | "labels">,
): ClassifierGraph {
  const { model, config, head, task, labels } = state;
  return buildInferenceGraph({ model, config, head, outputs: task.outputs(labels).length });
}

/** @throws E_CONFIG for a folder of ONNX models, for which `what` cannot be done */
export function assertWeights({ onnxModel, source }: ClassifierState, what: string): void {
  if (onnxModel === undefined) return;
  fail("E_CONFIG", {
    where: what,
    expected: "a classifier with weights",
    got: `${source}, whose ONNX models predict and nothing else`,
    fix: `call ${what} on the classifier that was exported`,
  });
}
