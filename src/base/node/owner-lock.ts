/** A lock in the form of a file that names its owner, a process: whoever finds it is told, and does not wait. */
import { open, readFile, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout } from "node:timers/promises";
import { fail } from "../errors.js";
import { isRunning } from "./processes.js";

const EMPTY_MILLISECONDS = 500;

/**
 * Puts a lock at `path` for this process, and returns what takes it away. The lock of a process that is gone counts for
 * nothing.
 *
 * @param complaint what is locked, what was expected of it, and what else could be chosen
 * @throws E_STORE while another process has it
 */
export async function takeOwnerLock(
  path: string,
  complaint: { readonly where: string; readonly expected: string; readonly otherwise: string },
): Promise<() => Promise<void>> {
  for (;;) {
    try {
      const file = await open(path, "wx");
      try {
        await file.writeFile(`${process.pid} ${hostname()}\n`);
      } finally {
        await file.close();
      }
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const owner = await ownerOf(path);
    if (!(await isAbandoned(path, owner))) {
      const [pid, host] = owner.trim().split(" ");
      const { otherwise, ...what } = complaint;
      fail("E_STORE", {
        ...what,
        got: pid ? `another one at work, process ${pid} on ${host}` : "another one at work",
        fix: `wait for it, ${otherwise}, or remove ${path} if there is no such process`,
      });
    }
  }
}

/** What a lock says. One that stays empty is of a process that was stopped before it could write. */
async function ownerOf(path: string): Promise<string> {
  const read = () => readFile(path, "utf8").catch(() => "");
  const first = await read();
  if (first !== "") return first;
  await setTimeout(EMPTY_MILLISECONDS);
  return read();
}

/** Whether the lock's process is gone; then the lock is too. */
async function isAbandoned(path: string, owner: string): Promise<boolean> {
  const [pid, host] = owner.trim().split(" ");
  if (owner !== "" && (host !== hostname() || isRunning(Number(pid)))) return false;
  // Taken away before it is judged once more: another process may have put its own there in between.
  const aside = `${path}.${process.pid}`;
  await rename(path, aside).catch(() => undefined);
  const taken = await readFile(aside, "utf8").catch(() => owner);
  if (taken === owner) await rm(aside, { force: true });
  else await rename(aside, path);
  return true;
}
