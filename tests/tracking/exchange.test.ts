/** Runs in and out of other programs' formats. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { withDuckDB } from "../../src/data/format/node/parquet.js";
import { sendToMlflow } from "../../src/tracking/exchange/mlflow.js";
import { readTensorBoard, writeTensorBoard } from "../../src/tracking/exchange/node/tensorboard.js";
import { readWandb, wandbFiles } from "../../src/tracking/exchange/node/wandb.js";
import { writePoints } from "../../src/tracking/exchange/node/write-points.js";
import { init } from "../../src/tracking/index.js";
import { readCurve } from "../../src/tracking/queries/curve.js";
import { findRun, type RunDetails } from "../../src/tracking/queries/runs.js";
import { openStore, type Store } from "../../src/tracking/store/node/open-store.js";

const golden = fileURLToPath(new URL("../golden/event-files/", import.meta.url));
const values = Array.from({ length: 2500 }, (_, i) =>
  i === 7 ? Number.NaN : i === 9 ? Number.POSITIVE_INFINITY : i / 7,
);

let place: string;
let store: Store;
let run: RunDetails;

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), "textune exchange "));
  const dir = join(place, "store");
  const settings = { statsSamplingInterval: 0, console: false };
  const made = await init({
    dir,
    project: "p",
    name: 'a "name", with commas',
    config: { lr: 1e-4, nested: { a: [1] } },
    settings,
  });
  for (const value of values) made.log({ 'loss, "quoted"\n中': value, epoch: 1 });
  await made.finish();
  store = await openStore(dir);
  run = await findRun(store, made.id);
});
afterAll(async () => {
  await store.close();
  rmSync(place, { recursive: true, force: true });
});

it("writes every point to CSV and Parquet, as DuckDB reads them", async () => {
  for (const format of ["csv", "parquet"] as const) {
    const path = join(place, `points.${format}`);
    await writePoints(store, [run], path, format);
    const source = format === "csv" ? `read_csv('${path}', header = true)` : `'${path}'`;
    const rows = await withDuckDB(async (connection) =>
      (
        await connection.runAndReadAll(
          `select run, metric, step, epoch_ms(time), value from (select run, metric, step, time::timestamptz as time, value::double as value from ${source}) where metric != 'epoch' order by step`,
        )
      ).getRows(),
    );
    expect(rows.map((row) => row[4])).toEqual(values);
    expect(rows[3]?.slice(0, 3)).toEqual([run.id, 'loss, "quoted"\n中', 3n]);
    expect(Math.abs(Number(rows[0]?.[3]) - run.createdAt)).toBeLessThan(60_000);
  }
});

it("writes runs with their points to JSON", async () => {
  const path = join(place, "points.json");
  await writePoints(store, [run, run], path, "json");
  const read = JSON.parse(readFileSync(path, "utf8")) as (RunDetails & {
    points: Record<string, [number, number, unknown][]>;
  })[];
  expect(read).toHaveLength(2);
  const points = read[1].points['loss, "quoted"\n中'];
  expect(points.map(([, , value]) => Number(value))).toEqual(values);
  expect(points[7]?.[2]).toBe("NaN");
  expect(read[0].config).toEqual({ lr: 1e-4, nested: { a: [1] } });
});

it("gets its points back from TensorBoard's files, in single precision", async () => {
  const folder = join(place, "logs", "one run");
  await writeTensorBoard(store, run, folder);
  const [id] = await readTensorBoard(store, join(place, "logs"), "back");
  const back = await findRun(store, id);
  expect(back).toMatchObject({ project: "back", name: "one run", state: "finished" });
  const curve = await readCurve(store, { runId: id, name: 'loss, "quoted"\n中', rows: 1e6 });
  expect(curve?.rows.map(({ mean }) => mean)).toEqual(values.map(Math.fround));
  expect(curve?.rows.map(({ step }) => step)).toEqual(values.map((_, i) => i));
});

it("reads what TensorBoard's own writer wrote", async () => {
  const ids = await readTensorBoard(store, golden, "golden");
  const runs = await Promise.all(ids.map((id) => findRun(store, id)));
  expect(runs.map(({ name }) => name)).toEqual(["scalars", "tensors"]);
  for (const { id } of runs) {
    const curve = await readCurve(store, { runId: id, name: "train/loss" });
    expect(curve?.rows.map(({ step, mean }) => [step, mean])).toEqual(
      Array.from({ length: 5 }, (_, i) => [10 * i, Math.fround(1 / (i + 1))]),
    );
  }
});

it("says where an event file is damaged, and reads one that is cut to its last whole record", async () => {
  const folder = join(place, "damaged");
  const path = await writeTensorBoard(store, run, folder);
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.subarray(0, bytes.length - 5));
  const [id] = await readTensorBoard(store, path, "cut");
  expect((await findRun(store, id)).metrics.reduce((sum, { points }) => sum + points, 0)).toBe(2 * values.length - 1);
  bytes[40] ^= 1;
  writeFileSync(path, bytes);
  await expect(readTensorBoard(store, path, "cut")).rejects.toThrow(/byte \d+: expected a record of TensorBoard/);
  writeFileSync(path, "");
  await expect(readTensorBoard(store, path, "cut")).rejects.toThrow(/numbers with a step/);
  await expect(readTensorBoard(store, join(place, "nothing"), "cut")).rejects.toThrow(/a folder or a file/);
});

it("reads what wandb recorded offline: names, configuration, summary, every number", async () => {
  const folder = fileURLToPath(new URL("../golden/wandb/", import.meta.url));
  const [file] = await wandbFiles(folder);
  const [id, ...others] = await readWandb(store, [file as string]);
  expect(others).toEqual([]);
  const back = await findRun(store, id as string);
  expect(back).toMatchObject({
    ...{ project: "golden", name: "of wandb", group: "folds", jobType: "train", tags: ["old"], notes: "made offline" },
    config: { lr: 0.1, layers: [1, 2], deep: { er: true }, late: 3 },
    summary: { best: 0.5, text: "hello", loss: 0.01, "val.f1": 0.99 },
    state: "finished",
  });
  const read = async (name: string) => (await readCurve(store, { runId: id as string, name, rows: 1e6 }))?.rows ?? [];
  const steps = Array.from({ length: 100 }, (_, step) => step);
  expect((await read("loss")).map(({ step, mean }) => [step, mean])).toEqual(
    steps.map((step) => [step, 1 / (step + 1)]),
  );
  expect((await read("odd")).map(({ mean }) => mean)).toEqual(
    steps.map((step) => (step === 3 ? Number.NaN : Infinity)),
  );
  expect(await readWandb(store, [file as string], "mine").then(([one]) => findRun(store, one as string))).toMatchObject(
    {
      project: "mine",
    },
  );
  // Cut short, damaged, and no such file.
  const bytes = readFileSync(file as string);
  const path = join(place, "run-cut.wandb");
  writeFileSync(path, bytes.subarray(0, bytes.length >> 1));
  const [cut] = await readWandb(store, await wandbFiles(path));
  expect((await findRun(store, cut as string)).metrics.find(({ name }) => name === "loss")?.points).toBeLessThan(100);
  bytes[5000] ^= 1;
  writeFileSync(path, bytes);
  await expect(readWandb(store, [path])).rejects.toThrow(/byte \d+: expected an offline run of W&B/);
  writeFileSync(path, "something else");
  await expect(readWandb(store, [path])).rejects.toThrow(/another file/);
  expect(await wandbFiles(join(place, "nothing"))).toEqual([]);
});

/** What MLflow's server does with these calls, its limits included; bench/tracking.ts speaks to the real one. */
function mlflowServer(): { server: Server; calls: { path: string; body: Record<string, unknown> }[] } {
  const calls: { path: string; body: Record<string, unknown> }[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (piece: Buffer) => (text += piece));
    request.on("end", () => {
      const body = JSON.parse(text) as Record<string, unknown>;
      const path = (request.url ?? "").replace("/api/2.0/mlflow/", "");
      calls.push({ path, body });
      const { metrics = [], params = [] } = body as { metrics?: unknown[]; params?: { value: string }[] };
      const tooMuch = metrics.length > 1000 || params.length > 100 || params.some(({ value }) => value.length > 6000);
      const answers: Record<string, unknown> = {
        "experiments/search": {},
        "experiments/create": { experiment_id: "5" },
        "runs/create": { run: { info: { run_id: "abc" } } },
      };
      response.statusCode = tooMuch ? 400 : 200;
      response.end(JSON.stringify(answers[path] ?? {}));
    });
  });
  return { server, calls };
}

it("sends a run to MLflow within its limits", async () => {
  const { server, calls } = mlflowServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    expect(await sendToMlflow(store, run, `${address}/`)).toBe(`${address}/#/experiments/5/runs/abc`);
  } finally {
    server.close();
  }
  const metrics = calls.flatMap(({ body }) => (body.metrics ?? []) as { key: string; value: unknown; step: number }[]);
  expect(metrics).toHaveLength(2 * values.length);
  expect(metrics.filter(({ key }) => key === "loss_ _quoted___").map(({ value }) => Number(value))).toEqual(values);
  expect(calls.find(({ body }) => body.params !== undefined)?.body.params).toEqual([
    { key: "lr", value: "0.0001" },
    { key: "nested", value: '{"a":[1]}' },
  ]);
  expect(calls.at(-1)).toMatchObject({ path: "runs/update", body: { status: "FINISHED" } });
  await expect(sendToMlflow(store, run, address)).rejects.toThrow(/an answer from MLflow/);
});
