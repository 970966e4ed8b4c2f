/** What the Studio says of the data that runs used. */
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { DataReport } from "../../src/data/report/data-report.js";
import type { RunningStudio } from "../../src/studio/node/server.js";
import type { DataSetList, DataSetReport } from "../../src/studio/wire/data.js";
import { init } from "../../src/tracking/index.js";
import { dataRun } from "../support/data-run.js";
import { studioOf } from "../support/studio-of.js";

const place = mkdtempSync(join(tmpdir(), "textune studio data "));
const dir = join(place, "store");
let studio: RunningStudio;
let run: { readonly id: string; readonly file: string };

beforeAll(async () => {
  run = await dataRun(dir, place);
  const settings = { statsSamplingInterval: 0, console: false } as const;
  const other = await init({ dir, name: "from elsewhere", settings });
  const train = { source: "postgres://somebody@elsewhere/db", rows: 3, fingerprint: "f".repeat(32) };
  other.describe({ data: { train }, reproduce: { command: "train", given: { data: train.source } } });
  await other.finish();
  const program = await init({ dir, name: "of a program", settings });
  program.describe({ data: { train: { source: "rows (train)", rows: 3, fingerprint: "e".repeat(32) } } });
  await program.finish();
  studio = await studioOf(dir);
});
afterAll(async () => {
  await studio.close();
  rmSync(place, { recursive: true, force: true, maxRetries: 3 });
});

const ask = async <T>(path: string): Promise<T> => (await (await fetch(`${studio.address}${path}`)).json()) as T;

it("lists what runs were trained on, and whether it is there", async () => {
  const { sets } = await ask<DataSetList>("/api/data");
  expect(sets.map(({ source, state }) => [source, state])).toEqual([
    ["rows", "unknown"],
    ["postgres://somebody@elsewhere/db", "elsewhere"],
    [run.file, "there"],
  ]);
  const away = await ask<DataSetReport>(`/api/data/${"f".repeat(32)}`);
  expect(away).toMatchObject({ reading: "unread", said: expect.stringContaining("not on this computer") });
});

it("reads and splits the data as the run did, then says that it changed, then that it is gone", async () => {
  const same = await ask<DataSetReport>(`/api/data/${run.id}`);
  expect([same.reading, same.said]).toEqual(["same", expect.stringContaining("unchanged")]);
  const report = same.report as DataReport;
  expect(report.parts.map(({ name, rows }) => ({ name, rows }))).toEqual(same.parts);
  appendFileSync(run.file, "\none more row,billing\n");
  const changed = await ask<DataSetReport>(`/api/data/${run.id}`);
  expect(changed.reading).toBe("changed");
  expect((changed.report as DataReport).rows).toBe(report.rows + 1);
  rmSync(run.file);
  const gone = await ask<DataSetReport>(`/api/data/${run.id}`);
  expect(gone).toMatchObject({ state: "gone", reading: "unread", said: expect.stringContaining(run.file) });
  expect(gone.report).toBeUndefined();
});
