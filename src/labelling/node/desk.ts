/** A thread that runs models for a page, seen from the thread that answers it, which is free meanwhile. */

import { TextuneError } from "../../base/errors.js";
import { errorOfPlain } from "../../base/node/plain-error.js";
import { startRunThread } from "../../runtime/node/run-thread.js";
import type { DeskCall, DeskMethods, DeskReply } from "./desk-thread.js";

type Input<M extends keyof DeskMethods> = Parameters<DeskMethods[M]>[0];
type Output<M extends keyof DeskMethods> = Awaited<ReturnType<DeskMethods[M]>>;

export interface Desk {
  /** Calls are done one after the other. @throws what the work throws */
  call<M extends keyof DeskMethods>(
    method: M,
    input: Input<M>,
    onProgress?: (done: number, total: number) => void,
  ): Promise<Output<M>>;
  /** Ends the thread after the run that is under way; what waits is refused. */
  end(): Promise<void>;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly onProgress: ((done: number, total: number) => void) | undefined;
}

export async function startDesk(): Promise<Desk> {
  const settings = { name: "textune models", workerData: {} };
  const { worker, end } = await startRunThread("./desk-thread", import.meta.url, settings);
  worker.unref();
  const waiting = new Map<number, Waiting>();
  let gone: TextuneError | undefined;
  let last = 0;
  const settle = (id: number): Waiting | undefined => {
    const one = waiting.get(id);
    waiting.delete(id);
    return one;
  };
  worker.on("message", (reply: DeskReply) => {
    if ("progress" in reply) waiting.get(reply.id)?.onProgress?.(...reply.progress);
    else if ("error" in reply) settle(reply.id)?.reject(errorOfPlain(reply.error));
    else settle(reply.id)?.resolve(reply.result);
  });
  const breakDown = (reason: string): void => {
    gone ??= new TextuneError("E_RUNTIME", {
      where: "the thread of models",
      got: `it broke down (${reason.split("\n")[0]})`,
      fix: "start again",
    });
    for (const id of [...waiting.keys()]) settle(id)?.reject(gone);
  };
  worker.on("error", (error) => breakDown(error.message));
  worker.on("exit", (status) => breakDown(`it ended with status ${status}`));
  return {
    call(method, input, onProgress) {
      const id = ++last;
      return new Promise((resolve, reject) => {
        if (gone !== undefined) return reject(gone);
        waiting.set(id, { resolve: resolve as Waiting["resolve"], reject, onProgress });
        worker.postMessage({ id, method, input } satisfies DeskCall);
      });
    },
    end,
  };
}
