/** Classifiers of pairs: they remember what they were trained on, and refuse the other. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { goldenCheckpoints, writeVariant } from "../../tests/support/golden-checkpoints.js";
import { datasetFrom } from "../data/dataset/dataset-from.js";
import type { FitOptions } from "./fit-options.js";
import { openClassifier } from "./node/inference.js";
import { TextClassifier } from "./node/text-classifier.js";
import type { FromPretrainedOptions } from "./open-classifier.js";

const { labels, texts } = goldenCheckpoints;
const rows = texts.map((text, i) => ({ text, textPair: texts.at(-i - 1), label: labels[i % labels.length] as string }));
const pairs = datasetFrom(rows, { labels });
const alone = datasetFrom(
  rows.map(({ text, label }) => ({ text, label })),
  { labels },
);
const PAIR = { text: "a cat", textPair: "a mat" };
const OPTIONS: FitOptions = { batchSize: 4, maxLength: 16, threads: 1 };

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune pairs "));
  await writeVariant("float32", join(place, "model"));
});
const opened: TextClassifier[] = [];
async function open(folder: string, options: FromPretrainedOptions = {}): Promise<TextClassifier> {
  const classifier = await TextClassifier.fromPretrained(join(place, folder), { threads: 1, ...options });
  opened.push(classifier);
  return classifier;
}
afterEach(() => Promise.all(opened.splice(0).map((classifier) => classifier.close())));
afterAll(() => rm(place, { recursive: true, force: true }));

it.each<[string, FitOptions]>([
  ["full", { epochs: 1 }],
  ["full in a thread", { epochs: 1, worker: true }],
  ["linear", { mode: "linear" }],
  ["contrastive", { mode: "contrastive", contrastiveSteps: 2 }],
])("trained on pairs (%s), texts alone are refused, from the folder and its export too", async (name, options) => {
  const classifier = await open("model", { pooling: "mean" });
  // Of a model that was not trained here nothing is known.
  await classifier.predict(["a cat", PAIR]);
  await classifier.fit(pairs, { ...OPTIONS, ...options });
  const expected = await classifier.predict(PAIR);
  const said = "predict, text 2: expected pairs of texts, as in training, got texts alone";
  await expect(classifier.predict([PAIR, "a cat"])).rejects.toMatchObject({
    code: "E_USAGE",
    option: "textPair",
    message: `${said}; name the second text with { textPair: … }`,
  });
  await expect(classifier.evaluate(alone)).rejects.toMatchObject({ code: "E_DATA", option: "textPair" });
  await expect(classifier.outputs(alone)).rejects.toMatchObject({ code: "E_DATA" });
  expect((await classifier.evaluate(pairs)).examples).toBe(rows.length);

  const exported = join(place, `${name}, exported`);
  await classifier.save(join(place, name));
  await classifier.export(exported, { dtype: "fp32" });
  expect(JSON.parse(await readFile(join(place, name, "config.json"), "utf8"))).toMatchObject({
    textune: { pairs: true },
  });
  const inference = await openClassifier(exported, { threads: 1 });
  for (const one of [await open(name), inference]) {
    await expect(one.predict("a cat")).rejects.toThrow("expected pairs of texts, as in training");
    const { scores } = await one.predict(PAIR);
    for (const label of labels) expect(scores[label]).toBeCloseTo(expected.scores[label] as number, 5);
  }
  await inference.close();
});

it("trained on texts alone, pairs are refused; another head, or another training, forgets it", async () => {
  const classifier = await open("model");
  await classifier.fit(alone, { ...OPTIONS, epochs: 1 });
  await expect(classifier.predict(PAIR)).rejects.toThrow(
    "predict, text 1: expected texts alone, as in training, got pairs of texts; leave the second text out",
  );
  await classifier.save(join(place, "alone"));
  await classifier.fit(pairs, { ...OPTIONS, epochs: 1 });
  await classifier.predict(PAIR);
  const other = await open("alone", { labels: ["x", "y"] });
  await other.predict(PAIR);
});

it("is not trained on pairs and validated on texts alone, or the other way round", async () => {
  const classifier = await open("model");
  await expect(classifier.fit(pairs, { ...OPTIONS, validation: alone })).rejects.toMatchObject({ code: "E_DATA" });
  await expect(classifier.fit(alone, { ...OPTIONS, validation: pairs })).rejects.toMatchObject({ code: "E_DATA" });
});
