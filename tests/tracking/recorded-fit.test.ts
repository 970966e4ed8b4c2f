/** Trainings in a program are recorded, unless it says otherwise. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fromArrays, TextClassifier } from "../../src/index.js";
import { agent, init, sweep, tracker } from "../../src/tracking/index.js";
import { listRuns } from "../../src/tracking/queries/runs.js";
import { openStore } from "../../src/tracking/store/node/open-store.js";
import { saveTwoLayers } from "../support/two-layers.js";

const texts = ["good", "bad", "fine", "awful", "great", "poor", "nice", "sad"];
const train = fromArrays(texts, ["p", "n", "p", "n", "p", "n", "p", "n"]);
const options = { epochs: 1, batchSize: 4, maxLength: 8, threads: 1, validation: train } as const;
const quiet = { settings: { statsSamplingInterval: 0, console: false } } as const;

let place: string;
let classifier: TextClassifier;
beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), "textune recorded fit "));
  await saveTwoLayers(join(place, "model"), ["p", "n"]);
  classifier = await TextClassifier.fromPretrained(join(place, "model"));
});
afterAll(async () => {
  await classifier.close();
  rmSync(place, { recursive: true, force: true });
});

async function runsIn(dir: string) {
  const store = await openStore(dir);
  try {
    return (await listRuns(store, {})).runs;
  } finally {
    await store.close();
  }
}

it("records a training as a run, with its options and results; a refused one is none", async () => {
  const dir = join(place, "one");
  const { epochs } = await classifier.fit(train, { ...options, track: { ...quiet, dir, project: "words" } });
  await expect(classifier.fit(train, { ...options, epochs: -1, track: { ...quiet, dir } })).rejects.toThrow(/epochs/);
  const [run, ...others] = await runsIn(dir);
  expect(others).toEqual([]);
  expect(run).toMatchObject({ state: "finished", project: "words", jobType: "train", config: { batchSize: 4 } });
  expect(run?.summary["best/loss"]).toBe(epochs[0]?.validation?.loss);
});

it("records the epoch of a training that has no steps", async () => {
  const dir = join(place, "linear");
  const fresh = await TextClassifier.fromPretrained(join(place, "model"), { pooling: "mean" });
  const { epochs } = await fresh.fit(train, {
    ...{ mode: "linear", linearC: 1, maxLength: 8, threads: 1, validation: train },
    track: { ...quiet, dir },
  });
  const [run] = await runsIn(dir);
  expect(run?.summary["epoch/loss"]).toBe(epochs[0]?.loss);
  await fresh.close();
});

it("writes a model card and training.json beside the classifier that was trained, and none beside another", async () => {
  const folder = join(place, "saved");
  const fresh = await TextClassifier.fromPretrained(join(place, "model"));
  await fresh.save(folder);
  expect(existsSync(join(folder, "README.md"))).toBe(false);
  const { losses } = await fresh.fit(train, { ...options, track: false });
  await fresh.save(folder);
  const card = readFileSync(join(folder, "README.md"), "utf8");
  expect(card).toContain("pipeline_tag: text-classification");
  expect(card).toMatch(/\| macroF1 \| \d\.\d{4} \|\n/);
  expect(card).toContain(train.fingerprint);
  const record = JSON.parse(readFileSync(join(folder, "training.json"), "utf8"));
  expect(record).toMatchObject({ options: { batchSize: 4 }, history: { losses }, data: { train: { rows: 8 } } });
  expect(record.config).not.toHaveProperty("data");
  await fresh.close();
});

it("records a training that fails as failed", async () => {
  const dir = join(place, "failed");
  const callbacks = [
    {
      onStep() {
        throw new Error("as it happens");
      },
    },
  ];
  await expect(classifier.fit(train, { ...options, callbacks, track: { ...quiet, dir } })).rejects.toThrow(
    "as it happens",
  );
  expect(await runsIn(dir)).toMatchObject([{ state: "failed", summary: { error: "as it happens" } }]);
});

it("records once where a tracker is among the callbacks, nothing where it is told not to, and in a sweep its trial", async () => {
  const dir = join(place, "two");
  const run = await init({ ...quiet, dir });
  await classifier.fit(train, { ...options, callbacks: [tracker(run)] });
  await run.finish();
  expect(await runsIn(dir)).toMatchObject([{ id: run.id }]);
  const never = join(place, "never");
  process.env.TEXTUNE_STORE = never;
  await classifier.fit(train, { ...options, track: false });
  expect(existsSync(never)).toBe(false);
  const id = await sweep(
    { method: "grid", metric: { name: "val_loss" }, parameters: { learningRate: { values: [1e-4] } } },
    { dir },
  );
  const trials = await agent(
    id,
    async ({ config, signal }) => {
      await classifier.fit(train, { ...options, ...config, signal, track: quiet });
    },
    { dir },
  );
  expect(trials).toMatchObject([{ state: "finished", value: expect.any(Number) }]);
  expect((await runsIn(dir)).find((one) => one.id === trials[0]?.runId)).toMatchObject({
    group: id,
    config: { learningRate: 1e-4, batchSize: 4 },
  });
});
