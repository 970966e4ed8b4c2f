/**
 * Trials for workers on any number of machines: a queue of pg-boss on the PostgreSQL database of the store.
 *
 * A job is a trial's number. It stays in the queue until the trial has ended: a worker that takes it holds it for a while
 * only, and pg-boss gives it out again then. Who gets it looks at the trial's heartbeat: where that beats, the job is let
 * be; where it does not, the trial is taken over. So each trial is run at least once, and ends once.
 */
import type PgBoss from "pg-boss";
import { fail } from "../../base/errors.js";
import { loadOptional } from "../../base/node/optional-package.js";
import { reasonOf, storeName } from "../store/node/open-store.js";

/** A trial that is to be run. */
export interface QueuedTrial {
  readonly jobId: string;
  readonly sweepId: string;
  readonly number: number;
}

export interface TrialQueue {
  add(sweepId: string, numbers: readonly number[]): Promise<void>;
  /** The next job; undefined where there is none now. */
  next(): Promise<QueuedTrial | undefined>;
  /** The trial has ended: the job goes. */
  done(job: QueuedTrial): Promise<void>;
  /** The trial is for another worker to take up at once. */
  giveBack(job: QueuedTrial): Promise<void>;
  /** Trials that are not done. */
  size(): Promise<number>;
  close(): Promise<void>;
}

const NAME = "trials";
/** A schema of its own: an application may have a pg-boss beside it. */
const SCHEMA = "textune_queue";
/** Times a job may be given out: pg-boss wants a number. */
const ENDLESS = 2 ** 31 - 1;

/**
 * @param address `postgres://…`
 * @param holdSeconds after which a job is given out again, to look whether its worker is there
 * @throws E_CONFIG for a folder, E_STORE where the server cannot be reached
 */
export async function openTrialQueue(address: string, holdSeconds = 60): Promise<TrialQueue> {
  if (!/^postgres(?:ql)?:/.test(address))
    fail("E_CONFIG", {
      where: "queue of trials",
      expected: "runs on a PostgreSQL server, which workers share",
      got: address,
      fix: "set TEXTUNE_STORE=postgres://user@host/database, or run textune sweep without --queue",
    });
  const { default: Boss } = await loadOptional("workers", ["pg-boss", "pg"], () => import("pg-boss"));
  const boss: PgBoss = new Boss({
    connectionString: address,
    application_name: "textune worker",
    schema: SCHEMA,
    max: 2,
    schedule: false,
    maintenanceIntervalSeconds: Math.max(1, Math.round(holdSeconds / 4)),
  });
  // A lost connection is said by what is called next; without a listener it would end the process.
  boss.on("error", () => {});
  try {
    await boss.start();
    if ((await boss.getQueue(NAME)) === null) await boss.createQueue(NAME).catch(ifMissing(boss));
  } catch (error) {
    return fail(
      "E_STORE",
      { where: storeName(address), expected: "a PostgreSQL server with a queue", got: reasonOf(error) },
      error,
    );
  }
  return {
    add: (sweepId, numbers) =>
      boss.insert(
        numbers.map((number) => ({
          ...{ name: NAME, data: { sweepId, number }, priority: 0 },
          ...{ retryLimit: ENDLESS, retryDelay: 0, expireInSeconds: holdSeconds },
        })),
      ),
    async next() {
      const [job] = await boss.fetch<{ readonly sweepId: string; readonly number: number }>(NAME);
      return job === undefined ? undefined : { jobId: job.id, ...job.data };
    },
    done: ({ jobId }) => boss.complete(NAME, jobId),
    giveBack: ({ jobId }) => boss.fail(NAME, jobId),
    size: () => boss.getQueueSize(NAME, { before: "completed" }),
    close: () => boss.stop({ graceful: false, wait: true }),
  };
}

/** Another process may make the queue at the same moment. */
function ifMissing(boss: PgBoss): (error: unknown) => Promise<void> {
  return async (error) => {
    if ((await boss.getQueue(NAME)) === null) throw error;
  };
}
