/** What is changed of runs after they ended. */
import { storable } from "./storable.js";
import type { Store } from "./store/node/open-store.js";

export async function setNotes({ db }: Store, id: string, notes: string): Promise<void> {
  await db
    .updateTable("runs")
    .set({ notes: storable(notes) })
    .where("id", "=", id)
    .execute();
}

export async function setName({ db }: Store, id: string, name: string): Promise<void> {
  await db
    .updateTable("runs")
    .set({ name: storable(name) })
    .where("id", "=", id)
    .execute();
}

/** The tags of a run, in the place of those it had. */
export async function setTags({ db }: Store, id: string, tags: readonly string[]): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction.deleteFrom("run_tags").where("run_id", "=", id).execute();
    const rows = [...new Set(tags.map(storable))].map((tag) => ({ run_id: id, tag }));
    if (rows.length > 0) await transaction.insertInto("run_tags").values(rows).execute();
  });
}

/** Puts runs aside, or takes them back: lists leave out those that are put aside. Nothing of them is lost. */
export async function setArchived({ db }: Store, ids: readonly string[], archived: boolean): Promise<void> {
  const archivedAt = archived ? Date.now() : null;
  if (ids.length > 0) await db.updateTable("runs").set({ archived_at: archivedAt }).where("id", "in", ids).execute();
}

/** Removes runs with their points, tables, lines and alerts. Artifacts that they made stay, made by none. */
export async function removeRuns({ db }: Store, ids: readonly string[]): Promise<void> {
  // One at a time: a run may have millions of points, and those who write should get their turn.
  for (const id of ids) await db.deleteFrom("runs").where("id", "=", id).execute();
}
