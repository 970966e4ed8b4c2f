/** Files and folders that a process makes for itself, named by its number, and that stay behind when it is killed. */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** Whether a process of this number is there, also one of another user. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Removes what processes left in `folder` that are gone. The name of such a thing matches `pattern`, whose first group
 * is the number of its process. What cannot be removed stays: it is in nobody's way.
 */
export async function removeLeftovers(folder: string, pattern: RegExp): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = Number(pattern.exec(name)?.[1] ?? Number.NaN);
    if (pid > 0 && !isRunning(pid))
      await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}
