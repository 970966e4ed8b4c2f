/** One file of the network: fetched or gone on with, checked, and only then given its name. */
import { createHash, type Hash, randomUUID } from "node:crypto";
import { createReadStream, existsSync, statSync } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { fail } from "../../base/errors.js";
import { fromEnvironment } from "../../base/node/user-caches.js";
import type { HubOptions } from "../hub-options.js";
import { exclusively } from "./file-lock.js";
import { HttpError, retrying, TemporaryError } from "./retrying.js";

/** A file's name by its contents: SHA-256, MD5, or git's hash of a blob (SHA-1 behind a header with the size). */
export interface Checksum {
  readonly kind: "sha256" | "md5" | "git";
  /** In hexadecimal. */
  readonly value: string;
}

export interface RemoteFile {
  /** Its name in messages. */
  readonly name: string;
  /** In bytes; undefined where only the answer tells. */
  readonly size: number | undefined;
  /** Undefined where only the answer tells (`x-goog-hash`), if at all. */
  readonly checksum: Checksum | undefined;
  readonly get: (headers: Readonly<Record<string, string>>, signal: AbortSignal) => Promise<Response>;
}

/** What is known of the whole file while it comes. */
interface Expected {
  readonly size: number | undefined;
  readonly checksum: Checksum | undefined;
}

/** No byte for so many seconds is a broken connection. @source huggingface_hub/constants.py, which takes 10 */
const PATIENCE = 30;

/**
 * Downloads to `target`. Where another process does so already, waits until it is done. What an earlier try left is
 * gone on with, broken connections are taken up again, and answers like 429 and 503 are waited for.
 *
 * @throws E_HUB where it is cut off again and again, longer than announced, or damaged; an HttpError for an answer that
 * is no success
 */
export async function downloadFile(
  file: RemoteFile,
  target: string,
  options: Pick<HubOptions, "onDownload" | "signal">,
): Promise<void> {
  const { onDownload, signal } = options;
  const whole = `${target}.incomplete`;
  const onWait = (): void => {
    const loaded = statSync(whole, { throwIfNoEntry: false })?.size;
    if (loaded !== undefined && file.size !== undefined) onDownload?.({ file: file.name, loaded, total: file.size });
  };
  await exclusively(`${target}.lock`, { isDone: () => existsSync(target), onWait, signal }, async (alone) => {
    const partial = alone ? whole : `${target}.${randomUUID()}.incomplete`;
    const waiting = (why: string): void =>
      onDownload?.({ file: file.name, loaded: 0, total: file.size ?? 0, waiting: why });
    try {
      await retrying(() => attempt(file, partial, options), { signal, onWait: waiting });
      await rename(partial, target);
    } catch (error) {
      if (!(error instanceof TemporaryError)) throw error;
      return fail(
        "E_HUB",
        {
          where: file.name,
          expected: "a download",
          got: error.message,
          fix: "try again, it goes on where it ended",
        },
        error,
      );
    } finally {
      if (!alone) await rm(partial, { force: true });
    }
  });
}

