/** An artifact into the store: its contents by hash, and a new version where they are not those of the last. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { sql } from "kysely";
import { fail, TextuneError } from "../../base/errors.js";
import type { JsonObject } from "../json.js";
import type { Store } from "../store/node/open-store.js";

export interface NewArtifact {
  readonly project: string;
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly metadata: JsonObject;
  readonly aliases: readonly string[];
  readonly files: readonly { readonly path: string; readonly source: string }[];
  /** The run that makes it; undefined where it is put by hand. */
  readonly runId?: string;
}

/** A version that is in the store. */
export interface PutArtifact {
  readonly name: string;
  /** "v0", "v1", … */
  readonly version: string;
  readonly digest: string;
  readonly bytes: number;
  /** Whether these files were the newest version already: then there is no new one. */
  readonly unchanged: boolean;
}

/**
 * Puts an artifact. Contents that are in the store are not written again.
 *
 * @throws E_STORE where a file is missing, or changes while it is read; the store then has no new version
 */
export async function putArtifact(store: Store, artifact: NewArtifact): Promise<PutArtifact> {
  const files: { path: string; hash: string; bytes: number }[] = [];
  for (const { path, source } of [...artifact.files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const { hash, bytes } = await hashFile(source);
    await store.blobs.put(hash, () => createReadStream(source));
    files.push({ path, hash, bytes });
  }
  const digest = createHash("sha256")
    .update(files.map(({ path, hash }) => `${JSON.stringify(path)} ${hash}\n`).join(""))
    .digest("hex");
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);

  return store.db.transaction().execute(async (db) => {
    const { project, name, type, description, runId } = artifact;
    await db
      .insertInto("artifacts")
      .values({ project, name, type, description })
      .onConflict((conflict) => conflict.columns(["project", "name"]).doNothing())
      .execute();
    const owner = await db
      .selectFrom("artifacts")
      .select(["id", "type"])
      .where("project", "=", project)
      .where("name", "=", name)
      // Two that put a version at once: the second waits. In SQLite the whole transaction does.
      .$if(store.engine === "postgres", (query) => query.forUpdate())
      .executeTakeFirstOrThrow();
    if (owner.type !== type)
      fail("E_CONFIG", {
        where: `artifact ${name}`,
        expected: `type "${owner.type}", as its versions have`,
        got: `"${type}"`,
        fix: "choose another name",
      });
    const last = await db
      .selectFrom("artifact_versions")
      .select(["version", "digest"])
      .where("artifact_id", "=", owner.id)
      .orderBy("version", "desc")
      .limit(1)
      .executeTakeFirst();
    const unchanged = last?.digest === digest;
    const version = unchanged ? last.version : (last?.version ?? -1) + 1;
    if (!unchanged) {
      const { id } = await db
        .insertInto("artifact_versions")
        .values({
          artifact_id: owner.id,
          version,
          digest,
          bytes,
          metadata_json: JSON.stringify(artifact.metadata),
          created_at: Date.now(),
          run_id: runId ?? null,
        })
        .returning("id")
        .executeTakeFirstOrThrow();
      for (let start = 0; start < files.length; start += 500) {
        const rows = files.slice(start, start + 500).map((file) => ({ version_id: id, ...file }));
        await db.insertInto("artifact_files").values(rows).execute();
      }
    }
    for (const alias of new Set(["latest", ...artifact.aliases])) {
      await db
        .insertInto("artifact_aliases")
        .values({ artifact_id: owner.id, alias, version })
        .onConflict((conflict) =>
          conflict.columns(["artifact_id", "alias"]).doUpdateSet({ version: sql`excluded.version` }),
        )
        .execute();
    }
    return { name, version: `v${version}`, digest, bytes, unchanged };
  });
}

async function hashFile(path: string): Promise<{ hash: string; bytes: number }> {
  try {
    const before = await stat(path);
    if (!before.isFile())
      fail("E_STORE", { where: path, expected: "a file", got: "something else", fix: "add a folder with addDir" });
    const digest = createHash("sha256");
    let bytes = 0;
    for await (const piece of createReadStream(path)) {
      digest.update(piece as Uint8Array);
      bytes += (piece as Uint8Array).length;
    }
    return { hash: digest.digest("hex"), bytes };
  } catch (error) {
    if (error instanceof TextuneError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    return fail(
      "E_STORE",
      {
        where: path,
        expected: "a file of the artifact",
        got: code === "ENOENT" ? "none: it was moved or deleted" : String((error as Error).message),
        fix: "log the artifact before its files go",
      },
      error,
    );
  }
}
