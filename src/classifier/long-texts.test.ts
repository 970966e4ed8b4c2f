import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { goldenCheckpoints, writeVariant } from "../../tests/support/golden-checkpoints.js";
import { openCheckpoint } from "../checkpoints/node/open-checkpoint.js";
import { datasetFrom, fromArrays } from "../data/dataset/dataset-from.js";
import type { LongTexts } from "../tokenizers/long-texts.js";
import { loadTokenizer, type TextTokenizer } from "../tokenizers/tokenizer.js";
import { tokenizeTexts } from "../tokenizing/tokenize-texts.js";
import type { FitOptions } from "./fit-options.js";
import { TextClassifier } from "./node/text-classifier.js";

const { labels, texts } = goldenCheckpoints;
const LONG = "the film was long and dull but the song is great i liked it very much and the book is not bad at all";
const rows = [...texts, LONG, `${LONG} ${LONG}`];
const data = fromArrays(
  rows,
  rows.map((_, i) => labels[i % labels.length] as string),
  { labels },
);
const MAX_LENGTH = 10;
const READ: FitOptions = { batchSize: 4, maxLength: MAX_LENGTH, threads: 1 };
const OPTIONS: FitOptions = { ...READ, epochs: 1, learningRate: 1e-3 };

let place: string;
let model: string;
let tokenizer: TextTokenizer;
const opened: TextClassifier[] = [];
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune long texts "));
  model = join(place, "model");
  await writeVariant("float32", model);
  const { tokenizerFiles, weights } = await openCheckpoint(model);
  await weights.close();
  tokenizer = loadTokenizer(tokenizerFiles);
});
afterAll(async () => {
  await Promise.all(opened.map((classifier) => classifier.close()));
  await rm(place, { recursive: true, force: true });
});

async function openModel(folder = model): Promise<TextClassifier> {
  const classifier = await TextClassifier.fromPretrained(folder, { threads: 1 });
  opened.push(classifier);
  return classifier;
}

const whole = (text: string) => [...tokenizer.encode(text, { maxLength: 10_000 }).ids].slice(1, -1);
const read = (text: string, longTexts: LongTexts | undefined, maxLength = MAX_LENGTH) =>
  tokenizer.encodeWindows(text, { maxLength, longTexts }).map(({ ids }) => [...ids]);

describe("the tokens of a long text", () => {
  it("are those of its head, its tail, or a quarter of head and three of tail", () => {
    const tokens = whole(LONG);
    const [cls, sep] = [tokenizer.encode("a", { maxLength: 3 }).ids[0], tokenizer.encode("a", { maxLength: 3 }).ids[2]];
    const framed = (...inner: number[]) => [[cls, ...inner, sep]];
    expect(read(LONG, undefined)).toEqual(framed(...tokens.slice(0, 8)));
    expect(read(LONG, { read: "head" })).toEqual(framed(...tokens.slice(0, 8)));
    expect(read(LONG, { read: "tail" })).toEqual(framed(...tokens.slice(-8)));
    expect(read(LONG, { read: "head+tail" })).toEqual(framed(...tokens.slice(0, 2), ...tokens.slice(-6)));
    for (const how of ["head", "tail", "head+tail"] as const)
      expect(read("the film", { read: how })).toEqual(framed(...whole("the film")));
  });

  it.each([0, 1, 3, 7])("are all in windows, each with %i of the one before", (stride) => {
    for (const text of [...rows, ""]) {
      const tokens = whole(text);
      const windows = read(text, { read: "windows", stride, scores: "mean" }).map((ids) => ids.slice(1, -1));
      const joined = windows.flatMap((window, i) => (i === 0 ? window : window.slice(stride)));
      expect(joined).toEqual(tokens);
      expect(windows.slice(0, -1).every((window) => window.length === MAX_LENGTH - 2)).toBe(true);
      if (tokens.length <= MAX_LENGTH - 2) expect(windows).toHaveLength(1);
    }
  });

  it("are counted by rows, not by windows", () => {
    const { windows, length, truncated } = tokenizeTexts(rows, tokenizer, {
      maxLength: MAX_LENGTH,
      longTexts: { read: "windows", stride: 2, scores: "max" },
    });
    expect(windows?.starts).toHaveLength(rows.length + 1);
    expect(windows?.starts[rows.length]).toBe(length);
    expect(length).toBeGreaterThan(rows.length);
    expect(truncated).toBe(0);
  });
});

