import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { fail } from "../../../base/errors.js";
import { nearestNames } from "../../../base/nearest.js";

/** What stands at `path`. @throws E_DATA where there is nothing, or it may not be read */
export async function fileFacts(
  path: string,
): Promise<{ readonly folder: boolean; readonly size: number; readonly modified: number }> {
  try {
    const facts = await stat(path);
    return { folder: facts.isDirectory(), size: facts.size, modified: facts.mtimeMs };
  } catch (error) {
    return explainFileError(path, error, await neighbours(path));
  }
}

async function neighbours(path: string): Promise<string> {
  try {
    const near = nearestNames(basename(path), await readdir(dirname(path)));
    return near.length === 0 ? "check the path" : `did you mean ${near.map((name) => `"${name}"`).join(" or ")}?`;
  } catch {
    return `there is no folder "${dirname(path)}" that can be read`;
  }
}

/** Turns an error of the file system into a sentence. */
export function explainFileError(path: string, error: unknown, fix = "check the path"): never {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const got =
    {
      ENOENT: "nothing there",
      ENOTDIR: "nothing there",
      EACCES: "no permission to read it",
      EPERM: "no permission to read it",
      EISDIR: "a folder",
      EMFILE: "too many open files",
    }[code] ?? (error instanceof Error ? error.message : String(error));
  return fail(
    "E_DATA",
    {
      where: path,
      expected: "a file or folder that can be read",
      got,
      fix: code === "EACCES" || code === "EPERM" ? "give yourself the right to read it" : fix,
    },
    error,
  );
}

/**
 * The bytes of a file, in pieces of 1 MiB.
 * @throws E_DATA where it cannot be read, or is written to meanwhile
 */
export async function* readBytes(path: string): AsyncGenerator<Uint8Array> {
  const before = await fileFacts(path);
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) yield chunk as Uint8Array;
  } catch (error) {
    explainFileError(path, error);
  }
  const after = await fileFacts(path);
  if (after.size !== before.size || after.modified !== before.modified) {
    fail("E_DATA", {
      where: path,
      expected: "a file that stays as it is",
      got: "it changed while it was read",
      fix: "read it again when nothing writes to it",
    });
  }
}
