/** The threads of a classifier that predict: as many as its `workers`, seen as one predictor. */
import { availableParallelism } from "node:os";
import { fail } from "../../base/errors.js";
import type { ClassifierState } from "../classifier-state.js";
import type { ThreadPredictor } from "../platform.js";
import { startPredictorThread } from "./start-predictor-thread.js";

/**
 * Starts the threads. What is asked goes to the one that has least to do. Where `threads` is not set, they share the cores.
 *
 * @throws E_CONFIG for a number of workers that cannot be, TextuneError when the model cannot be opened
 */
export async function openPredictorThreads(state: ClassifierState): Promise<ThreadPredictor> {
  const { workers = 1 } = state;
  if (!Number.isInteger(workers) || workers < 1)
    fail("E_CONFIG", { option: "workers", expected: "a whole number of at least 1", got: String(workers) });
  if (workers === 1) return startPredictorThread(state);
  const threads = state.threads ?? Math.max(1, Math.floor(availableParallelism() / workers));
  const started = await Promise.allSettled(
    Array.from({ length: workers }, () => startPredictorThread({ ...state, threads })),
  );
  const lanes = started.flatMap((one) => (one.status === "fulfilled" ? [{ predictor: one.value, calls: 0 }] : []));
  const close = async (): Promise<void> => {
    await Promise.all(lanes.map(({ predictor }) => predictor.close()));
  };
  const failed = started.find((one) => one.status === "rejected");
  if (failed !== undefined) {
    await close();
    throw failed.reason;
  }
  const give = async <T>(work: (predictor: ThreadPredictor) => Promise<T>): Promise<T> => {
    const lane = lanes.reduce((least, one) => (one.calls < least.calls ? one : least));
    lane.calls++;
    try {
      return await work(lane.predictor);
    } finally {
      lane.calls--;
    }
  };
  return {
    parallel: workers,
    logits: (batch) => give((predictor) => predictor.logits(batch)),
    tokenize: (examples) => give((predictor) => predictor.tokenize(examples)),
    close,
  };
}