describe("a classifier that reads windows", () => {
  it.each(["mean", "max"] as const)(
    "gives a text the %s of its windows' scores, in evaluation and saved too",
    async (scores) => {
      const classifier = await openModel();
      const said: string[] = [];
      const history = await classifier.fit(data, {
        ...OPTIONS,
        ...{ longTexts: "windows", stride: 3, windowScores: scores, validation: data, maxEvalRows: 5 },
        callbacks: [{ onWarning: (line) => void said.push(line) }],
      });
      const count = tokenizeTexts(rows, tokenizer, {
        maxLength: MAX_LENGTH,
        longTexts: { read: "windows", stride: 3, scores },
      }).length;
      expect(said).toContain(`training set: ${rows.length} texts are read in ${count} windows`);
      // Each window is a row to train on; a text is judged once.
      expect(history.losses).toHaveLength(Math.ceil(count / 4));
      expect(history.epochs[0]?.validation?.examples).toBe(5);
      expect(history.validation?.examples).toBe(rows.length);
      const report = await classifier.evaluate(data);
      expect(report.examples).toBe(rows.length);
      expect(report.loss).toBeCloseTo(history.validation?.loss as number, 5);

      const folder = join(place, `windows ${scores}`);
      await classifier.save(folder);
      const again = await openModel(folder);
      const outputs = await again.outputs(data);
      expect(outputs.logits).toEqual((await classifier.outputs(data)).logits);
      expect(await again.predict(rows)).toEqual(await classifier.predict(rows));

      // By hand: each window as a text of its own, of the same classifier.
      const plain = await openModel(folder);
      const windowsOf = (row: string) =>
        tokenizer.encodeWindows(row, { maxLength: MAX_LENGTH, longTexts: { read: "windows", stride: 3, scores } });
      const last = rows.length - 1;
      const pieces = windowsOf(rows[last] as string).map(({ ids }) => tokenizer.decode(ids.slice(1, -1)));
      const each = (
        await plain.outputs(
          fromArrays(
            pieces,
            pieces.map(() => labels[0] as string),
            { labels },
          ),
        )
      ).logits;
      for (let row = 0; row < pieces.length && scores === "max"; row++) {
        const own = each.subarray(row * labels.length, (row + 1) * labels.length);
        const total = Math.log(own.reduce((sum, score) => sum + Math.exp(score), 0));
        for (let c = 0; c < own.length; c++) own[c] -= total;
      }
      for (let c = 0; c < labels.length; c++) {
        const column = pieces.map((_, i) => each[i * labels.length + c] as number);
        const wanted = scores === "max" ? Math.max(...column) : column.reduce((a, b) => a + b) / column.length;
        expect(outputs.logits[last * labels.length + c]).toBeCloseTo(wanted, 4);
      }
    },
  );

  it("does so in mode linear", async () => {
    const classifier = await openModel();
    const { validation } = await classifier.fit(data, {
      ...READ,
      ...{ mode: "linear", longTexts: "windows", windowScores: "max", validation: data, linearC: 1 },
    });
    expect(validation?.examples).toBe(rows.length);
    expect((await classifier.evaluate(data)).loss).toBeCloseTo(validation?.loss as number, 5);
  });

  it("remembers tails, and forgets them with another training", async () => {
    const classifier = await openModel();
    await classifier.fit(data, { ...OPTIONS, longTexts: "tail" });
    const end = rows.map((text) => tokenizer.decode(whole(text).slice(-(MAX_LENGTH - 2))));
    const folder = join(place, "tail");
    await classifier.save(folder);
    const again = await openModel(folder);
    const [own, ofEnds] = [await again.predict(rows), await again.predict(end)];
    expect(own.map(({ label }) => label)).toEqual(ofEnds.map(({ label }) => label));
    await again.fit(data, OPTIONS);
    expect((await again.predict([LONG]))[0]).not.toEqual((await again.predict([end[texts.length] as string]))[0]);
  });
});

describe("before training starts", () => {
  it.each<[FitOptions, string]>([
    [{ longTexts: "windows", stride: 8 }, "option stride: expected less than the text in windows of 10 tokens, got 8"],
    [{ stride: 2 }, "option stride: expected longTexts windows, which it belongs to, got 2"],
    [{ windowScores: "max" }, "option windowScores: expected longTexts windows"],
  ])("%o is refused", async (options, message) => {
    await expect((await openModel()).fit(data, { ...OPTIONS, ...options })).rejects.toThrow(message);
  });

  it("long texts of pairs are refused", async () => {
    const pairs = datasetFrom(rows.map((text, i) => ({ text, textPair: "a", label: labels[i % 3] as string })));
    await expect((await openModel()).fit(pairs, { ...OPTIONS, longTexts: "tail" })).rejects.toThrow(
      "option longTexts: expected texts by themselves",
    );
  });
});
