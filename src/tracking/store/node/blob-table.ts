/** Contents in the database, in parts of a megabyte: a team's server is the one place that all its machines see. */
import { createHash } from "node:crypto";
import { type Kysely, sql } from "kysely";
import type { BlobStore } from "../blob-store.js";
import type { Schema } from "../schema.js";
import { changedWhileRead, missingBlob, verified } from "./verified.js";

const PART = 2 ** 20;

/** A store of contents in the table `blob_parts`. */
export function blobTable(db: Kysely<Schema>): BlobStore {
  const has = async (hash: string): Promise<boolean> =>
    (await db.selectFrom("blob_parts").select("part").where("hash", "=", hash).limit(1).executeTakeFirst()) !==
    undefined;
  async function* partsOf(hash: string): AsyncGenerator<Uint8Array> {
    for (let part = 0; ; part++) {
      const row = await db
        .selectFrom("blob_parts")
        .select("content")
        .where("hash", "=", hash)
        .where("part", "=", part)
        .executeTakeFirst();
      if (row === undefined) return;
      yield row.content;
    }
  }
  return {
    has,
    async put(hash, open) {
      if (await has(hash)) return;
      await db.transaction().execute(async (transaction) => {
        const digest = createHash("sha256");
        let part = 0;
        const keep = async (content: Uint8Array): Promise<void> => {
          await transaction
            .insertInto("blob_parts")
            .values({ hash, part: part++, content: Buffer.from(content) })
            .onConflict((conflict) => conflict.doNothing())
            .execute();
        };
        let waiting = Buffer.alloc(0);
        for await (const piece of open()) {
          digest.update(piece);
          waiting = Buffer.concat([waiting, piece]);
          while (waiting.length >= PART) {
            await keep(waiting.subarray(0, PART));
            waiting = waiting.subarray(PART);
          }
        }
        // An empty file has a part too, so that it is there.
        if (waiting.length > 0 || part === 0) await keep(waiting);
        if (digest.digest("hex") !== hash) changedWhileRead(hash);
      });
    },
    async *read(hash) {
      if (!(await has(hash))) missingBlob(hash);
      yield* verified(hash, partsOf(hash));
    },
    async list() {
      return db
        .selectFrom("blob_parts")
        .select(["hash", sql<number>`sum(length(content))`.as("bytes")])
        .groupBy("hash")
        .execute();
    },
    async remove(hash) {
      await db.deleteFrom("blob_parts").where("hash", "=", hash).execute();
    },
  };
}
