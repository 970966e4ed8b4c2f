/** A predictor whose model runs in a thread of its own, seen from this one, which is free meanwhile. */

import { TextuneError } from "../../base/errors.js";
import { errorOfPlain } from "../../base/node/plain-error.js";
import { startRunThread } from "../../runtime/node/run-thread.js";
import type { TokenizedTexts } from "../../tokenizing/tokenized-texts.js";
import type { ClassifierState } from "../classifier-state.js";
import { plainState } from "../plain-state.js";
import type { ThreadPredictor } from "../platform.js";
import type { PredictorCall, PredictorReply, PredictorSetup } from "./predictor-thread.js";

type Result = Float32Array | TokenizedTexts | undefined;

/** @throws TextuneError when the model cannot be opened */
export async function startPredictorThread(state: ClassifierState): Promise<ThreadPredictor> {
  const workerData: Omit<PredictorSetup, "gate"> = { state: plainState(state) };
  const settings = { name: "textune predictor", workerData };
  const { worker, end } = await startRunThread("./predictor-thread", import.meta.url, settings);
  const waiting = new Map<number, { resolve: (result: Result) => void; reject: (error: unknown) => void }>();
  let broken: unknown;
  let last = 0;
  const answer = (id: number): Promise<Result> =>
    new Promise((resolve, reject) => {
      if (broken !== undefined) return reject(broken);
      waiting.set(id, { resolve, reject });
      // An idle thread keeps no process alive, a busy one does.
      worker.ref();
    });
  const settle = (id: number): ReturnType<typeof waiting.get> => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
    return one;
  };
  const breakDown = (error: unknown): void => {
    broken ??= error;
    for (const id of [...waiting.keys()]) settle(id)?.reject(broken);
  };
  worker.on("message", (reply: PredictorReply) => {
    if ("ready" in reply) settle(OPENING)?.resolve(undefined);
    else if ("error" in reply) settle(reply.id ?? OPENING)?.reject(errorOfPlain(reply.error));
    else settle(reply.id)?.resolve(reply.result);
  });
  worker.on("error", (error) => breakDown(threadGone("prediction", error.message, error)));
  worker.on("exit", (status) => breakDown(threadGone("prediction", `it ended with status ${status}`)));
  const call = (what: Omit<PredictorCall, "id">): Promise<Result> => {
    const id = ++last;
    const result = answer(id);
    if (broken === undefined) worker.postMessage({ ...what, id });
    return result;
  };
  try {
    await answer(OPENING);
  } catch (error) {
    await end();
    throw error;
  }
  return {
    logits: async (batch) => (await call({ batch } as Omit<PredictorCall, "id">)) as Float32Array,
    tokenize: async (examples) => (await call({ examples } as Omit<PredictorCall, "id">)) as TokenizedTexts,
    close: end,
  };
}

const OPENING = 0;

/** What is thrown where the thread of a piece of work broke down. */
export function threadGone(where: string, reason: string, cause?: unknown): TextuneError {
  const got = `a thread broke down (${reason.split("\n")[0]})`;
  return new TextuneError("E_RUNTIME", { where, got, fix: "try again", set: { worker: false } }, cause);
}
