/** Sweeps: trials as runs of a group, taken once, stopped early, taken up again. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SweepConfigInput } from "../../src/search/sweep-config.js";
import { agent, init, sweep } from "../../src/tracking/index.js";
import { listRuns } from "../../src/tracking/queries/runs.js";
import { openStore, type Store } from "../../src/tracking/store/node/open-store.js";
import { runProgram } from "../../src/tracking/sweeps/run-program.js";
import { findSweep, listTrials, takeTrial } from "../../src/tracking/sweeps/trials.js";
import { workOnSweep } from "../../src/tracking/sweeps/work-on-sweep.js";
import { onEveryStore } from "../support/stores.js";

const quiet = { settings: { statsSamplingInterval: 0, console: false } } as const;
const metric = { name: "loss", goal: "minimize" } as const;

async function inStore<T>(address: string, task: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(address);
  try {
    return await task(store);
  } finally {
    await store.close();
  }
}

onEveryStore((fresh) => {
  it("runs each trial as a run of the sweep's group, past one that fails", async () => {
    const dir = fresh();
    const config: SweepConfigInput = {
      method: "grid",
      metric,
      project: "reviews",
      parameters: { rate: { values: [1, 2, 3] }, optimizer: { parameters: { name: { values: ["a", "b"] } } } },
      constraints: [{ metric: "seconds", max: 2 }],
    };
    const id = await sweep(config, { dir });
    const trials = await agent(
      id,
      async ({ config: { rate }, number }) => {
        const run = await init({ ...quiet, config: { rate: 0, own: true } });
        expect(run.config).toMatchObject({ rate, own: true, optimizer: { name: number % 2 === 0 ? "a" : "b" } });
        if (number === 2) throw new Error("as it happens");
        run.log({ loss: (rate as number) / 10, seconds: rate });
        await run.finish();
        // Others of the same trial are in the group, too.
        await (await init({ ...quiet, jobType: "evaluate" })).finish();
      },
      { dir, workers: 2 },
    );
    expect(trials.map(({ number, state, value, error }) => [number, state, value, error])).toEqual([
      [0, "finished", 0.1, ""],
      [1, "finished", 0.1, ""],
      [2, "failed", undefined, "as it happens"],
      [3, "finished", 0.2, ""],
      [4, "finished", 0.3, ""],
      [5, "finished", 0.3, ""],
    ]);
    await inStore(dir, async (store) => {
      const { runs } = await listRuns(store, { group: id, project: "reviews" });
      expect(runs).toHaveLength(11);
      expect(runs.map((run) => run.id)).toEqual(expect.arrayContaining(trials.map(({ runId }) => runId)));
      expect((await listTrials(store, id)).map(({ violation }) => violation)).toEqual([0, 0, 0, 0, 1, 1]);
    });
    expect(await agent(id, () => {}, { dir })).toEqual([]);
  });

  it("gives a trial to one of those that ask at once, and one that was left to the next", async () => {
    const dir = fresh();
    const id = await sweep({ method: "random", parameters: { a: { min: 0, max: 9 } }, run_cap: 12 }, { dir });
    const gone = spawnSync(process.execPath, ["--version"]).pid;
    await inStore(dir, async (store) => {
      const found = await findSweep(store, id);
      const now = Date.now;
      const taken = await Promise.all(Array.from({ length: 8 }, () => takeTrial(store, found, { now })));
      expect(taken.map((trial) => trial?.number).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      await store.db.updateTable("trials").set({ pid: gone }).where("number", "=", 3).execute();
      const again = await Promise.all([takeTrial(store, found, { now }), takeTrial(store, found, { now })]);
      expect(again.map((trial) => [trial?.number, trial?.attempt]).sort()).toEqual([
        [3, 2],
        [8, 1],
      ]);
      expect(again.find((trial) => trial?.number === 3)?.setting).toEqual(
        taken.find((trial) => trial?.number === 3)?.setting,
      );
    });
  });
});

describe("in a folder", () => {
  let place: string;
  let dir: string;
  beforeAll(() => {
    place = mkdtempSync(join(tmpdir(), "textune sweeps "));
    dir = join(place, "store");
  });
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  it("gives up what runs where it is stopped, and takes it up again with the same parameters", async () => {
    const parameters = { a: { distribution: "uniform", min: 0, max: 1 } };
    const id = await sweep({ method: "random", metric, parameters, run_cap: 3 }, { dir });
    const stop = new AbortController();
    const seen: unknown[] = [];
    const first = await agent(
      id,
      async ({ config, number, signal }) => {
        seen.push(config.a);
        const run = await init(quiet);
        run.log({ loss: 1 });
        if (number === 1) {
          stop.abort();
          await new Promise((resolve) => (signal.aborted ? resolve(0) : signal.addEventListener("abort", resolve)));
        }
        await run.finish();
      },
      { dir, signal: stop.signal },
    );
    expect(first.map(({ state }) => state)).toEqual(["finished", "waiting"]);
    const second = await agent(
      id,
      async ({ config }) => {
        seen.push(config.a);
        const run = await init(quiet);
        run.log({ loss: 2 });
        await run.finish();
      },
      { dir },
    );
    expect(second.map(({ number, state }) => [number, state])).toEqual([
      [1, "finished"],
      [2, "finished"],
    ]);
    expect(seen[2]).toBe(seen[1]);
    expect(new Set(seen).size).toBe(3);
  });

  it("stops a trial that lags behind, by what its run logged", async () => {
    const id = await sweep(
      {
        method: "grid",
        metric,
        parameters: { loss: { values: [1, 2] } },
        early_terminate: { type: "hyperband", min_iter: 2, eta: 3 },
      },
      { dir },
    );
    const trials = await agent(
      id,
      async ({ config, signal }) => {
        const run = await init(quiet);
        for (let step = 0; step < 40 && !signal.aborted; step++) {
          run.log({ loss: config.loss });
          if (config.loss === 2) await wait(100);
        }
        await run.finish();
      },
      { dir },
    );
    expect(trials.map(({ state, value }) => [state, value])).toEqual([
      ["finished", 1],
      ["stopped", 2],
    ]);
  });

  it("ends once the metric's target is reached, and where the first trials all fail", async () => {
    const parameters = { loss: { values: [3, 2, 1, 0] } };
    const id = await sweep({ method: "grid", metric: { ...metric, target: 2 }, parameters }, { dir });
    const log = async ({ config }: { config: Readonly<Record<string, unknown>> }): Promise<void> => {
      const run = await init(quiet);
      run.log({ loss: config.loss });
      await run.finish();
    };
    expect(await agent(id, log, { dir })).toHaveLength(2);
    const other = await sweep({ method: "grid", metric: { name: "acuracy" }, parameters }, { dir });
    await expect(agent(other, log, { dir })).rejects.toThrow(
      /expected the metric "acuracy", got others; choose one of "loss"/,
    );
    await expect(agent("nothing", log, { dir })).rejects.toThrow(/sweep "nothing": expected the id or name/);
    await expect(agent(id, log, { dir, workrs: 2 } as never)).rejects.toThrow(/did you mean "workers"/);
  });

  it("runs any program: what it prints as JSON is logged, why it failed is said", async () => {
    writeFileSync(
      join(place, "train.mjs"),
      `const rate = Number(process.argv[2].split("=")[1]);
       if (rate === 2) { console.error("no such rate"); process.exit(3); }
       console.log("starting"); console.log(JSON.stringify({ loss: rate, step: 5 })); console.log('{"text": "no number"}');`,
    );
    const id = await sweep({ method: "grid", metric, parameters: { rate: { values: [1, 2, 3] } } }, { dir });
    await inStore(dir, async (store) => {
      const found = await findSweep(store, id);
      await workOnSweep(store, found, {
        workers: 3,
        execute: ({ runId, setting }, signal) =>
          runProgram({
            command: [process.execPath, "train.mjs", `--rate=${setting.rate}`],
            directory: place,
            trial: { runId, project: found.project, group: id, config: setting, address: dir },
            environment: {},
            signal,
          }),
      });
      const trials = await listTrials(store, id);
      expect(trials.map(({ state, value, error }) => [state, value, error])).toEqual([
        ["finished", 1, ""],
        ["failed", undefined, "no such rate"],
        ["finished", 3, ""],
      ]);
      const { runs } = await listRuns(store, { group: id });
      expect(runs.map(({ config, summary }) => [config.rate, summary.loss]).sort()).toEqual([
        [1, 1],
        [3, 3],
      ]);
    });
  });
});
