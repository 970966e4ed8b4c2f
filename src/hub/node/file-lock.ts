/** One process at a time: a lock in the form of a file, whose owner shows every few seconds that it still works. */
import { randomUUID } from "node:crypto";
import { readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning } from "../../base/node/processes.js";

/** Milliseconds between signs of life. */
const SIGN_INTERVAL = 2000;
/** An owner that has shown none for so many milliseconds is gone, or sleeps. */
const SILENCE = 20_000;
const LOOK_INTERVAL = 100;

/** The locks of this process. */
const held = new Set<string>();

export interface LockOptions {
  /** Whether what the lock is for has meanwhile been done by another; then nothing is left to wait for. */
  readonly isDone: () => boolean;
  /** Called again and again while another has the lock. */
  readonly onWait: () => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `work` while nobody else has the lock at `path`. Waits for a running owner; one that neither works nor ends
 * keeps its lock, and `alone` is false: then `work` must leave alone what the owner may still write to.
 */
export async function exclusively<T>(
  path: string,
  options: LockOptions,
  work: (alone: boolean) => Promise<T>,
): Promise<T | undefined> {
  const release = await lock(path, options);
  if (release === "done") return undefined;
  if (release === "owner sleeps") return work(false);
  try {
    return await work(true);
  } finally {
    await release();
  }
}

async function lock(path: string, options: LockOptions): Promise<(() => Promise<void>) | "done" | "owner sleeps"> {
  const { isDone, onWait, signal } = options;
  const mark = `${process.pid} ${hostname()} ${randomUUID()}`;
  for (;;) {
    if (isDone()) return "done";
    signal?.throwIfAborted();
    if (!held.has(path)) {
      held.add(path);
      try {
        if (await take(path, mark)) return keep(path);
      } catch (error) {
        held.delete(path);
        throw error;
      }
      held.delete(path);
      const owner = await ownerOf(path);
      if (owner === "sleeps") return "owner sleeps";
      if (owner === "gone" && (await takeOver(path, mark))) return keep(path);
    }
    onWait();
    await sleep(LOOK_INTERVAL, undefined, { signal });
  }
}

function keep(path: string): () => Promise<void> {
  held.add(path);
  const sign = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, SIGN_INTERVAL);
  sign.unref();
  return async () => {
    clearInterval(sign);
    held.delete(path);
    await rm(path, { force: true });
  };
}

async function take(path: string, mark: string): Promise<boolean> {
  try {
    await writeFile(path, mark, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Takes the lock of an owner that is gone. Of several that try it at once only the last one has it in the end. */
async function takeOver(path: string, mark: string): Promise<boolean> {
  await rm(path, { force: true });
  if (!(await take(path, mark))) return false;
  await sleep(LOOK_INTERVAL);
  return (await readFile(path, "utf8").catch(() => "")) === mark;
}

async function ownerOf(path: string): Promise<"works" | "sleeps" | "gone"> {
  const [text, found] = await Promise.all([readFile(path, "utf8"), stat(path)]).catch(() => ["", undefined] as const);
  if (found === undefined) return "works"; // It has just ended: the next look takes the lock.
  const silent = Date.now() - found.mtimeMs > SILENCE;
  const [pid = "", host = hostname()] = text.split(" ");
  if (host !== hostname()) return silent ? "gone" : "works";
  // A process of this number that is not this one may have died long ago in another container.
  const runs = Number(pid) > 0 && Number(pid) !== process.pid && isRunning(Number(pid));
  if (text === "" && !silent) return "works"; // Its owner is just about to write its name.
  if (!runs) return "gone";
  return silent ? "sleeps" : "works";
}
