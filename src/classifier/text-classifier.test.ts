import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { goldenCheckpoints, writeVariant } from "../../tests/support/golden-checkpoints.js";
import { fromArrays } from "../data/dataset/dataset-from.js";
import { dense, dropout, firstToken } from "../nn/index.js";
import type { Callbacks } from "../training/callbacks.js";
import type { FitOptions } from "./fit-options.js";
import { TextClassifier } from "./node/text-classifier.js";
import type { FromPretrainedOptions } from "./open-classifier.js";

const { labels, texts } = goldenCheckpoints;
const rows = Array.from({ length: 24 }, (_, i) => texts[i % texts.length] as string);
const train = fromArrays(
  rows,
  rows.map((_, i) => labels[(i % texts.length) % labels.length] as string),
  { labels },
);
const OPTIONS: FitOptions = { epochs: 2, batchSize: 8, learningRate: 1e-2, maxLength: 16, threads: 1 };

let place: string;
let model: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune classifier "));
  model = join(place, "model");
  await writeVariant("float32", model);
});
afterAll(() => rm(place, { recursive: true, force: true }));

const openModel = () => TextClassifier.fromPretrained(model, { threads: 1 });
const scoresOf = async (classifier: TextClassifier): Promise<number[]> =>
  (await classifier.predict(texts)).flatMap(({ scores }) => Object.values(scores));
const weightsIn = (folder: string): Buffer => readFileSync(join(folder, "model.safetensors"));

async function withClassifier(work: (classifier: TextClassifier) => Promise<void>): Promise<void> {
  const classifier = await openModel();
  try {
    await work(classifier);
  } finally {
    await classifier.close();
  }
}

describe("a callback", () => {
  it("predicts and saves with the weights of its step", async () => {
    await withClassifier(async (classifier) => {
      const start = await scoresOf(classifier);
      const seen: number[][] = [];
      const folders: string[] = [];
      const callbacks: Callbacks[] = [
        {
          async onEpochEnd({ epoch }) {
            seen.push(await scoresOf(classifier));
            const folder = join(place, `epoch ${epoch}`);
            await classifier.save(folder);
            folders.push(folder);
          },
        },
      ];
      await classifier.fit(train, { ...OPTIONS, callbacks });
      expect(seen[0]).not.toEqual(start);
      expect(seen[1]).not.toEqual(seen[0]);
      expect(await scoresOf(classifier)).toEqual(seen[1]);
      const [first, second] = folders as [string, string];
      expect(weightsIn(first).equals(weightsIn(second))).toBe(false);
      const last = join(place, "last");
      await classifier.save(last);
      expect(weightsIn(last).equals(weightsIn(second))).toBe(true);
      const saved = await TextClassifier.fromPretrained(first, { threads: 1 });
      expect(await scoresOf(saved)).toEqual(seen[0]);
      await saved.close();
    });
  });
});

it("evaluates some rows of a large validation part while it trains, says so, and all of them at the end", async () => {
  await withClassifier(async (classifier) => {
    const seen: number[] = [];
    const said: string[] = [];
    const callbacks: Callbacks[] = [
      { onEvaluation: ({ report }) => void seen.push(report.examples), onWarning: (line) => void said.push(line) },
    ];
    const history = await classifier.fit(train, { ...OPTIONS, validation: train, maxEvalRows: 7, callbacks });
    expect(seen).toEqual([7, 7]);
    expect(said.join()).toContain("7 of 24 rows, drawn once, are evaluated while training goes on");
    expect(history.validation?.examples).toBe(24);
    expect(history.validation?.loss).toBeCloseTo((await classifier.evaluate(train)).loss, 6);
    const whole = await classifier.fit(train, { ...OPTIONS, validation: train, callbacks });
    expect(seen.slice(2)).toEqual([24, 24]);
    expect(whole.validation).toEqual(whole.epochs.find(({ epoch }) => epoch === whole.bestEpoch)?.validation);
  });
});