/** @throws TemporaryError where it should be tried again */
async function attempt(
  file: RemoteFile,
  partial: string,
  { onDownload, signal }: Pick<HubOptions, "onDownload" | "signal">,
): Promise<void> {
  const silence = new AbortController();
  const patience = Number(fromEnvironment("HF_HUB_DOWNLOAD_TIMEOUT") ?? PATIENCE) * 1000;
  const timer = setTimeout(() => silence.abort(new Error(`no byte for ${patience / 1000} s`)), patience);
  const stop = AbortSignal.any(signal === undefined ? [silence.signal] : [silence.signal, signal]);
  const begun = await lengthOf(partial, file.size);
  let loaded = begun;
  try {
    const response = await file.get(begun > 0 ? { Range: `bytes=${begun}-` } : {}, stop);
    if (response.status === 416) return await restart(partial, "what was there is longer than the file");
    if (!response.ok || response.body === null) throw new HttpError(response, file.name);
    const goesOn = response.status === 206;
    if (goesOn && !(response.headers.get("content-range") ?? "").startsWith(`bytes ${begun}-`)) {
      await response.body.cancel();
      return await restart(partial, "another part of the file than was asked for");
    }
    if (!goesOn) loaded = 0;
    const expected = expectedOf(file, response);
    const hash = await hashOf(expected, goesOn ? partial : undefined);
    const target = await open(partial, goesOn ? "a" : "w");
    try {
      for await (const chunk of response.body) {
        timer.refresh();
        if (loaded + chunk.length > (expected.size ?? Number.POSITIVE_INFINITY)) {
          await rm(partial, { force: true });
          damaged(file, `${expected.size} bytes`, "more");
        }
        hash?.update(chunk);
        await target.appendFile(chunk);
        loaded += chunk.length;
        onDownload?.({ file: file.name, loaded, total: expected.size ?? loaded });
      }
    } finally {
      await target.close();
    }
    if (loaded < (expected.size ?? 0))
      throw new TemporaryError(`${loaded} of ${expected.size} bytes: the connection was cut`);
    const digest = hash?.digest("hex");
    if (digest === expected.checksum?.value) return;
    // What was gone on with may have been the beginning of another file.
    if (goesOn) return await restart(partial, "another file than the one that was begun");
    await rm(partial, { force: true });
    damaged(file, `checksum ${expected.checksum?.value}`, String(digest));
  } catch (error) {
    throw temporarily(error, silence.signal, loaded > begun);
  } finally {
    clearTimeout(timer);
  }
}

/** `error`, or what is to be tried again because of it: a connection that broke or fell silent. */
function temporarily(error: unknown, silence: AbortSignal, gained: boolean): unknown {
  if (silence.aborted) return new TemporaryError((silence.reason as Error).message, { gained, cause: error });
  if (error instanceof TemporaryError) return new TemporaryError(error.message, { gained, cause: error });
  // undici says "terminated" of an answer that breaks off, and "fetch failed" of one that never came.
  if (!(error instanceof TypeError)) return error;
  const { cause } = error as { cause?: NodeJS.ErrnoException };
  const why = cause?.code ?? cause?.message ?? error.message;
  return new TemporaryError(`no connection (${why})`, { gained, cause: error });
}

async function restart(partial: string, why: string): Promise<never> {
  await rm(partial, { force: true });
  throw new TemporaryError(why);
}

function damaged({ name }: RemoteFile, expected: string, got: string): never {
  return fail("E_HUB", {
    where: name,
    expected,
    got,
    fix: "the download was damaged and removed: try again",
  });
}

/** The bytes that are there of an unfinished file; one that cannot be right is removed. */
async function lengthOf(path: string, total: number | undefined): Promise<number> {
  const size = (await stat(path).catch(() => undefined))?.size ?? 0;
  if (total === undefined || size < total) return size;
  await rm(path, { force: true });
  return 0;
}

function expectedOf(file: RemoteFile, response: Response): Expected {
  const range = /\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1];
  // The length of a packed answer is not that of what is unpacked from it.
  const length = response.headers.get("content-encoding") === null ? response.headers.get("content-length") : null;
  const announced = range ?? (response.status === 200 ? length : null);
  const md5 = /(?:^|[\s,])md5=([\w+/]{22}==)/.exec(response.headers.get("x-goog-hash") ?? "")?.[1];
  return {
    size: file.size ?? (announced === null ? undefined : Number(announced)),
    checksum:
      file.checksum ??
      (md5 === undefined ? undefined : { kind: "md5", value: Buffer.from(md5, "base64").toString("hex") }),
  };
}

/** The hash of the expected file, fed with what is there of it at `path`. */
async function hashOf({ checksum, size }: Expected, path: string | undefined): Promise<Hash | undefined> {
  if (checksum === undefined) return undefined;
  const hash = startHash(checksum.kind, size ?? 0);
  if (path !== undefined) for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash;
}

/** A hash that is to be fed with a file of `size` bytes. */
export function startHash(kind: Checksum["kind"], size: number): Hash {
  return kind === "git" ? createHash("sha1").update(`blob ${size}\0`) : createHash(kind);
}
