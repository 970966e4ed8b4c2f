/** Aliases of versions that are in the store. */
import { sql } from "kysely";
import { fail } from "../../base/errors.js";
import type { Store } from "../store/node/open-store.js";
import { checkAlias } from "./artifact-name.js";
import type { StoredArtifact } from "./find-artifact.js";

/** Gives the version the alias; another version of the artifact that had it loses it. @throws E_CONFIG for no alias */
export async function setAlias({ db }: Store, { id }: Pick<StoredArtifact, "id">, alias: string): Promise<void> {
  checkAlias(alias);
  checkMovable(alias);
  await db
    .insertInto("artifact_aliases")
    .columns(["artifact_id", "alias", "version"])
    .expression(
      db
        .selectFrom("artifact_versions")
        .select(["artifact_id", sql.val(alias).as("alias"), "version"])
        .where("id", "=", id),
    )
    .onConflict((conflict) =>
      conflict.columns(["artifact_id", "alias"]).doUpdateSet({ version: sql`excluded.version` }),
    )
    .execute();
}

/** Takes the alias from the version, where it has it. @throws E_CONFIG for `latest` */
export async function removeAlias({ db }: Store, { id }: Pick<StoredArtifact, "id">, alias: string): Promise<void> {
  checkMovable(alias);
  const version = await db
    .selectFrom("artifact_versions")
    .select(["artifact_id", "version"])
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  await db
    .deleteFrom("artifact_aliases")
    .where("artifact_id", "=", version.artifact_id)
    .where("version", "=", version.version)
    .where("alias", "=", alias)
    .execute();
}

function checkMovable(alias: string): void {
  if (alias === "latest")
    fail("E_CONFIG", {
      where: "artifact",
      expected: "an alias other than latest, which the newest version has",
      got: '"latest"',
      fix: "choose another",
    });
}