describe("sampling", () => {
  const uneven = train.filter(({ label, index }) => label !== labels[0] || index < 12);
  const sizesOf = async (options: FitOptions): Promise<number> => {
    let examples = 0;
    const onTrainBegin: Callbacks["onTrainBegin"] = (event) => {
      ({ examples } = event);
    };
    await withClassifier(async (classifier) => {
      await classifier.fit(uneven, { ...OPTIONS, epochs: 1, ...options, callbacks: [{ onTrainBegin }] });
    });
    return examples;
  };

  it("trains on as many rows of every class", async () => {
    const { counts } = uneven.labels;
    const [least, most] = [Math.min(...counts), Math.max(...counts)];
    expect(most).toBeGreaterThan(least);
    expect(await sizesOf({})).toBe(uneven.length);
    expect(await sizesOf({ sampling: "undersample" })).toBe(least * labels.length);
    expect(await sizesOf({ sampling: "oversample" })).toBe(most * labels.length);
  });
});

it("refuses early stopping where there is nothing to validate on", async () => {
  await withClassifier(async (classifier) => {
    await expect(classifier.fit(train, { ...OPTIONS, earlyStoppingPatience: 1 })).rejects.toThrow(
      /^option earlyStoppingPatience: expected none, as there is nothing to validate on, got 1; hold rows out/,
    );
  });
});

describe("calls at the same time", () => {
  it("a prediction that is under way when training ends is finished", async () => {
    await withClassifier(async (classifier) => {
      const before = await scoresOf(classifier);
      const many = Array.from({ length: 400 }, (_, i) => texts[i % texts.length] as string);
      const running = classifier.predict(many, { batchSize: 1 });
      await classifier.fit(train, { ...OPTIONS, epochs: 1 });
      const predictions = await running;
      expect(predictions).toHaveLength(400);
      // All of one answer come from one set of weights: those from before.
      for (const [row, { scores }] of predictions.entries())
        for (const [id, score] of Object.values(scores).entries())
          expect(score).toBeCloseTo(before[(row % texts.length) * labels.length + id] as number, 6);
      expect(await scoresOf(classifier)).not.toEqual(before);
    });
  });

  it("closing waits for the predictions under way, and the next one opens anew", async () => {
    await withClassifier(async (classifier) => {
      const running = classifier.predict([...texts, ...texts], { batchSize: 1 });
      await classifier.close();
      expect(await running).toHaveLength(2 * texts.length);
      expect(await classifier.predict(texts)).toHaveLength(texts.length);
    });
  });

  it("a second training is refused, and the first goes on", async () => {
    await withClassifier(async (classifier) => {
      const first = classifier.fit(train, OPTIONS);
      await expect(classifier.fit(train, OPTIONS)).rejects.toMatchObject({ code: "E_USAGE" });
      expect((await first).losses).toHaveLength(6);
      expect((await classifier.fit(train, { ...OPTIONS, epochs: 1 })).losses).toHaveLength(3);
    });
  });
});

describe("wrong calls", () => {
  it.each<[object, string]>([
    [{ batchSize: 0 }, "option batchSize: expected a number above 0, got 0"],
    [{ batchSize: -3 }, "option batchSize"],
    [{ batchSize: Number.NaN }, "option batchSize"],
    [
      { batchsize: 4 },
      'option batchsize: expected the name of an option, got an unknown one; did you mean "batchSize"?',
    ],
  ])("of predict and evaluate with %o are refused", async (options, message) => {
    await withClassifier(async (classifier) => {
      await expect(classifier.predict("a text", options)).rejects.toThrow(message);
      await expect(classifier.evaluate(train, options)).rejects.toThrow(message);
    });
  });

  it("of predict with what is no text are refused", async () => {
    await withClassifier(async (classifier) => {
      const predict = (input: unknown) => classifier.predict(input as string);
      await expect(predict(undefined)).rejects.toThrow(
        "predict: expected a text, or a pair { text, textPair }, or a list of them, got undefined",
      );
      await expect(predict(["a", 5])).rejects.toThrow(
        "predict, text 2: expected a text, or a pair { text, textPair }, got number",
      );
      await expect(predict([{ text: "a" }])).rejects.toThrow("predict, text 1: expected a text, or a pair");
    });
  });

  it.each([
    [{ metricForBestModel: "f1:typo" }, '"typo"'],
    [{ metricForBestModel: "acuracy" }, '"accuracy"'],
    [{ maxLength: 100_000 }, "maxLength"],
    [{ freeze: "99" }, "freeze"],
  ])("of fit with %o are refused before any text is looked at", async (options, message) => {
    await withClassifier(async (classifier) => {
      let looked = false;
      const watched = new Proxy(train, {
        get(target, key) {
          if (key === "text" || key === "label") looked = true;
          return Reflect.get(target, key);
        },
      });
      await expect(classifier.fit(watched, { ...OPTIONS, ...options })).rejects.toThrow(message);
      expect(looked).toBe(false);
    });
  });
});

