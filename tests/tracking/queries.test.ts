/** What a page asks of a store, in each kind of store. */
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { beforeAll, expect, it } from "vitest";
import { putArtifact } from "../../src/tracking/artifacts/put-artifact.js";
import { removeRuns, setArchived, setName, setNotes, setTags } from "../../src/tracking/change-runs.js";
import { init, sweep, Table } from "../../src/tracking/index.js";
import { readChanges } from "../../src/tracking/queries/changes.js";
import { readCurve } from "../../src/tracking/queries/curve.js";
import { groupRuns } from "../../src/tracking/queries/group-runs.js";
import { readLineage } from "../../src/tracking/queries/lineage.js";
import { readTable } from "../../src/tracking/queries/pages.js";
import { listNames, listRunFields } from "../../src/tracking/queries/run-fields.js";
import type { RunQuery } from "../../src/tracking/queries/run-query.js";
import { findRun, listRuns } from "../../src/tracking/queries/runs.js";
import { listSweeps, readSweep } from "../../src/tracking/queries/sweeps.js";
import { openStore, type Store } from "../../src/tracking/store/node/open-store.js";
import { endTrial, findSweep, takeTrial } from "../../src/tracking/sweeps/trials.js";
import { onEveryStore } from "../support/stores.js";

const quiet = { settings: { statsSamplingInterval: 0, console: false }, onWarning: () => {} };

