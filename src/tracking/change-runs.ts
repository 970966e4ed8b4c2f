/** What is changed of runs after they ended. */
import type { Store } from "./store/node/open-store.js";

export async function setNotes({ db }: Store, id: string, notes: string): Promise<void> {
  await db.updateTable("runs").set({ notes }).where("id", "=", id).execute();
}

/** The tags of a run, in the place of those it had. */
export async function setTags({ db }: Store, id: string, tags: readonly string[]): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction.deleteFrom("run_tags").where("run_id", "=", id).execute();
    if (tags.length > 0)
      await transaction
        .insertInto("run_tags")
        .values(tags.map((tag) => ({ run_id: id, tag })))
        .execute();
  });
}

/** Removes runs with their points, tables, lines and alerts. Artifacts that they made stay, made by none. */
export async function removeRuns({ db }: Store, ids: readonly string[]): Promise<void> {
  // One at a time: a run may have millions of points, and those who write should get their turn.
  for (const id of ids) await db.deleteFrom("runs").where("id", "=", id).execute();
}
