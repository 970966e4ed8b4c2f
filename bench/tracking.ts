/**
 * What recording costs, and how fast runs are read: the figures of docs/tracking.md.
 *
 *   npx tsx bench/tracking.ts                      all of it, in a folder that is removed at the end (2 GB)
 *   npx tsx bench/tracking.ts write|train [STORE]  what it costs
 *   npx tsx bench/tracking.ts fill STORE           makes 1,000 runs and a curve of a million points
 *   npx tsx bench/tracking.ts read STORE           how fast these are read
 *
 * STORE is a folder or a postgres:// address. Peers: bench/peers/trackers.py.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { init, tracker } from "../src/tracking/index.js";
import { readChanges } from "../src/tracking/queries/changes.js";
import { readCurve } from "../src/tracking/queries/curve.js";
import { groupRuns } from "../src/tracking/queries/group-runs.js";
import { listRunFields } from "../src/tracking/queries/run-fields.js";
import { listRuns } from "../src/tracking/queries/runs.js";
import { openStore } from "../src/tracking/store/node/open-store.js";
import { median } from "./median.js";
import { createRandomClassifier } from "./random-classifier.js";
import { configOf, SIZES } from "./random-configs.js";

const place = mkdtempSync(join(tmpdir(), "textune-bench-"));
const [part = "all", dir = join(place, "store")] = process.argv.slice(2);
const quiet = { dir, settings: { statsSamplingInterval: 0, console: false } } as const;
const SERIES = 10;
const LONG = "million";

function values(step: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: SERIES }, (_, i) => [`metric ${i}`, Math.sin(step / (i + 1))]));
}

function report(what: string, figure: string): void {
  console.log(`${what.padEnd(60)} ${figure}`);
}

async function oneLog(): Promise<void> {
  const run = await init(quiet);
  const times: number[] = [];
  for (let step = 0; step < 20_000; step++) {
    const logged = values(step);
    const start = performance.now();
    run.log(logged);
    times.push(1000 * (performance.now() - start));
    // A training has steps between: a millisecond each hundredth call is more than enough for the bound.
    if (step % 100 === 99) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await run.finish();
  times.sort((a, b) => a - b);
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  report(
    `log of ${SERIES} numbers, µs: mean, median, 99 %, longest`,
    [mean, times[times.length >> 1], times[Math.floor(0.99 * times.length)], times[times.length - 1]]
      .map((time) => time.toFixed(1))
      .join("  "),
  );
}

async function throughput(): Promise<void> {
  const run = await init(quiet);
  const steps = 50_000;
  const used = process.cpuUsage();
  const start = performance.now();
  for (let step = 0; step < steps; step++) run.log(values(step));
  const logged = performance.now();
  await run.finish();
  const seconds = (performance.now() - start) / 1000;
  report("points/s into the store, finish included", Math.round((steps * SERIES) / seconds).toLocaleString("en"));
  const { user, system } = process.cpuUsage(used);
  report("  processor time of a point, all threads, µs", ((user + system) / (steps * SERIES)).toFixed(2));
  report("  of which the thread that logs was busy, s", ((logged - start) / 1000).toFixed(2));
}

/** Steps of the smallest model, 32 texts of 32 tokens, with recording and without, in blocks in turn. */
async function shareOfTraining(): Promise<void> {
  const { trainer, batch } = await createRandomClassifier(configOf("bert", SIZES["L2/H128"], 0.1), {
    threads: 2,
    gradientCheckpointing: false,
  });
  const run = await init(quiet);
  const { onStep } = tracker(run);
  const parts = batch(32, 32);
  const steps: Record<"with" | "without", number[]> = { with: [], without: [] };
  const callbacks: number[] = [];
  for (let step = 0; step < 420; step++) {
    const how = Math.floor(step / 20) % 2 === 0 ? "without" : "with";
    const start = performance.now();
    const { loss, gradientNorm } = await trainer.step(parts, step, 1e-4);
    const end = performance.now();
    if (how === "with") {
      await onStep?.({
        ...{ step: step + 1, steps: 420, epoch: 1, loss, gradientNorm, learningRate: 1e-4 },
        ...{ examples: 32, tokens: 1024, milliseconds: end - start },
      });
      callbacks.push(performance.now() - end);
    }
    if (step >= 20) steps[how].push(performance.now() - start);
  }
  await run.finish();
  await trainer.close();
  const [recorded, alone, callback] = [steps.with, steps.without, callbacks].map(median);
  report("step of L2/H128, 32 texts of 32 tokens, ms: recorded, alone", `${recorded.toFixed(2)}  ${alone.toFixed(2)}`);
  report("  the callback's share of it, %", ((100 * callback) / alone).toFixed(3));
}