onEveryStore((fresh) => {
  let dir: string;
  let store: Store;
  beforeAll(async () => {
    dir = fresh();
    for (const [name, rate, optimizer, f1] of [
      ["a", 1e-7, "adamw", 0.5],
      ["b", 3, "adamw", 0.75],
      ["c", "off", "Lion", undefined],
      ["d", 3, "Lion", 0.25],
    ] as const) {
      const run = await init({
        ...{ ...quiet, dir, name, project: "p", group: name < "c" ? "early" : "late", id: name, tags: ["all", name] },
        config: { 'rate "x"': rate, rate, optimizer, fast: name === "a", texts: "\u0000 \ud800", layers: { count: 2 } },
      });
      if (f1 !== undefined) run.log({ f1 });
      await run.finish({ exitCode: name === "d" ? 1 : 0 });
    }
    store = await openStore(dir);
    return () => store.close();
  });

  const names = async (query: RunQuery) => (await listRuns(store, query)).runs.map(({ name }) => name);

  it("finds runs by any value of their configuration and summary", async () => {
    const found = (field: string, is: string, value?: unknown) =>
      names({ where: [{ field, is, value }] as never, sort: { by: "name" } });
    for (const field of ["config.rate", 'config.rate "x"']) {
      expect(await found(field, "=", 3)).toEqual(["b", "d"]);
      expect(await found(field, "!=", 3)).toEqual(["a", "c"]);
      expect(await found(field, "<", 1)).toEqual(["a"]);
      expect(await found(field, "=", "off")).toEqual(["c"]);
      expect(await found(field, ">=", 1e-7)).toEqual(["a", "b", "d"]);
    }
    expect(await found("config.optimizer", "contains", "LION")).toEqual(["c", "d"]);
    expect(await found("config.optimizer", "<", "adamw")).toEqual(["c", "d"]);
    expect(await found("config.fast", "=", true)).toEqual(["a"]);
    expect(await found("config.layers", "=", '{"count":2}')).toEqual(
      store.engine === "sqlite" ? ["a", "b", "c", "d"] : [],
    );
    expect(await found("summary.f1", "unset")).toEqual(["c"]);
    expect(await found("summary.f1", "set")).toEqual(["a", "b", "d"]);
    expect(await found("state", "=", "failed")).toEqual(["d"]);
    expect(await found("created", ">", Date.now())).toEqual([]);
    expect(await found("duration", "<", 60_000)).toEqual(["a", "b", "c", "d"]);
    expect(await found("config.nothing", "!=", 1)).toEqual(["a", "b", "c", "d"]);
  });

  it("sorts numbers before texts, and runs without a value last, whichever way", async () => {
    expect(await names({ sort: { by: "config.rate" } })).toEqual(["a", "d", "b", "c"]);
    expect(await names({ sort: { by: "config.rate", descending: true } })).toEqual(["d", "b", "a", "c"]);
    expect(await names({ sort: { by: "summary.f1", descending: true } })).toEqual(["b", "a", "d", "c"]);
    expect(await names({ sort: { by: "config.optimizer" } })).toEqual(["d", "c", "b", "a"]);
  });

  it("says which columns there are", async () => {
    const fields = new Map((await listRunFields(store, { project: "p" })).map((one) => [one.field, one]));
    expect([...fields.keys()]).toEqual([
      ...["config.fast", "config.layers", "config.optimizer", "config.rate", 'config.rate "x"', "config.texts"],
      "summary.f1",
    ]);
    expect(fields.get("config.rate")).toMatchObject({ runs: 4, numbers: 3, values: 3, min: 1e-7, max: 3 });
    expect(fields.get("config.optimizer")).toMatchObject({ runs: 4, numbers: 0, values: 2, min: undefined });
    expect(fields.get("summary.f1")).toMatchObject({ runs: 3, numbers: 3, values: 3, min: 0.25, max: 0.75 });
    expect(await listRunFields(store, { ids: [] })).toEqual([]);
  });

  it("says which projects, groups and tags there are", async () => {
    expect(await listNames(store, "project")).toMatchObject([{ name: "p", runs: 4 }]);
    expect(await listNames(store, "group")).toMatchObject([
      { name: "late", runs: 2 },
      { name: "early", runs: 2 },
    ]);
    expect((await listNames(store, "tag", { group: "late" })).map(({ name, runs }) => [name, runs])).toEqual([
      ["all", 2],
      ["d", 1],
      ["c", 1],
    ]);
    expect(await listNames(store, "jobType")).toEqual([]);
  });

  it("puts runs together by what they have in common", async () => {
    const groups = await groupRuns(store, { by: ["config.optimizer"], of: ["summary.f1", "config.rate"] });
    expect(groups).toMatchObject([
      { keys: ["Lion"], ids: ["d", "c"], spreads: [{ runs: 1, mean: 0.25, deviation: 0 }, { mean: 3 }] },
      { keys: ["adamw"], ids: ["b", "a"], spreads: [{ runs: 2, mean: 0.625, min: 0.5, max: 0.75 }, { runs: 2 }] },
    ]);
    expect(groups[1].spreads[0]?.deviation).toBeCloseTo(Math.SQRT1_2 / 4, 12);
    const apart = await groupRuns(store, { by: ["group", "config.rate"], filter: { group: "late" } });
    expect(apart.map(({ keys }) => keys)).toEqual([
      ["late", 3],
      ["late", "off"],
    ]);
    expect(await groupRuns(store, { by: ["config.nothing"] })).toMatchObject([{ keys: [null], spreads: [] }]);
  });

  it("leaves out what is put aside until it is asked for", async () => {
    await setArchived(store, ["a", "c"], true);
    expect(await names({ sort: { by: "name" } })).toEqual(["b", "d"]);
    expect(await names({ sort: { by: "name" }, archived: "only" })).toEqual(["a", "c"]);
    await setArchived(store, ["a", "c"], false);
    expect((await listRuns(store, {})).runs.every(({ archived }) => !archived)).toBe(true);
    expect(await names({ archived: "with" })).toHaveLength(4);
  });

  it("says what changed since one looked, by whomever", async () => {
    const id = "live";
    let { cursor, changed } = await readChanges(store);
    expect(changed).toEqual([]);
    const look = async () => {
      const found = await readChanges(store, cursor);
      cursor = found.cursor;
      return [new Set(found.changed), found.removed, found.running] as const;
    };
    expect(await look()).toEqual([new Set(), [], []]);
    const run = await init({ ...quiet, dir, id });
    expect(await look()).toEqual([new Set([id]), [], [id]]);
    run.log({ loss: 1 });
    await run.useArtifact("nothing").catch(() => {});
    expect((await look())[0]).toEqual(new Set([id]));
    await run.finish();
    expect(await look()).toEqual([new Set([id]), [], []]);
    for (const change of [
      () => setNotes(store, "a", "noted"),
      () => setName(store, "a", "A"),
      () => setTags(store, "a", ["new"]),
      () => setTags(store, "a", []),
      () => setArchived(store, ["a"], true),
      () => setArchived(store, ["a"], false),
    ]) {
      await change();
      expect((await look())[0]).toEqual(new Set(["a"]));
      expect((await look())[0]).toEqual(new Set());
    }
    await removeRuns(store, [id]);
    expect(await look()).toEqual([new Set(), [id], []]);
    await setNotes(store, "b", "after a removal");
    expect(await look()).toEqual([new Set(["b"]), [], []]);
    expect(await findRun(store, "a")).toMatchObject({ name: "A", notes: "noted", tags: [] });
  });

  it("misses no change of those who write at once", async () => {
    const seen = new Map<string, string>();
    let { cursor } = await readChanges(store);
    let ended = false;
    const looking = (async () => {
      for (let last = false; !last; ) {
        last = ended;
        const found = await readChanges(store, cursor);
        cursor = found.cursor;
        for (const id of found.changed) seen.set(id, (await findRun(store, id)).notes);
        // SQLite answers at once, and the others should get their turn.
        await wait(1);
      }
    })();
    const others = await Promise.all([1, 2, 3].map(() => openStore(dir)));
    await Promise.all(
      others.map(async (other, i) => {
        for (let n = 0; n < 40; n++) await setNotes(other, "abc"[i], `${n}`);
      }),
    );
    ended = true;
    await looking;
    expect(Object.fromEntries(seen)).toEqual({ a: "39", b: "39", c: "39" });
    await Promise.all(others.map((other) => other.close()));
  });

  it("reads a part of a curve by time", async () => {
    const run = await init({ ...quiet, dir });
    for (let i = 0; i < 300; i++) run.log({ x: i });
    await wait(300);
    for (let i = 300; i < 900; i++) run.log({ x: i });
    await run.finish();
    const all = await readCurve(store, { runId: run.id, name: "x", rows: 1e5 });
    const pause = (all?.rows[299].time ?? 0) + 100.5;
    const after = await readCurve(store, { runId: run.id, name: "x", rows: 1e5, fromTime: pause });
    expect(after?.rows.map(({ mean }) => mean)).toEqual(Array.from({ length: 600 }, (_, i) => 300 + i));
    const before = await readCurve(store, { runId: run.id, name: "x", rows: 10, toTime: pause, fromStep: 100 });
    expect(before?.rows.reduce((sum, { points }) => sum + points, 0)).toBe(200);
    await removeRuns(store, [run.id]);
    for (const table of ["points", "envelopes"] as const) {
      const left = store.db.selectFrom(table).select("series_id").distinct();
      const known = (await store.db.selectFrom("series").select("id").execute()).map(({ id }) => id);
      expect(known).toEqual(expect.arrayContaining((await left.execute()).map(({ series_id }) => series_id)));
    }
  });

  it("sorts and filters the rows of a table", async () => {
    const run = await init({ ...quiet, dir });
    const data = [
      ["good film", 0.9, true],
      ["BAD film", 0.1, false],
      ["so so", Number.NaN, true],
      ["中", 0.5, null],
    ];
    run.log({ rows: new Table({ columns: ["text", "score", "right"], data }) });
    await run.finish();
    const { id } = (await findRun(store, run.id)).tables[0];
    const rows = async (query: Parameters<typeof readTable>[2]) =>
      (await readTable(store, id, query)).rows.map(({ row }) => row);
    expect(await rows({})).toEqual([0, 1, 2, 3]);
    expect(await rows({ sort: { column: 1 } })).toEqual([1, 3, 0, 2]);
    expect(await rows({ sort: { column: 1, descending: true } })).toEqual([0, 3, 1, 2]);
    expect(await rows({ where: [{ column: 0, is: "contains", value: "FILM" }] })).toEqual([0, 1]);
    expect(await rows({ where: [{ column: 2, is: "=", value: true }] })).toEqual([0, 2]);
    expect(await rows({ where: [{ column: 2, is: "unset" }] })).toEqual([3]);
    expect(await readTable(store, id, { where: [{ column: 1, is: ">", value: 0.2 }], limit: 1 })).toEqual({
      rows: [{ row: 0, cells: ["good film", 0.9, true] }],
      total: 2,
    });
    await removeRuns(store, [run.id]);
  });

  it("follows artifacts from run to run", async () => {
    const file = join(tmpdir(), `textune lineage ${process.pid}`);
    const made = async (id: string, name: string, uses?: string) => {
      const run = await init({ ...quiet, dir, id, project: "lineage" });
      if (uses !== undefined) await run.useArtifact(uses);
      writeFileSync(file, id);
      await run.logArtifact(file, { name, type: "data" });
      await run.finish();
    };
    await made("one", "raw");
    await made("two", "clean", "raw:latest");
    await made("three", "model", "clean:v0");
    await made("apart", "other");
    await putArtifact(store, {
      ...{ project: "lineage", name: "by hand", type: "data", description: "", metadata: {}, aliases: [] },
      files: [{ path: "x", source: file }],
    });
    const { nodes, edges, cut } = await readLineage(store, { run: "two" });
    expect(nodes.map((node) => `${node.kind} ${node.name}`).sort()).toEqual([
      ...["artifact clean", "artifact model", "artifact raw"],
      ...(
        await Promise.all(["one", "three", "two"].map(async (id) => `run ${(await findRun(store, id)).name}`))
      ).sort(),
    ]);
    const version = (name: string) => nodes.find((node) => node.name === name)?.id;
    expect(edges.map(({ run, artifact, how }) => [run, artifact, how]).sort()).toEqual([
      ["one", version("raw"), "made"],
      ["three", version("clean"), "used"],
      ["three", version("model"), "made"],
      ["two", version("raw"), "used"],
      ["two", version("clean"), "made"],
    ]);
    expect(cut).toBe(false);
    expect(await readLineage(store, { artifact: version("raw") as number })).toMatchObject({ nodes: { length: 6 } });
  });

  it("shows sweeps, their trials, the best and what mattered", async () => {
    const id = await sweep(
      { method: "grid", metric: { name: "loss" }, parameters: { a: { min: 1, max: 5 }, b: { value: 1 } } },
      { dir, project: "sweeps" },
    );
    const opened = await findSweep(store, id);
    for (let i = 0; i < 5; i++) {
      const trial = await takeTrial(store, opened, { now: Date.now });
      if (trial !== undefined && i < 4)
        await endTrial(
          store,
          id,
          trial,
          { state: "finished", value: Math.abs(2 - Number(trial.setting.a)) },
          Date.now(),
        );
    }
    expect(await listSweeps(store, "none")).toEqual([]);
    expect(await listSweeps(store, "sweeps")).toMatchObject([
      { id, method: "grid", size: 5, counts: { running: 1, finished: 4 }, best: { value: 0, setting: { a: 2 } } },
    ]);
    const details = await readSweep(store, id);
    expect(details.trials.map(({ value }) => value)).toEqual([1, 0, 1, 2, undefined]);
    expect(details.importance).toMatchObject([{ name: "a" }]);
  });
});
