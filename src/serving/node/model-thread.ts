/** The thread that runs a model: see model-threads.ts. */
import { parentPort, workerData } from "node:worker_threads";
import { TextuneError } from "../../base/errors.js";
import type { OnnxDtype } from "../../checkpoints/onnx-files.js";
import { nodePlatform } from "../../classifier/node/platform.js";
import { openClassifier } from "../../classifier/open-classifier.js";
import { openPredictor } from "../../classifier/open-predictor.js";
import type { Family } from "../../metrics/family.js";
import { nodeRuntime } from "../../runtime/node/onnxruntime.js";
import { type RunGate, throughGate } from "../../runtime/node/run-gate.js";
import type { PredictionOf } from "../../tasks/prediction.js";
import type { TextExample } from "../../tokenizers/tokenizer.js";
import { tokenizeTexts } from "../../tokenizing/tokenize-texts.js";
import { logitsOf } from "../../training/evaluate.js";

/** What the thread is started with. */
export interface ThreadSetup {
  readonly folder: string;
  readonly dtype?: OnnxDtype | undefined;
  /** Processor threads of a run. */
  readonly threads?: number | undefined;
  readonly gate: RunGate;
}

/** What the server has to know of a model. */
export interface ModelFacts {
  readonly labels: readonly string[];
  /** Tokens of a text that are read. */
  readonly maxLength: number;
  /** Whether it was trained on pairs of texts; undefined where that is not known. */
  readonly pairs: boolean | undefined;
  readonly architecture: string;
  readonly task: string;
}

export type AnyPrediction = PredictionOf<Family>;

/** What is said of some texts, in their order. */
export interface Answers {
  readonly predictions: readonly AnyPrediction[];
  /** Tokens of all of them, as they were read. */
  readonly tokens: number;
  /** How many were longer than the model reads. */
  readonly truncated: number;
}

export type ThreadReply =
  | { readonly ready: ModelFacts }
  | { readonly answers: Answers }
  | { readonly error: { readonly code: string; readonly message: string } };

const { folder, dtype, threads, gate } = workerData as ThreadSetup;
const port = parentPort as NonNullable<typeof parentPort>;
const reply = (message: ThreadReply): void => port.postMessage(message);

/** Texts of one length that are worth running at once; long ones are cut into smaller batches. */
const BATCH = 64;

const runtime = throughGate(nodeRuntime, gate);
const platform = { ...nodePlatform, runtime };
const state = await openClassifier(platform, folder, {
  ...(dtype === undefined ? {} : { dtype }),
  ...(threads === undefined ? {} : { threads }),
});
const predictor = await openPredictor(platform, state);
const { tokenizer, task, labels, maxLength, truncation, longTexts, pairs, decision } = state;

async function answer(examples: readonly TextExample[]): Promise<Answers> {
  const texts = tokenizeTexts(examples, tokenizer, { maxLength, truncation, longTexts });
  const outputs = task.outputs(labels).length;
  const options = { padId: tokenizer.padId, padToMultipleOf: 1, maxLength, batchSize: BATCH, family: task.family };
  const logits = await logitsOf(predictor, texts, outputs, options);
  const predictions = examples.map((_, row) =>
    task.predict(logits.subarray(row * outputs, (row + 1) * outputs), labels, decision),
  );
  return { predictions, tokens: texts.ids.length, truncated: texts.truncated };
}

port.on("message", (examples: readonly TextExample[]) => {
  answer(examples).then(
    (answers) => reply({ answers }),
    (error: unknown) => {
      const code = error instanceof TextuneError ? error.code : "E_RUNTIME";
      reply({ error: { code, message: error instanceof Error ? error.message : String(error) } });
    },
  );
});
// The first run allocates: it is not the first client's.
await answer(["warm"]);
reply({ ready: { labels, maxLength, pairs, architecture: state.model.modelType, task: task.problemType } });
