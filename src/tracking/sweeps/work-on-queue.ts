/** A worker: takes trials of any sweep from the queue, as long as it is let. */
import { setTimeout as wait } from "node:timers/promises";
import type { Store } from "../store/node/open-store.js";
import type { TrialQueue } from "./trial-queue.js";
import { findSweep, listTrials, type StoredSweep, type Trial, type TrialEnd, takeTrial } from "./trials.js";
import { type Execution, runTrial } from "./work-on-sweep.js";

export interface QueueWork {
  /** Trials that run at once. */
  readonly workers: number;
  readonly execute: (sweep: StoredSweep, trial: Trial, signal: AbortSignal) => Promise<Execution>;
  /** Ends the work; what runs is given back. */
  readonly signal: AbortSignal;
  /** Ends the work once the queue is empty, instead of waiting for more. */
  readonly drain: boolean;
  readonly onStart?: (sweep: StoredSweep, trial: Trial) => void;
  readonly onEnd?: (sweep: StoredSweep, trial: Trial, end: TrialEnd) => void;
}

/** Milliseconds between two looks at an empty queue. */
const LOOK_MS = 1000;

/** Works until `signal` aborts, or with `drain` until there is nothing left. */
export async function workOnQueue(store: Store, queue: TrialQueue, work: QueueWork): Promise<void> {
  const slot = async (): Promise<void> => {
    while (!work.signal.aborted) {
      const job = await queue.next();
      if (job === undefined) {
        if (work.drain && (await queue.size()) === 0) return;
        await wait(LOOK_MS, undefined, { signal: work.signal }).catch(() => undefined);
        continue;
      }
      const sweep = await findSweep(store, job.sweepId).catch(() => undefined);
      const trial = sweep && (await takeTrial(store, sweep, { now: Date.now, number: job.number }));
      if (sweep === undefined || trial === undefined) {
        // One that runs elsewhere stays in the queue, to be looked at again; one that has ended goes.
        const other = (await listTrials(store, job.sweepId)).find(({ number }) => number === job.number);
        if (other?.state !== "running") await queue.done(job);
        continue;
      }
      work.onStart?.(sweep, trial);
      const end = await runTrial(store, sweep, trial, {
        execute: (one, signal) => work.execute(sweep, one, signal),
        signal: work.signal,
      });
      await (end.state === "waiting" ? queue.giveBack(job) : queue.done(job));
      work.onEnd?.(sweep, trial, end);
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: work.workers }, slot));
  const failed = ends.find((end) => end.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
