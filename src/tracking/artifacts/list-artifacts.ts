/** Artifacts as a table shows them, and what they leave behind. */
import { fail, TextuneError } from "../../base/errors.js";
import type { Store } from "../store/node/open-store.js";

/** A version of an artifact, without its files. */
export interface ArtifactRow {
  readonly project: string;
  readonly name: string;
  readonly type: string;
  readonly version: string;
  readonly aliases: readonly string[];
  readonly bytes: number;
  readonly createdAt: number;
  readonly madeBy: string | undefined;
}

/** All versions, by name, the newest first. */
export async function listArtifacts(
  store: Store,
  {
    project,
    type,
    name,
  }: {
    readonly project?: string | undefined;
    readonly type?: string | undefined;
    readonly name?: string | undefined;
  } = {},
): Promise<readonly ArtifactRow[]> {
  const rows = await store.db
    .selectFrom("artifact_versions")
    .innerJoin("artifacts", "artifacts.id", "artifact_versions.artifact_id")
    .select([
      "artifacts.id",
      "artifacts.project",
      "artifacts.name",
      "artifacts.type",
      "artifact_versions.version",
      "artifact_versions.bytes",
      "artifact_versions.created_at",
      "artifact_versions.run_id",
    ])
    .$if(project !== undefined, (query) => query.where("artifacts.project", "=", project as string))
    .$if(type !== undefined, (query) => query.where("artifacts.type", "=", type as string))
    .$if(name !== undefined, (query) => query.where("artifacts.name", "=", name as string))
    .orderBy("artifacts.project")
    .orderBy("artifacts.name")
    .orderBy("artifact_versions.version", "desc")
    .execute();
  const aliases = await store.db.selectFrom("artifact_aliases").selectAll().orderBy("alias").execute();
  return rows.map((row) => ({
    project: row.project,
    name: row.name,
    type: row.type,
    version: `v${row.version}`,
    aliases: aliases
      .filter(({ artifact_id, version }) => artifact_id === row.id && version === row.version)
      .map(({ alias }) => alias),
    bytes: row.bytes,
    createdAt: row.created_at,
    madeBy: row.run_id ?? undefined,
  }));
}

/** A content that is not what it was, or not there, and the files that it is. */
export interface DamagedContent {
  readonly hash: string;
  readonly reason: string;
  readonly files: readonly string[];
}

/** Reads every content that versions have, each once, and says which are damaged or missing. */
export async function verifyContents(
  store: Store,
  hashes?: readonly string[],
): Promise<{ readonly contents: number; readonly damaged: readonly DamagedContent[] }> {
  const files = await store.db
    .selectFrom("artifact_files")
    .innerJoin("artifact_versions", "artifact_versions.id", "artifact_files.version_id")
    .innerJoin("artifacts", "artifacts.id", "artifact_versions.artifact_id")
    .select(["artifact_files.hash", "artifact_files.path", "artifacts.name", "artifact_versions.version"])
    .execute();
  const byHash = new Map<string, string[]>();
  for (const { hash, path, name, version } of files) {
    if (hashes !== undefined && !hashes.includes(hash)) continue;
    byHash.set(hash, [...(byHash.get(hash) ?? []), `${name}:v${version}/${path}`]);
  }
  const damaged: DamagedContent[] = [];
  for (const [hash, own] of byHash) {
    try {
      for await (const _ of store.blobs.read(hash));
    } catch (error) {
      if (!(error instanceof TextuneError)) throw error;
      damaged.push({ hash, reason: error.message, files: own });
    }
  }
  return { contents: byHash.size, damaged };
}

/** Removes a version; its contents stay until they are collected. */
export async function removeVersion(store: Store, versionId: number): Promise<void> {
  await store.db.transaction().execute(async (db) => {
    const version = await db
      .selectFrom("artifact_versions")
      .select(["artifact_id", "version"])
      .where("id", "=", versionId)
      .executeTakeFirstOrThrow();
    await db
      .deleteFrom("artifact_aliases")
      .where("artifact_id", "=", version.artifact_id)
      .where("version", "=", version.version)
      .execute();
    await db.deleteFrom("artifact_versions").where("id", "=", versionId).execute();
  });
}

/**
 * Contents that no version has. With `remove` they are removed.
 *
 * @throws E_STORE while a run is under way, which may be putting one
 */
export async function collectGarbage(
  store: Store,
  running: number,
  remove: boolean,
): Promise<{ readonly contents: number; readonly bytes: number }> {
  if (running > 0)
    fail("E_STORE", {
      where: store.name,
      expected: "no run under way, for it may be putting an artifact",
      got: String(running),
      fix: "wait until they end",
    });
  const used = new Set(
    (await store.db.selectFrom("artifact_files").select("hash").distinct().execute()).map(({ hash }) => hash),
  );
  const left = (await store.blobs.list()).filter(({ hash }) => !used.has(hash));
  if (remove) for (const { hash } of left) await store.blobs.remove(hash);
  return { contents: left.length, bytes: left.reduce((sum, { bytes }) => sum + Number(bytes), 0) };
}
