/**
 * What recording costs, and how fast runs are read: the figures of docs/tracking.md.
 *
 *   npx tsx bench/tracking.ts [postgres://…]
 *
 * Without an address a folder is used, which is removed at the end (2 GB). Peers: bench/peers/trackers.py.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { init, tracker } from "../src/tracking/index.js";
import { readCurve } from "../src/tracking/queries/curve.js";
import { listRuns } from "../src/tracking/queries/runs.js";
import { openStore, type Store } from "../src/tracking/store/node/open-store.js";
import { median } from "./median.js";
import { createRandomClassifier } from "./random-classifier.js";
import { configOf, SIZES } from "./random-configs.js";

const place = mkdtempSync(join(tmpdir(), "textune-bench-"));
const dir = process.argv[2] ?? join(place, "store");
const quiet = { dir, settings: { statsSamplingInterval: 0, console: false } } as const;
const SERIES = 10;

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
async function fill(store: Store): Promise<string> {
  const numbers = (most: number) =>
    store.engine === "sqlite"
      ? sql`(with recursive counted(n) as (select 0 union all select n + 1 from counted where n + 1 < ${sql.lit(most)}) select n from counted)`
      : sql`(select n::bigint from generate_series(0, ${sql.lit(most - 1)}) as n)`;
  const template = await init({ ...quiet, project: "many" });
  for (let step = 0; step < 2000; step++) template.log(values(step));
  await template.finish();
  await sql`insert into runs select 'run' || n, project, 'run ' || n, group_name, job_type, notes, state, created_at + n, heartbeat_at, ended_at, exit_code, host, pid, config_json, summary_json, environment_json, dropped_points from runs, ${numbers(999)} as numbers where id = ${template.id}`.execute(
    store.db,
  );
  await sql`insert into series (run_id, name, points, first_step, last_step, last_value, min_value, max_value) select 'run' || n, name, points, first_step, last_step, last_value, min_value, max_value from series, ${numbers(999)} as numbers where run_id = ${template.id}`.execute(
    store.db,
  );
  await sql`insert into points select other.id, seq, step, time, value from series as other join series as own on own.run_id = ${template.id} and own.name = other.name join points on points.series_id = own.id where other.run_id like 'run%'`.execute(
    store.db,
  );
  const long = await init({ ...quiet, project: "long" });
  for (let step = 0; step < 1_000_000; step++) {
    long.log({ loss: Math.sin(step / 1000) + (step === 654_321 ? 10 : 0) });
    // Beyond a million that wait, points would be left out.
    if (step % 50_000 === 49_999) await new Promise((resolve) => setTimeout(resolve, 400));
  }
  await long.finish();
  return long.id;
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

try {
  await oneLog();
  await throughput();
  const before = await openStore(dir);
  if (before.engine === "sqlite") {
    await sql`pragma wal_checkpoint(truncate)`.execute(before.db);
    const { count } = await before.db
      .selectFrom("points")
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .executeTakeFirstOrThrow();
    report("bytes a point, all tables and indexes", (statSync(join(dir, "runs.sqlite")).size / count).toFixed(1));
  }
  await before.close();
  await shareOfTraining();
  const store = await openStore(dir);
  try {
    const longId = await fill(store);
    await timed("table of 1,000 runs", () => listRuns(store, { project: "many", limit: 1000 }));
    await timed("  sorted by a metric, first 100", () =>
      listRuns(store, { project: "many", sort: { by: "summary.metric 3", descending: true } }),
    );
    await timed("curve of a million points, 1,000 rows", () => readCurve(store, { runId: longId, name: "loss" }));
    const part = { runId: longId, name: "loss", fromStep: 600_000, toStep: 700_000 };
    await timed("  a tenth of it, 1,000 rows", () => readCurve(store, part));
    const found = (await readCurve(store, part))?.rows ?? [];
    if (Math.max(...found.map(({ max }) => max)) < 9) throw new Error("the highest point is not in the curve");
    await timed("10 curves of 2,000 points, 1,000 rows each", async () => {
      for (let i = 0; i < SERIES; i++) await readCurve(store, { runId: "run500", name: `metric ${i}` });
    });
  } finally {
    await store.close();
  }
} finally {
  rmSync(place, { recursive: true, force: true });
}
