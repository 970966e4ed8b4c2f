import { Readable } from "node:stream";
import { extract } from "tar-stream";
import { type Entry, fromBuffer, open, type ZipFile } from "yauzl";
import { fail } from "../../../base/errors.js";
import { assertUnpackable, MOST_UNPACKED_BYTES } from "../../format/node/decompress.js";

/** A file in an archive; its bytes are to be read before the next member is asked for. */
export interface Member {
  readonly path: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Refuses a name that would climb out of the folder it is unpacked to, though nothing is unpacked to disk here. */
function checkName(path: string, source: string): void {
  if (path.startsWith("/") || path.includes("\\") || path.split("/").includes("..") || /^[A-Za-z]:/.test(path))
    untrusted(path, source);
}

function untrusted(path: string, source: string): never {
  return fail("E_DATA", {
    where: source,
    expected: "an archive of relative paths",
    got: `"${path}"`,
    fix: "do not trust this file",
  });
}

/** Files that archives carry along and nobody means. */
export function isHidden(path: string): boolean {
  return path.split("/").some((part) => (part.startsWith(".") && part !== "..") || part === "__MACOSX");
}

/**
 * The files of a tar archive, as they come.
 * @throws E_DATA for a damaged archive, a path that climbs out, or more than `most` bytes
 */
export async function* tarMembers(
  chunks: AsyncIterable<Uint8Array>,
  source: string,
  most = MOST_UNPACKED_BYTES,
): AsyncGenerator<Member> {
  const unpacker = extract();
  const input = Readable.from(chunks);
  input.on("error", (error) => unpacker.destroy(error));
  let size = 0;
  let members = 0;
  try {
    for await (const entry of input.pipe(unpacker)) {
      const { name, type } = entry.header;
      members++;
      if (type !== "file" || isHidden(name.replace(/^\.\//, ""))) {
        entry.resume();
        continue;
      }
      checkName(name, source);
      size += entry.header.size ?? 0;
      if (size > most)
        fail("E_DATA", {
          where: source,
          expected: `at most ${most} bytes unpacked`,
          got: "more",
          fix: "is this the right file?",
        });
      yield { path: name.replace(/^\.\//, ""), bytes: entry as AsyncIterable<Uint8Array> };
      entry.resume();
    }
  } catch (error) {
    if (error instanceof Error && error.name === "TextuneError") throw error;
    fail(
      "E_DATA",
      {
        where: source,
        expected: "a whole tar archive",
        got: error instanceof Error ? error.message : String(error),
        fix: "copy or download the file again",
      },
      error,
    );
  } finally {
    input.destroy();
    unpacker.destroy();
  }
  if (members === 0)
    fail("E_DATA", {
      where: source,
      expected: "files in the archive",
      got: "none",
      fix: "copy or download the file again",
    });
}

/**
 * The files of a zip archive, in the order of its directory.
 * @throws E_DATA for a damaged or encrypted archive, a path that climbs out, or more than `most` bytes
 */
export async function* zipMembers(
  archive: string | Buffer,
  source: string,
  most = MOST_UNPACKED_BYTES,
): AsyncGenerator<Member> {
  const damaged = (error: unknown): never => {
    // The library finds these before the names are seen here.
    const climbing = /^(?:invalid relative path|absolute path|invalid characters in fileName): (.*)$/.exec(
      error instanceof Error ? error.message : "",
    );
    if (climbing !== null) untrusted(climbing[1] as string, source);
    return fail(
      "E_DATA",
      {
        where: source,
        expected: "a whole zip archive",
        got: error instanceof Error ? error.message : String(error),
        fix: "copy or download the file again",
      },
      error,
    );
  };
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    const options = { lazyEntries: true, autoClose: false, validateEntrySizes: true };
    const done = (error: Error | null, file?: ZipFile): void =>
      error === null && file !== undefined ? resolve(file) : reject(error);
    if (typeof archive === "string") open(archive, options, done);
    else fromBuffer(archive, options, done);
  }).catch(damaged);
  const next = (): Promise<Entry | undefined> =>
    new Promise((resolve, reject) => {
      zip.once("entry", resolve);
      zip.once("end", () => resolve(undefined));
      zip.once("error", reject);
      zip.readEntry();
    });
  let size = 0;
  let packed = 0;
  try {
    for (;;) {
      zip.removeAllListeners();
      const entry = await next().catch(damaged);
      if (entry === undefined) return;
      const path = String(entry.fileName);
      if (path.endsWith("/") || isHidden(path)) continue;
      checkName(path, source);
      size += entry.uncompressedSize;
      if (size > most)
        fail("E_DATA", {
          where: source,
          expected: `at most ${most} bytes unpacked`,
          got: String(size),
          fix: "is this the right file?",
        });
      if ((entry.generalPurposeBitFlag & 1) !== 0)
        fail("E_DATA", {
          where: `${source}, ${path}`,
          expected: "a file without password",
          got: "an encrypted one",
          fix: "unpack it first",
        });
      packed += entry.compressedSize;
      // Many files may each be harmless, and fill memory together.
      assertUnpackable(source, size, packed);
      const stream = await new Promise<Readable>((resolve, reject) => {
        zip.openReadStream(entry, (error, opened) =>
          error === null && opened !== undefined ? resolve(opened) : reject(error),
        );
      }).catch(damaged);
      yield { path, bytes: guarded(stream, damaged) };
      stream.destroy();
    }
  } finally {
    zip.close();
  }
}

async function* guarded(stream: Readable, damaged: (error: unknown) => never): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of stream) yield piece as Uint8Array;
  } catch (error) {
    damaged(error);
  }
}
