/** Artifacts out of the store. */

import { createWriteStream } from "node:fs";
import { isAbsolute, join, normalize, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { fail } from "../../base/errors.js";
import { didYouMean } from "../../base/nearest.js";
import { replaceFile } from "../../base/node/replace-file.js";
import type { JsonObject } from "../json.js";
import type { Store } from "../store/node/open-store.js";
import { parseReference } from "./artifact-name.js";

/** A version of an artifact, with its files. */
export interface StoredArtifact {
  readonly id: number;
  readonly project: string;
  readonly name: string;
  readonly type: string;
  readonly description: string;
  /** "v0", "v1", … */
  readonly version: string;
  readonly aliases: readonly string[];
  readonly digest: string;
  readonly bytes: number;
  readonly metadata: JsonObject;
  readonly createdAt: number;
  /** The run that made it. */
  readonly madeBy: string | undefined;
  /** The runs that used it. */
  readonly usedBy: readonly string[];
  readonly files: readonly { readonly path: string; readonly hash: string; readonly bytes: number }[];
}

/**
 * Finds "name:version" or "project/name:version".
 *
 * @param project where the reference names none; undefined for the only project that has the name
 * @throws E_STORE where there is none, or several projects have one
 */
export async function findArtifact(store: Store, reference: string, project?: string): Promise<StoredArtifact> {
  const asked = parseReference(reference);
  const wanted = asked.project === "" ? project : asked.project;
  const named = await store.db
    .selectFrom("artifacts")
    .selectAll()
    .where("name", "=", asked.name)
    .$if(wanted !== undefined, (query) => query.where("project", "=", wanted as string))
    .execute();
  if (named.length > 1)
    fail("E_STORE", {
      where: `artifact ${reference}`,
      expected: "one of this name",
      got: `one in each of ${named.map((one) => `"${one.project}"`).join(", ")}`,
      fix: `name the project, as in ${named[0].project}/${asked.name}`,
    });
  const owner = named[0] ?? (await missing(store, reference, asked.name));
  const alias = await store.db
    .selectFrom("artifact_aliases")
    .select("version")
    .where("artifact_id", "=", owner.id)
    .where("alias", "=", asked.version)
    .executeTakeFirst();
  const number = alias?.version ?? (/^v\d{1,9}$/.test(asked.version) ? Number(asked.version.slice(1)) : -1);
  const version = await store.db
    .selectFrom("artifact_versions")
    .selectAll()
    .where("artifact_id", "=", owner.id)
    .where("version", "=", number)
    .executeTakeFirst();
  if (version === undefined) {
    const aliases = await store.db
      .selectFrom("artifact_aliases")
      .select("alias")
      .where("artifact_id", "=", owner.id)
      .execute();
    return fail("E_STORE", {
      where: `artifact ${reference}`,
      expected: "a version or alias that it has",
      got: `"${asked.version}"`,
      fix: didYouMean(
        asked.version,
        aliases.map((row) => row.alias),
      ),
    });
  }
  const [aliases, files, uses] = await Promise.all([
    store.db
      .selectFrom("artifact_aliases")
      .select("alias")
      .where("artifact_id", "=", owner.id)
      .where("version", "=", version.version)
      .orderBy("alias")
      .execute(),
    store.db
      .selectFrom("artifact_files")
      .select(["path", "hash", "bytes"])
      .where("version_id", "=", version.id)
      .orderBy("path")
      .execute(),
    store.db
      .selectFrom("artifact_uses")
      .select("run_id")
      .where("version_id", "=", version.id)
      .orderBy("time")
      .execute(),
  ]);
  return {
    id: version.id,
    project: owner.project,
    name: owner.name,
    type: owner.type,
    description: owner.description,
    version: `v${version.version}`,
    aliases: aliases.map((row) => row.alias),
    digest: version.digest,
    bytes: version.bytes,
    metadata: JSON.parse(version.metadata_json) as JsonObject,
    createdAt: version.created_at,
    madeBy: version.run_id ?? undefined,
    usedBy: uses.map((row) => row.run_id),
    files,
  };
}

async function missing(store: Store, reference: string, name: string): Promise<never> {
  const others = await store.db.selectFrom("artifacts").select("name").distinct().limit(1000).execute();
  return fail("E_STORE", {
    where: `artifact ${reference}`,
    expected: "an artifact of the store",
    got: others.length === 0 ? "no artifacts at all" : "none of this name",
    ...(others.length === 0
      ? {}
      : {
          fix: didYouMean(
            name,
            others.map((row) => row.name),
          ),
        }),
  });
}

/**
 * Writes the files of an artifact below `folder`. Each is verified, and stands under its name only once it is whole.
 *
 * @throws E_STORE where content is missing or damaged, or the folder cannot be written
 */
export async function downloadArtifact(store: Store, artifact: StoredArtifact, folder: string): Promise<void> {
  for (const { path, hash } of artifact.files) {
    const write = (temporary: string) => pipeline(store.blobs.read(hash), createWriteStream(temporary));
    await replaceFile(join(folder, safePath(path)), write);
  }
}

/** A path of an artifact never leads out of the folder, whoever wrote the store. */
function safePath(path: string): string {
  const plain = normalize(path);
  if (isAbsolute(plain) || plain === ".." || plain.startsWith(`..${sep}`))
    fail("E_STORE", {
      where: `artifact file ${JSON.stringify(path)}`,
      expected: "a path inside the artifact",
      got: path,
    });
  return plain;
}
