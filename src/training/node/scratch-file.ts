/** Files for as long as something lasts. */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statfsSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fail } from "../../base/errors.js";
import type { ScratchFile } from "../frozen-layers.js";

/** The share of what is free that a file may take: others need room too. */
const MOST_SHARE = 0.9;

/**
 * A new file in the system's folder for such files; undefined where that has no room for `bytes`.
 *
 * @throws E_STORE where none can be made
 */
export function openScratch(bytes: number): ScratchFile | undefined {
  const folder = tmpdir();
  try {
    const { bavail, bsize } = statfsSync(folder);
    if (bytes > MOST_SHARE * bavail * bsize) return undefined;
    return openIn(mkdtempSync(join(folder, "textune-scratch-")));
  } catch (error) {
    return cannotWrite(folder, error);
  }
}

function openIn(place: string): ScratchFile {
  const path = join(place, "numbers");
  const file = openSync(path, "wx+", 0o600);
  // Where the system lets it, the name goes at once, so that a process that is killed leaves nothing behind.
  const remove = (): void => rmSync(place, { recursive: true, force: true });
  let isRemoved = true;
  try {
    remove();
  } catch {
    isRemoved = false;
  }
  return {
    write(bytes, at) {
      try {
        for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, at + done);
      } catch (error) {
        cannotWrite(path, error);
      }
    },
    read(target, at) {
      for (let done = 0; done < target.length; ) {
        const count = readSync(file, target, done, target.length - done, at + done);
        if (count === 0) throw new Error(`${path}: nothing was written at ${at + done}`);
        done += count;
      }
    },
    close() {
      closeSync(file);
      if (!isRemoved) remove();
    },
  };
}

function cannotWrite(where: string, error: unknown): never {
  fail(
    "E_STORE",
    {
      where,
      expected: "to write what frozen layers make of the texts",
      got: error instanceof Error ? error.message : String(error),
      fix: "make room, or leave it out",
      set: { frozenCache: false },
    },
    error,
  );
}
