import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fail } from "../base/errors.js";
import { assertReplaceable } from "../checkpoints/node/replace-folder.js";
import { shellWord } from "./shell-word.js";

/**
 * Makes sure, before hours of work, that `folder` can be written and holds nothing that would be lost.
 *
 * @throws E_USAGE when it is there and `overwrite` is false, E_STORE when it holds more than a model, or nothing can be written beside it
 */
export async function checkOutputFolder(folder: string, overwrite: boolean, option = "output"): Promise<void> {
  const path = resolve(folder);
  const there = await entriesOf(path);
  if (there === "a file") {
    fail("E_USAGE", {
      where: `--${option} ${shellWord(folder)}`,
      option,
      expected: "a folder",
      got: "a file of this name",
      fix: "choose another name",
    });
  }
  if (there.length > 0 && !overwrite) {
    fail("E_USAGE", {
      where: `--${option} ${shellWord(folder)}`,
      option,
      expected: "a new or empty folder",
      got: `one with ${there.length} ${there.length === 1 ? "entry" : "entries"}`,
      fix: "choose another name, or add --overwrite to replace it",
    });
  }
  // Only a model may be replaced: a slip such as "--output ." must not cost a project.
  if (there.length > 0) await assertReplaceable(path);
  await checkWritable(`--${option} ${shellWord(folder)}`, dirname(path));
}

/** Makes sure that no file is replaced that nobody offered. @throws E_USAGE */
export function checkNewFile(output: string, overwrite: boolean): void {
  if (!existsSync(output) || overwrite) return;
  fail("E_USAGE", {
    option: "output",
    expected: "no such file yet",
    got: shellWord(output),
    fix: "choose another name, or add --overwrite",
  });
}

/**
 * Makes sure that something can be written into `folder`, which need not be there yet.
 *
 * @throws E_STORE naming `where` when it cannot
 */
export async function checkWritable(where: string, folder: string): Promise<void> {
  const path = resolve(folder);
  try {
    // Folders on the way are made when the result is written, not by work that never gets there.
    await rm(await mkdtemp(join(await nearestFolder(path), ".textune-")), { recursive: true });
  } catch (error) {
    fail(
      "E_STORE",
      {
        where,
        expected: `to write into ${path}`,
        got: reason(error),
        fix: "choose a folder that you may write to",
      },
      error,
    );
  }
}

function reason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  const words: Readonly<Record<string, string>> = {
    EACCES: "no permission",
    EPERM: "no permission",
    ENOENT: "no place for files there",
    ENOTDIR: "a file in its path",
    ENOSPC: "no space left on the device",
    EROFS: "a file system that is read only",
  };
  return words[code] ?? code;
}

/** `path`, or the nearest folder above it that is there. */
async function nearestFolder(path: string): Promise<string> {
  const there = await stat(path).then(
    () => true,
    () => false,
  );
  return there || dirname(path) === path ? path : nearestFolder(dirname(path));
}

async function entriesOf(path: string): Promise<string[] | "a file"> {
  try {
    return await readdir(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    return code === "ENOTDIR" ? "a file" : [];
  }
}
