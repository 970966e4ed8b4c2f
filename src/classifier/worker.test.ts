/** Training and predicting in threads of their own: the same as in this one. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { goldenCheckpoints, writeVariant } from "../../tests/support/golden-checkpoints.js";
import { fromArrays } from "../data/dataset/dataset-from.js";
import type { Callbacks } from "../training/callbacks.js";
import type { FitOptions } from "./fit-options.js";
import { TextClassifier } from "./node/text-classifier.js";

const { labels, texts } = goldenCheckpoints;
const rows = Array.from({ length: 24 }, (_, i) => texts[i % texts.length] as string);
const all = fromArrays(
  rows,
  rows.map((_, i) => labels[(i % texts.length) % labels.length] as string),
  { labels },
);
const train = all.select(Array.from({ length: 20 }, (_, i) => (7 * i) % 24));
const validation = all.head(8);
const OPTIONS: FitOptions = { epochs: 2, batchSize: 8, learningRate: 1e-2, maxLength: 16, threads: 1, validation };

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune worker "));
  await writeVariant("float32", join(place, "model"));
});
afterAll(() => rm(place, { recursive: true, force: true }));

async function withModel<T>(work: (classifier: TextClassifier) => Promise<T>): Promise<T> {
  const classifier = await TextClassifier.fromPretrained(join(place, "model"), { threads: 1 });
  try {
    return await work(classifier);
  } finally {
    await classifier.close();
  }
}
const scoresOf = async (classifier: TextClassifier, worker = false): Promise<number[]> =>
  (await classifier.predict(texts, { worker })).flatMap(({ scores }) => Object.values(scores));

/** Every event, without what is time. */
function heard(log: unknown[]): Callbacks {
  const note = (name: string) => (event: unknown) => {
    log.push(
      JSON.parse(
        JSON.stringify([name, event], (key, value) => (/econd|threads/.test(key) ? undefined : (value as unknown))),
      ),
    );
  };
  return Object.fromEntries(
    ["onTrainBegin", "onStep", "onEvaluateProgress", "onEvaluation", "onEpochEnd", "onTrainEnd", "onWarning"].map(
      (name) => [name, note(name)],
    ),
  );
}

it("trains in a thread to the same bits, told of the same events", async () => {
  const [here, there] = [false, true].map((worker) =>
    withModel(async (classifier) => {
      const log: unknown[] = [];
      const history = await classifier.fit(train, { ...OPTIONS, worker, callbacks: [heard(log)] });
      return { log, losses: history.losses, report: history.validation, scores: await scoresOf(classifier) };
    }),
  );
  expect(await there).toEqual(await here);
  expect((await there).log.length).toBeGreaterThan(12);
}, 60_000);

it("predicts and evaluates in a thread as in this one, which stays free", async () => {
  await withModel(async (classifier) => {
    expect(await scoresOf(classifier, true)).toEqual(await scoresOf(classifier));
    expect(await classifier.evaluate(validation, { worker: true })).toEqual(await classifier.evaluate(validation));
    // What is wrong with a call is said as it is without the thread.
    await expect(classifier.predict(["a"], { worker: true, batchSize: 0 })).rejects.toMatchObject({ code: "E_CONFIG" });
  });
}, 60_000);

it("lets callbacks predict, save, stop, and scale the rate", async () => {
  const [here, there] = [false, true].map((worker) =>
    withModel(async (classifier) => {
      const seen: unknown[] = [];
      const { stopped } = await classifier.fit(train, {
        ...OPTIONS,
        worker,
        epochs: 5,
        callbacks: [
          {
            async onEpochEnd({ epoch }) {
              seen.push(await scoresOf(classifier, epoch === 2));
              await classifier.save(join(place, `saved ${worker} ${epoch}`));
              return { learningRateScale: 0.5, stop: epoch === 2 };
            },
          },
        ],
      });
      return { seen, stopped };
    }),
  );
  expect(await there).toEqual(await here);
  expect(await there).toMatchObject({ stopped: true, seen: { length: 2 } });
}, 60_000);

it("ends at the signal, and with what a callback throws, as in this thread", async () => {
  await withModel(async (classifier) => {
    const controller = new AbortController();
    const callbacks = [{ onStep: ({ step }: { step: number }) => void (step === 4 && controller.abort()) }];
    const history = await classifier.fit(train, {
      ...OPTIONS,
      epochs: 9,
      worker: true,
      callbacks,
      signal: controller.signal,
    });
    expect(history).toMatchObject({ aborted: true, bestEpoch: 1 });
    const mine = new RangeError("mine");
    let told: unknown;
    const failing: Callbacks = {
      onStep: () => Promise.reject(mine),
      onError: ({ error }) => {
        told = error;
      },
    };
    await expect(classifier.fit(train, { ...OPTIONS, worker: true, callbacks: [failing] })).rejects.toBe(mine);
    expect(told).toBe(mine);
    await expect(
      classifier.fit(train, { ...OPTIONS, worker: true, metricForBestModel: "f1:typo" }),
    ).rejects.toMatchObject({
      name: "TextuneError",
      code: "E_CONFIG",
      complaint: { expected: expect.any(String) },
    });
    const odd = { ...OPTIONS, worker: true, teacher: () => {} } as FitOptions;
    await expect(classifier.fit(train, odd)).rejects.toThrow(
      /fit: expected options that can be sent to another thread/,
    );
    expect((await scoresOf(classifier)).every(Number.isFinite)).toBe(true);
  });
}, 60_000);

it("goes on in a thread where a training in this one stopped, callbacks' states included", async () => {
  const counting = (): Callbacks & { steps: number } => ({
    steps: 0,
    onStep() {
      this.steps++;
    },
    state() {
      return this.steps;
    },
    restore(state) {
      this.steps = state as number;
    },
  });
  const checkpointDir = join(place, "states");
  const whole = await withModel(async (classifier) => {
    await classifier.fit(train, OPTIONS);
    return scoresOf(classifier);
  });
  const controller = new AbortController();
  const counted = counting();
  await withModel(async (classifier) => {
    const stop = { onStep: ({ step }: { step: number }) => void (step === 4 && controller.abort()) };
    await classifier.fit(train, { ...OPTIONS, checkpointDir, callbacks: [counted, stop], signal: controller.signal });
  });
  const resumed = counting();
  const scores = await withModel(async (classifier) => {
    await classifier.fit(train, { ...OPTIONS, checkpointDir, resume: true, worker: true, callbacks: [resumed] });
    return scoresOf(classifier);
  });
  expect(scores).toEqual(whole);
  expect([counted.steps, resumed.steps]).toEqual([4, 6]);
}, 60_000);
