/** One file of the hub: fetched or gone on with, checked, and only then given its name. */
import { createHash, type Hash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import type { ListFileEntry } from "@huggingface/hub";
import { fail } from "../../base/errors.js";
import { isRunning } from "../../base/node/processes.js";
import type { HubOptions } from "../hub-options.js";

/** What to do about an answer that the Hugging Face Hub does not give. */
export const OTHER_HUB = "check the address of the hub (HF_ENDPOINT)";

/** An answer that is no success. */
export class HttpError extends Error {
  readonly statusCode: number;
  constructor(statusCode: number, path: string) {
    super(`${statusCode} for ${path}`);
    this.statusCode = statusCode;
  }
}

/**
 * Downloads to `blob`. Only one process at a time goes on with the unfinished file of an earlier one; another that wants
 * the same file meanwhile fetches its own copy, and the first to finish gives the name.
 */
export async function downloadBlob(
  file: ListFileEntry,
  blob: string,
  get: (headers: Record<string, string>) => Promise<Response>,
  options: Pick<HubOptions, "onDownload">,
): Promise<void> {
  const lock = await lockFile(`${blob}.lock`);
  const partial = lock === undefined ? `${blob}.${randomUUID()}.incomplete` : `${blob}.incomplete`;
  try {
    const hash = hashOf(file);
    let loaded = await addExisting(partial, hash, file.size);
    const response = await get(loaded > 0 ? { Range: `bytes=${loaded}-` } : {});
    if (!response.ok || response.body === null) throw new HttpError(response.status, file.path);
    const target = await open(partial, response.status === 206 ? "a" : "w");
    let digest = hash;
    if (response.status !== 206) {
      loaded = 0;
      digest = hashOf(file);
    }
    try {
      for await (const chunk of response.body) {
        digest.update(chunk);
        await target.appendFile(chunk);
        loaded += chunk.length;
        options.onDownload?.({ file: file.path, loaded, total: file.size });
      }
    } finally {
      await target.close();
    }
    if (loaded < file.size) {
      fail("E_HUB", {
        where: file.path,
        expected: `${file.size} bytes`,
        got: `${loaded}: the connection was cut`,
        fix: "try again, it goes on where it ended",
      });
    }
    const expected = hashName(file);
    const got = digest.digest("hex");
    if (got !== expected) {
      await rm(partial, { force: true });
      fail("E_HUB", {
        where: file.path,
        expected: `checksum ${expected}`,
        got,
        fix: "the download was damaged and removed: try again",
      });
    }
    await rename(partial, blob);
  } finally {
    if (lock === undefined) await rm(partial, { force: true });
    await lock?.();
  }
}

/** The checksum by which the hub names a file, in hexadecimal. */
export function hashName(file: ListFileEntry): string {
  const name = file.lfs?.oid ?? file.oid ?? "none";
  // It becomes a file name.
  if (/^[0-9a-f]{40,64}$/.test(name)) return name;
  return fail("E_HUB", { where: file.path, expected: "a checksum in the hub's answer", got: name, fix: OTHER_HUB });
}

/** LFS files are named by their SHA-256, the others by git's hash of a blob. */
function hashOf(file: ListFileEntry): Hash {
  return file.lfs === undefined ? createHash("sha1").update(`blob ${file.size}\0`) : createHash("sha256");
}

/** Feeds what is there of an unfinished file to `hash` and returns its length; a file that cannot be right is removed. */
async function addExisting(path: string, hash: Hash, total: number): Promise<number> {
  const size = (await stat(path).catch(() => undefined))?.size ?? 0;
  if (size >= total) {
    await rm(path, { force: true });
    return 0;
  }
  if (size > 0) for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return size;
}

/** The locks of this process. */
const held = new Set<string>();

/** Takes a lock and returns its release, or undefined where a running process holds it. */
async function lockFile(path: string): Promise<(() => Promise<void>) | undefined> {
  if (held.has(path)) return undefined;
  held.add(path);
  const release = async (): Promise<void> => {
    held.delete(path);
    await rm(path, { force: true });
  };
  const take = () => writeFile(path, String(process.pid), { flag: "wx" });
  try {
    await take().catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
      const owner = Number(await readFile(path, "utf8"));
      // A process of this number that is not this one may have died long ago in another container.
      if (owner > 0 && owner !== process.pid && isRunning(owner)) throw error;
      await rm(path, { force: true });
      await take();
    });
    return release;
  } catch {
    held.delete(path);
    return undefined;
  }
}
