import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { deserialize, serialize } from "node:v8";
import { fail } from "../../../base/errors.js";
import type { PipelineStore } from "../pipeline.js";

const MAGIC = "textune cache 1\n";
const BUFFER_BYTES = 2 ** 20;

/**
 * Keeps the items of a pipeline in a file, for `cache`. The file belongs to `key` (say, the fingerprints
 * of data and tokenizer): under another key it is made anew. It is written under a name of its own and
 * renamed when whole, so that several processes may fill it at once and none reads a part.
 *
 * @example
 * const store = fileStore<string>("cache/lowercase", reviews.fingerprint);
 * const texts = pipelineOf(reviews)
 *   .map(({ text }) => text.toLowerCase())
 *   .cache(store);
 *
 * @throws E_STORE where the file cannot be written
 */
export function fileStore<T>(path: string, key: string): PipelineStore<T> {
  const header = Buffer.from(`${MAGIC}${key.replaceAll("\n", " ")}\n`);
  return {
    async load() {
      const file = await open(path).catch(() => undefined);
      if (file === undefined) return undefined;
      try {
        const start = Buffer.alloc(header.length);
        await file.read(start, 0, header.length, 0);
        return start.equals(header) ? items<T>(path, header.length) : undefined;
      } finally {
        await file.close();
      }
    },
    async record() {
      const temporary = `${path}.${randomUUID()}.part`;
      const failed = (error: unknown): never =>
        fail(
          "E_STORE",
          {
            where: path,
            expected: "a file that can be written",
            got: error instanceof Error ? error.message : String(error),
            fix: "check the folder and the free space",
          },
          error,
        );
      const file = await mkdir(dirname(path), { recursive: true })
        .then(() => open(temporary, "w"))
        .catch(failed);
      let waiting: Buffer[] = [header];
      let size = header.length;
      const flush = async (): Promise<void> => {
        await file.write(Buffer.concat(waiting)).catch(failed);
        waiting = [];
        size = 0;
      };
      return {
        async add(item) {
          const body = serialize(item);
          const length = Buffer.alloc(4);
          length.writeUInt32LE(body.length);
          waiting.push(length, body);
          size += body.length + 4;
          if (size > BUFFER_BYTES) await flush();
        },
        async commit() {
          await flush();
          await file.close();
          await rename(temporary, path).catch(failed);
        },
        async abandon() {
          await file.close();
          await rm(temporary, { force: true });
        },
      };
    },
  };
}

async function* items<T>(path: string, from: number): AsyncGenerator<T> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { start: from, highWaterMark: BUFFER_BYTES })) {
    let bytes = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    while (bytes.length >= 4 && bytes.length >= 4 + bytes.readUInt32LE(0)) {
      const end = 4 + bytes.readUInt32LE(0);
      yield deserialize(bytes.subarray(4, end)) as T;
      bytes = bytes.subarray(end);
    }
    rest = bytes;
  }
  if (rest.length > 0)
    fail("E_STORE", { where: path, expected: "a whole cache file", got: "one that is cut off", fix: "delete it" });
}
