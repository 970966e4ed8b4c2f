/** Files that are whole or not there. */
import { randomUUID } from "node:crypto";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** What ends the name of a file that is being written. */
export const PARTIAL = ".part";

/**
 * Has `write` fill a file of another name beside `path`, which gets this name once it is whole; the folder is made where
 * it is missing. Any number of processes may do so at once: the last one's file stays. Where it fails nothing is left.
 *
 * @throws the system's error, and what `write` throws
 */
export async function replaceFile(path: string, write: (temporary: string) => Promise<unknown>): Promise<void> {
  const temporary = `${path}.${process.pid}.${randomUUID()}${PARTIAL}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await write(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}
