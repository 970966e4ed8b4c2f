/** Runs as a program records them, in each kind of store, read back through the queries. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { findArtifact } from "../../src/tracking/artifacts/find-artifact.js";
import { Artifact, init, Table } from "../../src/tracking/index.js";
import { readCurve } from "../../src/tracking/queries/curve.js";
import { readAlerts, readConsole, readTable } from "../../src/tracking/queries/pages.js";
import { findRun, listRuns } from "../../src/tracking/queries/runs.js";
import { openStore, type Store } from "../../src/tracking/store/node/open-store.js";
import { onEveryStore } from "../support/stores.js";

const warnings: string[] = [];
const quiet = {
  settings: { statsSamplingInterval: 0, console: false },
  onWarning: (line: string) => warnings.push(line),
};
let place: string;
beforeEach(async () => {
  warnings.length = 0;
  place = await mkdtemp(join(tmpdir(), "textune tracking "));
});
afterEach(() => rm(place, { recursive: true, force: true }));

async function inStore<T>(address: string, task: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(address);
  try {
    return await task(store);
  } finally {
    await store.close();
  }
}

onEveryStore((fresh) => {
  it("keeps all that is said of a run", async () => {
    const dir = fresh();
    const circle: Record<string, unknown> = { depth: 2 };
    circle.self = circle;
    const run = await init({
      ...quiet,
      dir,
      project: "reviews / 中文",
      group: "folds",
      jobType: "train",
      name: "../a name with slashes\u001b[31m",
      tags: ["a", "b", "a"],
      notes: "first",
      config: { learningRate: 1e-4, circle },
    });
    run.config.epochs = 3;
    run.defineMetric("loss", { summary: "min" });
    for (let step = 0; step < 5; step++) run.log({ loss: 5 - step, nested: { x: step }, ok: true });
    run.log({ loss: Number.NaN, weird: Number.POSITIVE_INFINITY, name: "text", bad: [1] });
    run.log(
      {
        rows: new Table({
          columns: ["text", "n"],
          data: [
            ["hi", Number.NaN],
            ["中", 2],
          ],
        }),
      },
      { step: 9 },
    );
    run.alert({ title: "loss is NaN", text: "look", level: "WARN" });
    run.summary.best = 0.5;
    expect(run.summary.ok).toBe(1);
    await run.finish();

    await inStore(dir, async (store) => {
      const found = await findRun(store, run.id);
      expect(found).toMatchObject({
        project: "reviews / 中文",
        group: "folds",
        jobType: "train",
        name: "../a name with slashes\u001b[31m",
        tags: ["a", "b"],
        notes: "first",
        state: "finished",
        config: { learningRate: 1e-4, circle: { depth: 2, self: "[circular]" }, epochs: 3 },
        summary: { "loss.min": 1, "nested.x": 4, ok: 1, weird: "Infinity", name: "text", best: 0.5 },
        rules: [{ name: "loss", rule: { summary: "min" } }],
      });
      expect(found.environment.machine.cores).toBeGreaterThan(0);
      const loss = await readCurve(store, { runId: run.id, name: "loss" });
      expect(loss?.rows.map(({ step, mean }) => [step, mean])).toEqual([
        [0, 5],
        [1, 4],
        [2, 3],
        [3, 2],
        [4, 1],
        [5, Number.NaN],
      ]);
      expect((await readCurve(store, { runId: run.id, name: "weird" }))?.last).toBe(Number.POSITIVE_INFINITY);
      expect(found.tables).toMatchObject([{ name: "rows", step: 9, columns: ["text", "n"], rows: 2 }]);
      expect((await readTable(store, found.tables[0].id)).rows.map(({ cells }) => cells)).toEqual([
        ["hi", "NaN"],
        ["中", 2],
      ]);
      expect(await readAlerts(store, run.id)).toMatchObject([{ title: "loss is NaN", text: "look", level: "WARN" }]);
    });
    expect(warnings.join("\n")).toContain('"bad" is no number');
    expect(warnings.join("\n")).toContain('"name" is a text');
  });

  it("takes a configuration of 100,000 keys", async () => {
    const dir = fresh();
    const run = await init({ ...quiet, dir });
    run.config.update(Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`key ${i}`, i])));
    run.log({ loss: 1 });
    await run.finish();
    await inStore(dir, async (store) => {
      const { config, summary } = await findRun(store, run.id);
      expect(Object.keys(config)).toHaveLength(100_000);
      expect([config["key 77777"], summary.loss]).toEqual([77_777, 1]);
    });
    expect(warnings).toEqual([]);
  });

  it("keeps two runs of one name apart", async () => {
    const dir = fresh();
    const runs = await Promise.all([1, 2].map(() => init({ ...quiet, dir, name: "twin" })));
    for (const [i, run] of runs.entries()) run.log({ own: i });
    await Promise.all(runs.map((run) => run.finish()));
    await inStore(dir, async (store) => {
      for (const [i, { id }] of runs.entries())
        expect(await findRun(store, id)).toMatchObject({ name: "twin", summary: { own: i } });
      await expect(findRun(store, "twin")).rejects.toThrow(
        /expected one run, got several: \w+, \w+; write the whole id/,
      );
    });
  });

  it("counts time on where the clock of the machine goes back", async () => {
    const dir = fresh();
    const run = await init({ ...quiet, dir });
    run.log({ loss: 1 });
    const { now } = Date;
    try {
      Date.now = () => now() - 3_600_000;
      run.log({ loss: 2 });
    } finally {
      Date.now = now;
    }
    run.log({ loss: 3 });
    await run.finish();
    await inStore(dir, async (store) => {
      const rows = await store.db.selectFrom("points").select("time").orderBy("seq").execute();
      const times = rows.map(({ time }) => time);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(times).toHaveLength(3);
      expect(Math.min(...times)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...times)).toBeLessThan(60_000);
    });
  });

  it("draws a curve by its extremes at any size, whole and in part", async () => {
    const dir = fresh();
    const run = await init({ ...quiet, dir });
    const all = Array.from({ length: 5000 }, (_, i) =>
      i === 3333 ? 1000 : i % 97 === 0 ? Number.NaN : Math.sin(i / 50),
    );
    for (const [i, value] of all.entries()) run.log({ x: value }, { step: 2 * i });
    await run.finish();
    await inStore(dir, async (store) => {
      for (const [rows, fromStep, toStep] of [
        [10, undefined, undefined],
        [300, undefined, undefined],
        [50, 1001, 7777],
        [7, 6000, undefined],
        [5000, 100, 300],
        [10_000, undefined, undefined],
      ] as const) {
        const curve = await readCurve(store, { runId: run.id, name: "x", rows, fromStep, toStep });
        const part = all.slice(
          Math.ceil((fromStep ?? 0) / 2),
          toStep === undefined ? undefined : Math.floor(toStep / 2) + 1,
        );
        const numbers = part.filter((value) => !Number.isNaN(value));
        const got = curve?.rows ?? [];
        expect(got.length).toBeLessThanOrEqual(rows + 33);
        expect(got.reduce((sum, { points }) => sum + points, 0)).toBe(part.length);
        expect(got.reduce((sum, { nans }) => sum + nans, 0)).toBe(part.length - numbers.length);
        expect(Math.max(...got.map(({ max }) => max).filter((one) => !Number.isNaN(one)))).toBe(Math.max(...numbers));
        expect(Math.min(...got.map(({ min }) => min).filter((one) => !Number.isNaN(one)))).toBe(Math.min(...numbers));
        const sum = got.reduce(
          (total, { mean, points, nans }) => total + (points === nans ? 0 : mean * (points - nans)),
          0,
        );
        expect(sum).toBeCloseTo(
          numbers.reduce((total, value) => total + value, 0),
          6,
        );
        expect(got.map(({ step }) => step)).toEqual(got.map(({ step }) => step).sort((a, b) => a - b));
      }
    });
  });

  it("takes a run up where it ended, and its curves as if it never had", async () => {
    const dir = fresh();
    const whole = await init({ ...quiet, dir });
    for (let i = 0; i < 1000; i++) whole.log({ x: i % 10 });
    await whole.finish();
    const id = "in-parts";
    for (let part = 0; part < 4; part++) {
      const run = await init({ ...quiet, dir, id, resume: "allow", config: { part } });
      expect(run.step).toBe(250 * part);
      for (let i = 0; i < 250; i++) run.log({ x: run.step % 10 });
      await run.finish();
    }
    await inStore(dir, async (store) => {
      const rows = async (runId: string) =>
        (await readCurve(store, { runId, name: "x", rows: 8 }))?.rows.map(({ time: _, ...row }) => row);
      expect(await rows(id)).toEqual(await rows(whole.id));
      expect((await findRun(store, id)).config).toEqual({ part: 3 });
    });
    await expect(init({ ...quiet, dir, id })).rejects.toThrow(/"in-parts", which is there already/);
    await expect(init({ ...quiet, dir, id: "nothing", resume: "must" })).rejects.toThrow(/a run "nothing" to resume/);
  });

  it("keeps artifacts once, by versions and aliases, with who made and used them", async () => {
    const dir = fresh();
    const file = join(place, "weights.bin");
    await writeFile(file, "one");
    const run = await init({ ...quiet, dir, project: "p" });
    const model = (): Artifact => {
      const artifact = new Artifact({ name: "model", type: "model", metadata: { f1: 0.9 } });
      artifact.addFile(file, "weights/w.bin");
      return artifact;
    };
    expect((await run.logArtifact(model(), { aliases: ["best"] })).version).toBe("v0");
    expect(await run.logArtifact(model())).toMatchObject({ version: "v0", unchanged: true });
    await writeFile(file, "two");
    expect((await run.logArtifact(model())).version).toBe("v1");
    const user = await init({ ...quiet, dir, project: "p", jobType: "evaluate" });
    const used = await user.useArtifact("model:best");
    expect(used).toMatchObject({ version: "v0", madeBy: run.id, metadata: { f1: 0.9 } });
    const folder = await used.download(join(place, "down loaded"));
    expect(await readFile(join(folder, "weights/w.bin"), "utf8")).toBe("one");
    await expect(user.useArtifact("modell:latest")).rejects.toThrow(/model/);
    await expect(user.useArtifact("model:bset")).rejects.toThrow(/did you mean "best"/);
    await rm(file);
    await expect(run.logArtifact(model())).rejects.toThrow(/moved or deleted/);
    await run.finish();
    await user.finish();
    await inStore(dir, async (store) => {
      const latest = await findArtifact(store, "p/model");
      expect(latest).toMatchObject({ version: "v1", aliases: ["latest"], usedBy: [] });
      expect(await findArtifact(store, "model:v0")).toMatchObject({ aliases: ["best"], usedBy: [user.id] });
      expect(await store.blobs.list()).toHaveLength(2);
      expect((await findRun(store, user.id)).artifacts).toEqual([
        { name: "model", version: "v0", type: "model", how: "used" },
      ]);
    });
  });

  it("filters, sorts and pages runs in the database", async () => {
    const dir = fresh();
    for (const [name, f1] of [
      ["a", 0.5],
      ["b", 0.9],
      ["c", Number.NaN],
      ["d", 0.7],
    ] as const) {
      const run = await init({
        ...quiet,
        dir,
        project: "p",
        name,
        tags: name < "c" ? ["early"] : [],
        config: { lr: f1 },
      });
      run.log({ 'f1 "quoted"': f1 });
      await run.finish({ exitCode: name === "d" ? 1 : 0 });
    }
    await inStore(dir, async (store) => {
      const names = async (query: Parameters<typeof listRuns>[1]) =>
        (await listRuns(store, query)).runs.map(({ name }) => name);
      const by = 'summary.f1 "quoted"' as const;
      expect(await names({ sort: { by, descending: true } })).toEqual(["b", "d", "a", "c"]);
      expect(await names({ sort: { by } })).toEqual(["a", "d", "b", "c"]);
      expect(await names({ sort: { by: "name" }, limit: 2, offset: 1 })).toEqual(["b", "c"]);
      expect(await names({ tags: ["early"], sort: { by: "config.lr" } })).toEqual(["a", "b"]);
      expect(await names({ state: "failed" })).toEqual(["d"]);
      expect(await names({ state: "crashed" })).toEqual([]);
      expect(await names({ search: "100%" })).toEqual([]);
      expect((await listRuns(store, { limit: 1 })).total).toBe(4);
    });
  });

  it("records what the process prints", async () => {
    const dir = fresh();
    const run = await init({ dir, settings: { statsSamplingInterval: 0 } });
    process.stdout.write("\u001b[1mhello\u001b[0m\nhalf");
    await run.finish();
    process.stdout.write(" after\n");
    await inStore(dir, async (store) => {
      expect((await readConsole(store, run.id)).map(({ text }) => text)).toEqual(["hello", "half"]);
    });
  });
});

it("records nothing where the mode says so, and every call works", async () => {
  const dir = join(place, "store");
  const run = await init({ ...quiet, dir, mode: "disabled", config: { a: 1 } });
  run.log({ loss: 1 });
  run.summary.x = 1;
  expect(run.config.a).toBe(1);
  expect((await run.logArtifact(new Artifact({ name: "m", type: "model" }))).version).toBe("v0");
  await run.finish();
  await expect(readFile(join(dir, "runs.sqlite"))).rejects.toThrow();
});

it("says what is wrong with an option", async () => {
  await expect(init({ projct: "x" } as never)).rejects.toThrow(/option projct.*did you mean "project"/);
  await expect(init({ id: "a/b" })).rejects.toThrow(/option id/);
});
