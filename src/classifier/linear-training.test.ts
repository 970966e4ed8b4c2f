import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { goldenCheckpoints, writeVariant } from "../../tests/support/golden-checkpoints.js";
import { fromArrays } from "../data/dataset/dataset-from.js";
import type { FitOptions } from "./fit-options.js";
import { TextClassifier } from "./node/text-classifier.js";
import type { FromPretrainedOptions } from "./open-classifier.js";

const { texts } = goldenCheckpoints;
const labels = ["short", "long", "other"];
const rows = Array.from(
  { length: 40 },
  (_, i) => `${texts[i % texts.length]} ${texts[(5 * i + 2) % texts.length]} ${i}`,
);
const train = fromArrays(
  rows,
  rows.map((text, i) => labels[i % 7 === 0 ? 2 : text.length > 60 ? 1 : 0] as string),
  { labels },
);
const OPTIONS: FitOptions = { mode: "linear", maxLength: 24, threads: 1 };

let place: string;
let model: string;
const opened: TextClassifier[] = [];
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune linear "));
  model = join(place, "model");
  await writeVariant("float32", model);
});
afterAll(async () => {
  await Promise.all(opened.map((classifier) => classifier.close()));
  await rm(place, { recursive: true, force: true });
});

async function openModel(options: FromPretrainedOptions = {}, folder = model): Promise<TextClassifier> {
  const classifier = await TextClassifier.fromPretrained(folder, { threads: 1, ...options });
  opened.push(classifier);
  return classifier;
}

describe("mode linear", () => {
  it.each<[string, FromPretrainedOptions]>([
    ["the model's own head", { labels }],
    ["mean pooling", { labels, pooling: "mean" }],
  ])("finds with %s the least loss that its last layer can reach, and saves it", async (_, options) => {
    const classifier = await openModel(options);
    const { losses, epochs } = await classifier.fit(train, { ...OPTIONS, linearC: 1e4 });
    const { loss, accuracy } = await classifier.evaluate(train);
    expect(loss).toBeCloseTo(losses[0] as number, 5);
    expect(epochs[0]?.metrics.accuracy).toBe(accuracy);
    // The same layer trained step by step comes near it from above.
    const stepwise = await openModel(options);
    const slow = { epochs: 60, learningRate: 0.1, dropout: 0, weightDecay: 0, maxLength: 24, threads: 1 };
    await stepwise.fit(train, { ...slow, freeze: "/^bert/" });
    const reached = (await stepwise.evaluate(train)).loss;
    expect(loss).toBeLessThan(reached);

    const folder = join(place, `saved ${options.pooling}`);
    await classifier.save(folder);
    const again = await openModel({}, folder);
    expect((await again.outputs(train)).logits).toEqual((await classifier.outputs(train)).logits);
  });

  it("chooses the penalty on the validation set, and says so", async () => {
    const said: string[] = [];
    const options = {
      ...OPTIONS,
      metricForBestModel: "loss",
      callbacks: [{ onWarning: (line: string) => void said.push(line) }],
    };
    const { train: part, validation } = train.split({ validation: 0.4, seed: 1 });
    if (validation === undefined) throw new Error("nothing held out");
    const reached = async (more: FitOptions) =>
      (await (await openModel({ labels })).fit(part, { ...options, ...more, validation })).validation?.loss as number;
    const best = await reached({});
    expect(said.join()).toMatch(/linearC (0.01|0.1|1|10|100) is best on the validation set/);
    for (const linearC of [0.01, 0.1, 1, 10, 100]) expect(best).toBeLessThan((await reached({ linearC })) + 1e-3);
  });

  it("counts rows by class weights", async () => {
    const recallOf = async (classWeights: FitOptions["classWeights"]) => {
      const classifier = await openModel({ labels });
      await classifier.fit(train, { ...OPTIONS, linearC: 0.1, classWeights });
      return (await classifier.evaluate(train)).perClass[2]?.recall;
    };
    expect(await recallOf({ short: 0.01, long: 0.01, other: 1 })).toBe(1);
    expect(await recallOf({ other: 0.01 })).toBe(0);
  });

  it("refuses layers that would stay as they were drawn, and what only steps can do", async () => {
    const deep = await openModel({ labels, pooling: "mean", hiddenLayers: [4] });
    await expect(deep.fit(train, OPTIONS)).rejects.toThrow(
      'option mode: expected a model of which the last layer alone is new, got "head.0.weight"',
    );
    const classifier = await openModel({ labels });
    for (const option of [{ lora: true }, { freeze: "encoder" }, { resume: true, checkpointDir: place }])
      await expect(classifier.fit(train, { ...OPTIONS, ...option })).rejects.toMatchObject({ code: "E_CONFIG" });
    await expect(classifier.fit(train, { linearC: 2 })).rejects.toThrow("option linearC: expected mode linear");
    // Both are done in one go.
    for (const mode of ["linear", "contrastive"] as const) {
      await expect(classifier.fit(train, { ...OPTIONS, mode, saveSteps: 5 })).rejects.toThrow(
        "option saveSteps: expected mode full, which it belongs to, got 5",
      );
      await expect(classifier.fit(train, { ...OPTIONS, mode, saveStrategy: "epoch" })).rejects.toThrow(
        `option saveStrategy: expected none, as mode ${mode} is done in one go and has no checkpoints, got epoch`,
      );
    }
  });

  it("ends when it is told to, and leaves the classifier as it was", async () => {
    const classifier = await openModel({ labels });
    const before = (await classifier.outputs(train)).logits;
    const stop = new AbortController();
    const callbacks = [{ onEvaluateProgress: () => stop.abort() }];
    const history = await classifier.fit(train, { ...OPTIONS, batchSize: 8, signal: stop.signal, callbacks });
    expect(history).toMatchObject({ aborted: true, epochs: [] });
    expect((await classifier.outputs(train)).logits).toEqual(before);
  });
});

describe("mode contrastive", () => {
  it("trains the encoder, then solves for the last layer, and saves both", async () => {
    const classifier = await openModel({ labels, pooling: "mean" });
    const steps: number[] = [];
    const history = await classifier.fit(train, {
      ...OPTIONS,
      ...{ mode: "contrastive", contrastiveSteps: 30, batchSize: 12, learningRate: 5e-3, dropout: 0, linearC: 1 },
      validation: train,
      callbacks: [{ onStep: ({ step }) => void steps.push(step) }],
    });
    expect(steps).toHaveLength(30);
    expect(history.losses[29]).toBeLessThan(history.losses[0] as number);
    const linear = await openModel({ labels, pooling: "mean" });
    const alone = await linear.fit(train, { ...OPTIONS, linearC: 1, validation: train });
    expect(history.validation?.loss).toBeLessThan(0.75 * (alone.validation?.loss as number));
    const folder = join(place, "contrastive");
    await classifier.save(folder);
    const again = await openModel({}, folder);
    expect((await again.outputs(train)).logits).toEqual((await classifier.outputs(train)).logits);
    expect((await again.evaluate(train)).loss).toBeCloseTo(history.validation?.loss as number, 5);
  });

  it("is for one class a text", async () => {
    const classifier = await TextClassifier.fromPretrained(model, {
      labels,
      problemType: "multi_label_classification",
      threads: 1,
    });
    const several = fromArrays(
      rows,
      rows.map((_, i) => [labels[i % 3] as string]),
      { labels, target: "labels" },
    );
    await expect(classifier.fit(several, { ...OPTIONS, mode: "contrastive" })).rejects.toThrow(
      "option mode: expected one class for each text",
    );
    await classifier.close();
  });
});