describe("a head of one's own", () => {
  it.each<[string, FromPretrainedOptions]>([
    ["by options", { pooling: "mean", hiddenLayers: [12], headDropout: 0.1 }],
    ["in code", { head: ({ sequence, outputs }) => dense(outputs)(dropout(0.2)(firstToken(sequence))) }],
  ])("%s is trained, saved and opened like any other", async (_, options) => {
    const classifier = await TextClassifier.fromPretrained(model, { labels, threads: 1, ...options });
    expect(classifier.loading.created.every((name) => /^(head|classifier)\./.test(name))).toBe(true);
    const { losses } = await classifier.fit(train, { ...OPTIONS, epochs: 40, learningRate: 2e-3, dropout: 0 });
    expect(losses.at(-1)).toBeLessThan(0.8 * (losses[0] as number));
    const folder = await mkdtemp(join(place, "head "));
    const saved = join(folder, "saved");
    await classifier.save(saved);
    const config = JSON.parse(readFileSync(join(saved, "config.json"), "utf8"));
    expect(config.architectures).toEqual(["BertModel"]);
    const opened = await TextClassifier.fromPretrained(saved, { threads: 1 });
    expect(await scoresOf(opened)).toEqual(await scoresOf(classifier));
    expect(opened.loading.created).toEqual([]);
    // Asked for again, the same head is kept; another one is new.
    const same = await TextClassifier.fromPretrained(saved, { labels, threads: 1, ...options });
    expect(await scoresOf(same)).toEqual(await scoresOf(classifier));
    const other = await TextClassifier.fromPretrained(saved, { labels, threads: 1, pooling: "max" });
    expect(other.loading.created).toEqual(["classifier.weight", "classifier.bias"]);
    for (const one of [classifier, opened, same, other]) await one.close();
  });

  it("is not chosen in two ways at once", async () => {
    const options: FromPretrainedOptions = { pooling: "mean", head: ({ pooled, outputs }) => dense(outputs)(pooled) };
    await expect(TextClassifier.fromPretrained(model, options)).rejects.toThrow("option pooling");
  });
});

describe("stored models", () => {
  const openWith = async (change: Record<string, unknown>, options = {}) => {
    const folder = await mkdtemp(join(place, "changed "));
    await writeVariant("float32", folder);
    const { writeFile } = await import("node:fs/promises");
    const path = join(folder, "config.json");
    const config = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
    await writeFile(path, JSON.stringify({ ...config, ...change }));
    return TextClassifier.fromPretrained(folder, { threads: 1, ...options });
  };

  it.each([
    [
      "a head that is not known",
      { textune: { head: { name: "pooller", options: {} } } },
      'did you mean "pooler" or "pooled"?',
    ],
    ["a task of another name", { problem_type: "ranking" }, 'got "ranking"'],
  ])("with %s are refused by name", async (_, change, message) => {
    await expect(openWith(change)).rejects.toThrow(message);
  });

  it("whose weights are no numbers are said to be so, not answered with a class", async () => {
    await withClassifier(async (classifier) => {
      await classifier
        .fit(train, {
          ...OPTIONS,
          learningRate: 1e38,
          warmupSteps: 0,
          maxGradNorm: 1e30,
        })
        .catch(() => {});
      const folder = join(place, "overflowed");
      await classifier.save(folder);
      const opened = await TextClassifier.fromPretrained(folder, { threads: 1 });
      await expect(opened.predict("a text")).rejects.toMatchObject({ code: "E_WEIGHTS" });
      await opened.close();
    });
  });
});
