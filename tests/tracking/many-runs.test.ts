/** A project that has grown: ten thousand runs. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { init } from "../../src/tracking/index.js";
import { findRun, listRuns } from "../../src/tracking/queries/runs.js";
import { openStore, type Store } from "../../src/tracking/store/node/open-store.js";

const RUNS = 10_000;
let place: string;
let store: Store;

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), "textune many runs "));
  const dir = join(place, "store");
  const run = await init({ dir, name: "template", settings: { statsSamplingInterval: 0, console: false } });
  for (let i = 0; i < 10; i++) run.log({ [`metric ${i}`]: i });
  await run.finish();
  store = await openStore(dir);
  // Each with a loss of its own, in no order.
  await sql`insert into runs (id, project, name, group_name, job_type, notes, state, created_at, heartbeat_at, ended_at, exit_code,
      host, pid, config_json, summary_json, environment_json, dropped_points)
    with recursive counted(n) as (select 0 union all select n + 1 from counted where n + 1 < ${RUNS})
    select 'run-' || n, 'many', 'run ' || n, group_name, job_type, notes, state, created_at + n, heartbeat_at, ended_at,
      exit_code, host, pid, config_json, json_set(summary_json, '$.loss', (n * 7919) % ${RUNS}), environment_json, 0
    from counted, runs where id = ${run.id}`.execute(store.db);
}, 60_000);
afterAll(async () => {
  await store.close();
  rmSync(place, { recursive: true, force: true });
});

it("pages through them in order, each once", async () => {
  const seen: string[] = [];
  for (let offset = 0; offset < RUNS; offset += 2500) {
    const { runs, total } = await listRuns(store, {
      project: "many",
      sort: { by: "summary.loss" },
      limit: 2500,
      offset,
    });
    expect(total).toBe(RUNS);
    expect(runs.map(({ summary }) => summary.loss)).toEqual(Array.from({ length: 2500 }, (_, i) => offset + i));
    seen.push(...runs.map(({ id }) => id));
  }
  expect(new Set(seen).size).toBe(RUNS);
});

it("finds one by its id, its beginning and its name", async () => {
  expect((await findRun(store, "run-9876")).name).toBe("run 9876");
  expect((await findRun(store, "run 1234")).id).toBe("run-1234");
  await expect(findRun(store, "run-98")).resolves.toMatchObject({ id: "run-98" });
  await expect(findRun(store, "run-")).rejects.toThrow(/several: .*write the whole id/);
});
