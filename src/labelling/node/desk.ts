/** A thread that runs models for a page, seen from the thread that answers it, which is free meanwhile. */

import { TextuneError } from "../../base/errors.js";
import { errorOfPlain } from "../../base/node/plain-error.js";
import { type RunThread, startRunThread } from "../../runtime/node/run-thread.js";
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

/** A desk whose thread starts with the first call. */
export function createDesk(): Desk {
  const waiting = new Map<number, Waiting>();
  let thread: Promise<RunThread> | undefined;
  let gone: TextuneError | undefined;
  let last = 0;
  const settle = (id: number): Waiting | undefined => {
    const one = waiting.get(id);
    waiting.delete(id);
    return one;
  };
  const lose = (got: string): void => {
    gone ??= new TextuneError("E_RUNTIME", { where: "the thread of models", got, fix: "start again" });
    for (const id of [...waiting.keys()]) settle(id)?.reject(gone);
  };
  const start = async (): Promise<RunThread> => {
    const settings = { name: "textune models", workerData: {} };
    const started = await startRunThread("./desk-thread", import.meta.url, settings);
    const { worker } = started;
    worker.unref();
    worker.on("message", (reply: DeskReply) => {
      if ("progress" in reply) waiting.get(reply.id)?.onProgress?.(...reply.progress);
      else if ("error" in reply) settle(reply.id)?.reject(errorOfPlain(reply.error));
      else settle(reply.id)?.resolve(reply.result);
    });
    worker.on("error", ({ message }) => lose(`it broke down (${message.split("\n")[0]})`));
    worker.on("exit", (status) => lose(`it ended with status ${status}`));
    return started;
  };
  return {
    async call<M extends keyof DeskMethods>(
      method: M,
      input: Input<M>,
      onProgress?: Waiting["onProgress"],
    ): Promise<Output<M>> {
      if (gone !== undefined) throw gone;
      thread ??= start();
      const { worker } = await thread;
      const id = ++last;
      return new Promise<Output<M>>((resolve, reject) => {
        if (gone !== undefined) return reject(gone);
        waiting.set(id, { resolve: resolve as Waiting["resolve"], reject, onProgress });
        worker.postMessage({ id, method, input } satisfies DeskCall);
      });
    },
    async end() {
      lose("it has ended");
      const started = await thread?.catch(() => undefined);
      await started?.end();
    },
  };
}
