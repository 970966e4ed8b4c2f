/** A training in a thread of its own, seen from this one, where its callbacks are. */
import { fail } from "../../base/errors.js";
import { errorOfPlain, type PlainError } from "../../base/node/plain-error.js";
import type { Dataset } from "../../data/dataset/dataset.js";
import { plainDataset } from "../../data/dataset/plain-dataset.js";
import { type RunThread, startRunThread } from "../../runtime/node/run-thread.js";
import { combineCallbacks, type TrainError, type TrainingHistory } from "../../training/callbacks.js";
import type { ClassifierState } from "../classifier-state.js";
import type { FitOptions, TrainedState, TrainingSession } from "../fit-options.js";
import { plainState } from "../plain-state.js";
import { threadGone } from "./start-predictor-thread.js";
import type { EventName, TrainingCall, TrainingReply, TrainingSetup } from "./training-messages.js";

const EVENTS: readonly EventName[] = [
  "onTokenizeProgress",
  "onTrainBegin",
  "onEpochBegin",
  "onStepBegin",
  "onEvaluationBegin",
  "onLog",
  "onStep",
  "onEvaluateProgress",
  "onEvaluation",
  "onEpochEnd",
  "onTrainEnd",
  "onError",
  "onWarning",
];

/**
 * Prepares the training in a thread. Callbacks are called here, and the training waits for what they answer; the weights
 * come back at its end.
 *
 * @throws E_CONFIG for options that cannot be sent to a thread, and what {@link openTraining} throws
 */
export async function startTrainingThread(
  state: ClassifierState,
  train: Dataset,
  { validation, callbacks = [], signal, worker: _, ...options }: FitOptions,
): Promise<TrainingSession> {
  const events = combineCallbacks(callbacks);
  const workerData: Omit<TrainingSetup, "gate"> = {
    state: plainState(state),
    train: plainDataset(train),
    validation: validation && plainDataset(validation),
    options,
    callbacks: callbacks.length,
    events: EVENTS.filter((name) => callbacks.some((one) => one[name] !== undefined)),
    states: events.state(),
    aborted: signal?.aborted ?? false,
  };
  const { worker, end } = await launch(workerData);
  const send = (call: TrainingCall): void => worker.postMessage(call);
  const abort = (): void => send({ abort: true });
  signal?.addEventListener("abort", abort);

  /** What callbacks threw, by the event at which they did. */
  const thrown = new Map<number, unknown>();
  const errorOf = (error: PlainError, callback: number | undefined): unknown =>
    callback === undefined ? errorOfPlain(error) : thrown.get(callback);
  const opened = deferred<TrainingSession["reading"]>();
  const ended = deferred<TrainingHistory>();
  const asked = new Map<number, (trained: TrainedState) => void>();
  let lastAsked = 0;
  const { weights, adapter, base } = state;
  const before: TrainedState = { weights, adapter, base };
  /** What was trained when the training is over: nothing where its thread broke down. */
  let kept: TrainedState | undefined;
  const over = (trained: TrainedState): void => {
    kept = trained;
    for (const give of asked.values()) give(trained);
    asked.clear();
  };

  const call = async (event: EventName, value: unknown, id: number | undefined): Promise<void> => {
    const given = event === "onError" ? errorEvent(value as PlainTrainError) : value;
    try {
      const said: unknown = await (events[event] as (event: unknown) => unknown).call(events, given);
      if (id !== undefined) send({ answer: id, value: said, failed: false, states: events.state() });
    } catch (error) {
      if (id === undefined) throw error;
      thrown.set(id, error);
      send({ answer: id, value: undefined, failed: true, states: [] });
    }
  };
  const errorEvent = ({ error, callback, ...event }: PlainTrainError): TrainError => ({
    ...event,
    error: errorOf(error, callback),
  });

  worker.on("message", (reply: TrainingReply) => {
    if ("opened" in reply) opened.resolve(reply.opened);
    else if ("event" in reply) void call(reply.event, reply.value, reply.id);
    else if ("restore" in reply) events.restore(reply.restore);
    else if ("state" in reply) {
      asked.get(reply.id)?.(reply.state);
      asked.delete(reply.id);
    } else {
      over(reply.kept ?? before);
      if ("ended" in reply) return ended.resolve(reply.ended);
      const error = errorOf(reply.error, reply.callback);
      opened.reject(error);
      ended.reject(error);
    }
  });
  const breakDown = (reason: string, cause?: unknown): void => {
    over(kept ?? before);
    const error = threadGone("fit", reason, cause);
    opened.reject(error);
    ended.reject(error);
  };
  worker.on("error", (error) => breakDown(error.message, error));
  worker.on("exit", (status) => breakDown(`it ended with status ${status}`));

  const close = async (): Promise<void> => {
    signal?.removeEventListener("abort", abort);
    await end();
  };
  try {
    const reading = await opened.promise;
    return {
      reading,
      run() {
        send({ run: true });
        return ended.promise;
      },
      state() {
        if (kept !== undefined) return kept;
        const id = ++lastAsked;
        const trained = new Promise<TrainedState>((resolve) => asked.set(id, resolve));
        send({ ask: id });
        return trained;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

type PlainTrainError = Omit<TrainError, "error"> & {
  readonly error: PlainError;
  readonly callback: number | undefined;
};

async function launch(workerData: Omit<TrainingSetup, "gate">): Promise<RunThread> {
  try {
    return await startRunThread("./training-thread", import.meta.url, { name: "textune training", workerData });
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== "DataCloneError") throw error;
    return fail(
      "E_CONFIG",
      {
        where: "fit",
        option: "worker",
        expected: "options that can be sent to another thread",
        got: error.message,
        fix: "train in this thread",
        set: { worker: false },
      },
      error,
    );
  }
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

/** A promise that is settled from elsewhere, and whose failure need not be heard. */
function deferred<T>(): Deferred<T> {
  let settle: Pick<Deferred<T>, "resolve" | "reject"> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  promise.catch(() => {});
  return { promise, ...(settle as Pick<Deferred<T>, "resolve" | "reject">) };
}