/** 1,000 runs with 10 series of 2,000 points, and one series of a million: made in the database, for speed. */
async function fill(): Promise<void> {
  const store = await openStore(dir);
  const numbers = (most: number) =>
    store.engine === "sqlite"
      ? sql`(with recursive counted(n) as (select 0 union all select n + 1 from counted where n + 1 < ${sql.lit(most)}) select n from counted)`
      : sql`(select n::bigint from generate_series(0, ${sql.lit(most - 1)}) as n)`;
  const template = await init({ ...quiet, project: "many" });
  for (let step = 0; step < 2000; step++) template.log(values(step));
  await template.finish();
  await sql`insert into runs (id, project, name, group_name, job_type, notes, state, created_at, heartbeat_at, ended_at, exit_code, host, pid, config_json, summary_json, environment_json, dropped_points) select 'run' || n, project, 'run ' || n, group_name, job_type, notes, state, created_at + n, heartbeat_at, ended_at, exit_code, host, pid, config_json, summary_json, environment_json, dropped_points from runs, ${numbers(999)} as numbers where id = ${template.id}`.execute(
    store.db,
  );
  await sql`insert into series (run_id, name, points, first_step, last_step, last_value, min_value, max_value) select 'run' || n, name, points, first_step, last_step, last_value, min_value, max_value from series, ${numbers(999)} as numbers where run_id = ${template.id}`.execute(
    store.db,
  );
  await sql`insert into points select other.id, seq, step, time, value from series as other join series as own on own.run_id = ${template.id} and own.name = other.name join points on points.series_id = own.id where other.run_id like 'run%'`.execute(
    store.db,
  );
  const long = await init({ ...quiet, project: "long", id: LONG });
  for (let step = 0; step < 1_000_000; step++) {
    long.log({ loss: Math.sin(step / 1000) + (step === 654_321 ? 10 : 0) });
    // Beyond a million that wait, points would be left out.
    if (step % 50_000 === 49_999) await new Promise((resolve) => setTimeout(resolve, 400));
  }
  await long.finish();
  if (store.engine === "postgres") await sql`analyze`.execute(store.db);
  await store.close();
}

async function timed(what: string, task: () => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < 7; i++) {
    const start = performance.now();
    await task();
    times.push(performance.now() - start);
  }
  report(what, `${median(times).toFixed(1)} ms (longest of 7: ${Math.max(...times).toFixed(1)})`);
}

/** What a point takes on disk, of a folder that has little else. */
async function size(): Promise<void> {
  const store = await openStore(dir);
  const { count } = await store.db
    .selectFrom("points")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  let bytes: number;
  if (store.engine === "sqlite") {
    await sql`pragma wal_checkpoint(truncate)`.execute(store.db);
    bytes = statSync(join(dir, "runs.sqlite")).size;
  } else {
    const { rows } = await sql<{
      readonly bytes: number;
    }>`select pg_total_relation_size('points') + pg_total_relation_size('envelopes') as bytes`.execute(store.db);
    bytes = rows[0].bytes;
  }
  await store.close();
  report("bytes a point, all tables and indexes", (bytes / count).toFixed(1));
}

async function read(): Promise<void> {
  const store = await openStore(dir);
  const project = { project: "many" };
  await timed("table of 1,000 runs", () => listRuns(store, { ...project, limit: 1000 }));
  await timed("  sorted by a metric, first 100", () =>
    listRuns(store, { ...project, sort: { by: "summary.metric 3", descending: true } }),
  );
  await timed("  its columns", () => listRunFields(store, project));
  await timed("  in groups by a metric, with two averages", () =>
    groupRuns(store, { by: ["summary.metric 3"], of: ["summary.metric 1", "duration"], filter: project }),
  );
  const { cursor } = await readChanges(store);
  await timed("  what changed since", () => readChanges(store, cursor));
  const long = { runId: LONG, name: "loss" };
  await timed("curve of a million points, 1,000 rows", () => readCurve(store, long));
  const tenth = { ...long, fromStep: 600_000, toStep: 700_000 };
  await timed("  a tenth of it, 1,000 rows", () => readCurve(store, tenth));
  const found = (await readCurve(store, tenth))?.rows ?? [];
  if (Math.max(...found.map(({ max }) => max)) < 9) throw new Error("the highest point is not in the curve");
  await timed("10 curves of 2,000 points, 1,000 rows each", () =>
    Promise.all(Array.from({ length: SERIES }, (_, i) => readCurve(store, { runId: "run500", name: `metric ${i}` }))),
  );
  await timed("one metric of 100 runs, 2,000 points each, 500 rows", () =>
    Promise.all(
      Array.from({ length: 100 }, (_, i) => readCurve(store, { runId: `run${i}`, name: "metric 1", rows: 500 })),
    ),
  );
  await store.close();
}

const PARTS: Readonly<Record<string, readonly (() => Promise<void>)[]>> = {
  write: [oneLog, throughput, size],
  train: [shareOfTraining],
  fill: [fill],
  read: [read],
};

try {
  for (const task of part === "all" ? Object.values(PARTS).flat() : PARTS[part]) await task();
} finally {
  rmSync(place, { recursive: true, force: true });
}
