/** The thread of a predictor: see start-predictor-thread.ts. */
import { parentPort, workerData } from "node:worker_threads";
import { type PlainError, plainError } from "../../base/node/plain-error.js";
import { nodeRuntime } from "../../runtime/node/onnxruntime.js";
import { type RunGate, throughGate } from "../../runtime/node/run-gate.js";
import type { TextExample } from "../../tokenizers/tokenizer.js";
import { tokenizeTexts } from "../../tokenizing/tokenize-texts.js";
import type { TokenizedTexts } from "../../tokenizing/tokenized-texts.js";
import type { Batch } from "../../training/batch.js";
import { openPredictor } from "../open-predictor.js";
import { type PlainState, stateOfPlain } from "../plain-state.js";

/** What the thread is started with. */
export interface PredictorSetup {
  readonly state: PlainState;
  readonly gate: RunGate;
}

export type PredictorCall = { readonly id: number } & (
  | { readonly batch: Batch }
  | { readonly examples: readonly TextExample[] }
);

export type PredictorReply =
  | { readonly ready: true }
  | { readonly id: number; readonly result: Float32Array | TokenizedTexts }
  | { readonly id?: number; readonly error: PlainError };

const { state: plain, gate } = workerData as PredictorSetup;
const port = parentPort as NonNullable<typeof parentPort>;
const reply = (message: PredictorReply): void => port.postMessage(message);

async function open(): Promise<void> {
  const state = stateOfPlain(plain);
  const predictor = await openPredictor({ runtime: throughGate(nodeRuntime, gate) }, state);
  port.on("message", (call: PredictorCall) => {
    const work = async () =>
      "batch" in call ? await predictor.logits(call.batch) : tokenizeTexts(call.examples, state.tokenizer, state);
    work().then(
      (result) => reply({ id: call.id, result }),
      (error: unknown) => reply({ id: call.id, error: plainError(error) }),
    );
  });
  reply({ ready: true });
}

open().catch((error: unknown) => reply({ error: plainError(error) }));
