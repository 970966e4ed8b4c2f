/** Contents in files, each named by its hash: `blobs/ab/cdef…`. */

import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { replaceFile } from "../../../base/node/replace-file.js";
import type { BlobStore } from "../blob-store.js";
import { changedWhileRead, missingBlob, verified } from "./verified.js";

/** A store of contents in `folder`, which is made when something is put. */
export function blobFolder(folder: string): BlobStore {
  const pathOf = (hash: string): string => join(folder, hash.slice(0, 2), hash.slice(2));
  const has = (hash: string): Promise<boolean> =>
    stat(pathOf(hash)).then(
      () => true,
      () => false,
    );
  return {
    has,
    async put(hash, open) {
      if (await has(hash)) return;
      const path = pathOf(hash);
      await replaceFile(path, async (temporary) => {
        const digest = createHash("sha256");
        await pipeline(
          open(),
          async function* (pieces: AsyncIterable<Uint8Array>) {
            for await (const piece of pieces) {
              digest.update(piece);
              yield piece;
            }
          },
          createWriteStream(temporary),
        );
        if (digest.digest("hex") !== hash) changedWhileRead(hash);
      });
    },
    async *read(hash) {
      if (!(await has(hash))) missingBlob(hash);
      yield* verified(hash, createReadStream(pathOf(hash)));
    },
    async list() {
      const found: { hash: string; bytes: number }[] = [];
      for (const first of await readdir(folder).catch(() => [])) {
        for (const rest of await readdir(join(folder, first)).catch(() => [])) {
          if (/^[0-9a-f]{62}$/.test(rest))
            found.push({ hash: first + rest, bytes: (await stat(join(folder, first, rest))).size });
        }
      }
      return found;
    },
    remove: (hash) => rm(pathOf(hash), { force: true }),
  };
}
