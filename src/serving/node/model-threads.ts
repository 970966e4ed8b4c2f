/** Threads that run models, seen from the thread that answers requests. */
import { TextuneError } from "../../base/errors.js";
import { startRunThread } from "../../runtime/node/run-thread.js";
import type { TextExample } from "../../tokenizers/tokenizer.js";
import type { Answers, ModelFacts, ThreadReply, ThreadSetup } from "./model-thread.js";

/** A thread that has opened its model. */
export interface ModelThread {
  readonly facts: ModelFacts;
  /** One call at a time. @throws ThreadGone when the thread breaks down, TextuneError when the model refuses */
  run(examples: readonly TextExample[]): Promise<Answers>;
  /** Ends it after the run that is under way. */
  end(): Promise<void>;
  /** Resolves when the thread has ended, whatever the reason. */
  readonly ended: Promise<void>;
}

/** The thread broke down: what it was doing can be done by another. */
export class ThreadGone extends Error {
  override readonly name = "ThreadGone";
}

/**
 * Starts a thread and opens the model in it.
 *
 * @throws TextuneError when the model cannot be opened
 */
export async function startModelThread({ folder, dtype, threads }: Omit<ThreadSetup, "gate">): Promise<ModelThread> {
  const workerData: Omit<ThreadSetup, "gate"> = { folder, dtype, threads };
  const { worker, end } = await startRunThread("./model-thread", import.meta.url, {
    name: "textune model",
    workerData,
  });
  let waiting: { resolve: (reply: ThreadReply) => void; reject: (error: unknown) => void } | undefined;
  const next = (): Promise<ThreadReply> =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject };
    });
  const settle = (how: (one: NonNullable<typeof waiting>) => void): void => {
    const one = waiting;
    waiting = undefined;
    if (one !== undefined) how(one);
  };
  let cause: unknown;
  let gone = false;
  worker.on("message", (reply: ThreadReply) => settle(({ resolve }) => resolve(reply)));
  worker.on("error", (error) => {
    cause = error;
  });
  const ended = new Promise<void>((resolve) => {
    worker.on("exit", (status) => {
      gone = true;
      const reason = cause instanceof Error ? cause.message.split("\n")[0] : `it ended with status ${status}`;
      settle(({ reject }) => reject(new ThreadGone(reason, { cause })));
      resolve();
    });
  });
  const opened = await next().catch((error: ThreadGone) => {
    throw rethrown(error);
  });
  if (!("ready" in opened)) throw new TextuneError("E_RUNTIME", "serving: expected a thread that opens its model");
  return {
    facts: opened.ready,
    async run(examples) {
      if (gone) throw new ThreadGone("it has ended");
      const answer = next();
      worker.postMessage(examples);
      const reply = await answer;
      if ("answers" in reply) return reply.answers;
      if ("error" in reply) throw new TextuneError(reply.error.code as TextuneError["code"], reply.error.message);
      throw new ThreadGone("it started anew");
    },
    end,
    ended,
  };
}

/** An error of the thread as if it had been thrown here: the class is lost on the way, the code is not. */
function rethrown(error: ThreadGone): unknown {
  const { cause } = error;
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
  return code.startsWith("E_") ? new TextuneError(code as TextuneError["code"], error.message, cause) : error;
}
