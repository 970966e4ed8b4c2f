/** A run from elsewhere into the store, with the times it had there. */
import { hostname } from "node:os";
import { fail } from "../../base/errors.js";
import type { JsonObject } from "../json.js";
import { toJsonObject } from "../logged-values.js";
import { openRun } from "../recording/open-run.js";
import { endRun, openWriter, takePoints, writeRun } from "../recording/run-writer.js";
import { type WaitingRows, writeRows } from "../recording/write-points.js";
import { newRunId } from "../run-id.js";
import { storable } from "../storable.js";
import type { Store } from "../store/node/open-store.js";

export interface ImportedRun {
  readonly project: string;
  readonly name: string;
  readonly group?: string;
  readonly jobType?: string;
  readonly notes?: string;
  readonly tags?: readonly string[];
  readonly config?: JsonObject;
  readonly summary?: JsonObject;
  /** 0 by default: it went well. */
  readonly exitCode?: number;
  /** Where it comes from. */
  readonly source: string;
  /** By metric; times in milliseconds since 1970. */
  readonly metrics: ReadonlyMap<
    string,
    readonly { readonly step: number; readonly time: number; readonly value: number }[]
  >;
}

const PIECE = 20_000;

/** Writes a run that ended elsewhere. Steps that go back, as after a restart, are put in order. Returns its id. */
export async function importRun(store: Store, run: ImportedRun): Promise<string> {
  const all = [...run.metrics].filter(([, points]) => points.length > 0);
  const times = all.flatMap(([, points]) => [points[0].time, points[points.length - 1].time]);
  if (times.length === 0)
    fail("E_DATA", { where: run.source, expected: "numbers with a step", got: "none", fix: "name another file" });
  const createdAt = Math.min(...times);
  const endedAt = Math.max(...times);
  const id = newRunId();
  const here = { host: hostname(), pid: process.pid };
  const facts = {
    id,
    project: run.project,
    name: storable(run.name),
    group: run.group ?? "",
    jobType: run.jobType ?? "",
    notes: storable(run.notes ?? ""),
    tags: (run.tags ?? []).map(storable),
    createdAt,
    resume: "never",
    config: toJsonObject(run.config ?? {}),
    environment: {
      command: ["import", run.source],
      directory: "",
      versions: {},
      machine: { host: "", system: "", architecture: "", processor: "", cores: 0, memory: 0, gpus: [] },
    },
    statsInterval: 0,
  } as const;
  await store.db.transaction().execute(async (db) => {
    const writer = await openWriter(db, facts, await openRun(db, facts, endedAt, here));
    writer.summary = toJsonObject(run.summary ?? {});
    let index = 0;
    for (const [name, points] of all) {
      writer.names[index] = storable(name);
      const ordered = [...points].sort((a, b) => a.step - b.step);
      for (let start = 0; start < ordered.length; start += PIECE) {
        const rows: WaitingRows = { points: [], envelopes: [] };
        for (const { step, time, value } of ordered.slice(start, start + PIECE))
          await takePoints(db, writer, [0, step, Math.max(0, Math.round(time - createdAt)), index, value], rows);
        await writeRows(db, store.engine, rows);
      }
      index++;
    }
    await writeRun(db, writer, endedAt);
    await endRun(db, writer, {
      kind: "finish",
      run: 0,
      state: (run.exitCode ?? 0) === 0 ? "finished" : "failed",
      exitCode: run.exitCode ?? 0,
      endedAt,
      dropped: 0,
      request: 0,
    });
  });
  return id;
}
