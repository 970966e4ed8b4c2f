import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cleanDataset } from "../cleaning/clean-dataset.js";
import { withDuckDB } from "../format/node/parquet.js";
import { reportDataset } from "../report/report-dataset.js";
import { assertTrainable } from "./assert-trainable.js";
import type { Dataset } from "./dataset.js";
import { datasetFrom, fromArrays } from "./dataset-from.js";
import { readDataset } from "./node/read-dataset.js";
import type { ReadOptions } from "./node/read-options.js";
import { writeDataset } from "./node/write-dataset.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "textune-"));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
const read = async (content: string, options: ReadOptions = {}): Promise<Dataset> => {
  const path = join(folder, `${files++}.csv`);
  await writeFile(path, content);
  return readDataset(path, options);
};
const classesOf = (dataset: Dataset): string[][] => [...dataset].map((row) => [...row.labels]);

describe("pairs of texts", () => {
  const CSV = "premise,hypothesis,label\nIt rains,It is wet,yes\nIt rains,It is dry,no\nIt snows,,no\n";

  it("are read from two columns; a row without one of them is left out", async () => {
    const pairs = await read(CSV, { text: "premise", textPair: "hypothesis" });
    expect([pairs.hasPairs, pairs.length]).toEqual([true, 2]);
    expect([pairs.text(1), pairs.textPair(1), pairs.label(1)]).toEqual(["It rains", "It is dry", "no"]);
    expect(pairs.notices).toContain("1 row without one of their texts was left out (line 4)");
    expect(pairs.columns.map(({ name, role }) => [name, role])).toEqual([
      ["premise", "text"],
      ["hypothesis", "textPair"],
      ["label", "label"],
    ]);
    await expect(read(CSV, { text: "premise", textPair: "premise" })).rejects.toThrow(/different columns/);
    await expect(read(CSV, { text: "premise", textPair: "hypothese" })).rejects.toMatchObject({ option: "textPair" });
  });

  it("count in the fingerprint and in what a duplicate is", async () => {
    const pairs = await read(CSV, { text: "premise", textPair: "hypothesis" });
    const swapped = datasetFrom([
      { text: "It is wet", textPair: "It rains", label: "yes" },
      { text: "It is dry", textPair: "It rains", label: "no" },
    ]);
    const same = datasetFrom([
      { text: "It rains", textPair: "It is wet", label: "yes" },
      { text: "It rains", textPair: "It is dry", label: "no" },
    ]);
    expect(pairs.fingerprint).toBe(same.fingerprint);
    expect(
      new Set([pairs, swapped, fromArrays(["It rains", "It rains"], ["yes", "no"])].map((d) => d.fingerprint)).size,
    ).toBe(3);
    expect(cleanDataset(same.concat(same), { dropDuplicates: true }).rowsAfter).toBe(2);
    expect((await reportDataset(same)).duplicates.exact).toBe(0);
  });

  it("stay through every operation and a file", async () => {
    const pairs = await read(CSV, { text: "premise", textPair: "hypothesis" });
    expect(pairs.map((row) => ({ textPair: row.textPair?.toUpperCase() ?? "" })).textPair(0)).toBe("IT IS WET");
    expect(pairs.concat(pairs).textPair(3)).toBe("It is dry");
    expect(pairs.select([1]).row(0).textPair).toBe("It is dry");
    expect(() => pairs.concat(fromArrays(["a"], ["yes"]))).toThrow(/expected two texts in each row, .* got one text/);
    for (const end of ["csv", "jsonl", "parquet"]) {
      const path = join(folder, `pairs.${end}`);
      await writeDataset(pairs, path);
      const back = await readDataset(path, { text: "premise", textPair: "hypothesis" });
      expect(back.fingerprint).toBe(pairs.fingerprint);
    }
  });
});

describe("several classes of a row", () => {
  const COLUMNS = "comment,toxic,insult,threat\nyou,1,1,0\nhello,0,0,0\nwatch out,0,0,1\n";

  it("are read from columns of 0 and 1", async () => {
    const comments = await read(COLUMNS, { label: ["toxic", "insult", "threat"] });
    expect(comments.targetKind).toBe("labels");
    expect(comments.labels).toMatchObject({ names: ["toxic", "insult", "threat"], counts: [1, 1, 1] });
    expect(classesOf(comments)).toEqual([["toxic", "insult"], [], ["threat"]]);
    expect([comments.labelIdsOf(0), comments.label(0), comments.labelId(2)]).toEqual([[0, 1], undefined, -1]);
    expect(comments.notices).toContain("1 row of no class was kept (line 3)");
    await expect(read(COLUMNS.replace("1,1,0", "1,2,0"), { label: ["toxic", "insult"] })).rejects.toThrow(
      /line 2, column "insult": expected 0 or 1, .*, got "2"/,
    );
    const two = await read(COLUMNS, { label: ["threat", "toxic"], labels: comments.labels });
    expect(classesOf(two)).toEqual([["toxic"], [], ["threat"]]);
    expect(two.notices).toContain('no column was read for "insult": no row counts as having it');
    await expect(read(COLUMNS, { label: ["toxic", "insult"], target: "number" })).rejects.toMatchObject({
      option: "target",
    });
  });

  it("are one class where the columns are one-hot labels and it is said so", async () => {
    const oneHot = "text,red,blue,green\na,0,1,0\nb,1,0,0\nc,0,0,1\n";
    const label = ["red", "blue", "green"];
    const colours = await read(oneHot, { label, target: "class" });
    expect([colours.targetKind, colours.labels.names, [...colours].map((row) => row.label)]).toEqual([
      "class",
      label,
      ["blue", "red", "green"],
    ]);
    const sorted = await read(oneHot, { label, target: "class", labels: ["blue", "green", "red"] });
    expect([0, 1, 2].map((row) => sorted.labelId(row))).toEqual([0, 2, 1]);
    const several = await read(oneHot, { label });
    expect(several.targetKind).toBe("labels");
    expect(several.notices).toContain('every row is of exactly one class: target "class" learns them as such');
    for (const [row, got] of [
      ["0,0,0", "got none"],
      ["0,1,1", 'got it in "blue", "green"'],
    ] as const)
      await expect(read(`${oneHot}d,${row}\n`, { label, target: "class" })).rejects.toThrow(
        `line 5: expected 1 in one of the label columns, as a row is of one class, ${got}`,
      );
  });

  it("in code are one-hot labels where every example has just one, and several classes otherwise", () => {
    const names = ["red", "blue", "green"];
    const texts = ["a", "b", "c"];
    const ofTwo = [
      [0, 1],
      [1, 0],
      [0, 1],
    ];
    const one = fromArrays(
      texts,
      [
        [0, 1, 0],
        [1, 0, 0],
        [0, 0, 1],
      ],
      { labels: names },
    );
    expect([one.targetKind, [...one].map((row) => row.label)]).toEqual(["class", ["blue", "red", "green"]]);
    const unnamed = fromArrays(texts, ofTwo);
    expect([...unnamed].map((row) => row.label)).toEqual(["1", "0", "1"]);
    const ids = fromArrays(texts, ofTwo, { labels: { ids: ["no", "yes"] } });
    expect([...ids].map((row) => row.label)).toEqual(["yes", "no", "yes"]);
    const several = fromArrays(
      texts,
      [
        [0, 1, 1],
        [0, 0, 0],
        [0, 0, 1],
      ],
      { labels: names },
    );
    expect([several.targetKind, classesOf(several)]).toEqual(["labels", [["blue", "green"], [], ["green"]]]);
    expect(
      fromArrays(
        texts,
        [
          [1, 0],
          [1, 0],
          [0, 1],
        ],
        { target: "labels" },
      ).targetKind,
    ).toBe("labels");
    expect(() => fromArrays(texts, ofTwo, { labels: names })).toThrow(
      "example 1: expected 3 numbers, a place for each class, got 2",
    );
    expect(() => fromArrays(texts, [[0, 1], [1, 0], ["0"]])).toThrow("example 3: expected 2 numbers");
    expect(() =>
      fromArrays(texts, [
        [0, 1],
        [1, 0],
        [2, 0],
      ]),
    ).toThrow('column "0": expected 0 or 1');
    expect(() => fromArrays(texts, [[1], [2], [3]], { target: "number" })).toThrow('expected a number, got "[1]"');
    expect(() =>
      fromArrays(
        texts,
        [
          [0, 1],
          [1, 0],
          [1, 1],
        ],
        { target: "class" },
      ),
    ).toThrow(/got it in "0", "1"/);
  });

  it("are read from one column with a separator, or of JSON lists", async () => {
    const separated = await read("text,label\na,red|blue\nb,\nc,blue| green\n", { labelSeparator: "|" });
    const lists = await read('text,label\na,"[""red"",""blue""]"\nb,[]\nc,"[""blue"", ""green""]"\n');
    expect(classesOf(separated)).toEqual([["blue", "red"], [], ["blue", "green"]]);
    expect(classesOf(lists)).toEqual(classesOf(separated));
    expect(lists.fingerprint).toBe(separated.fingerprint);
    expect(separated.notices.join()).not.toContain("more than one");
    const other = await read("text,label\na,red|blue\nb,\nc,blue| green\n", { labelSeparator: ";" });
    expect(other.notices).toContain('no row has more than one class: is ";" what is between them?');
    await expect(read("text,label\na,red\n", { target: "labels" })).rejects.toMatchObject({
      option: "labelSeparator",
    });
  });

  it("are read from lists of ids in Parquet, under the names that the file gives them", async () => {
    const path = join(folder, "emotions.parquet");
    const features = { labels: { feature: { names: ["joy", "fear"], _type: "ClassLabel" }, _type: "Sequence" } };
    await withDuckDB((db) =>
      db.run(
        `copy (select 'a' as text, [0, 1] as labels union all select 'b', [1]) to '${path}' (format parquet, kv_metadata {huggingface: '${JSON.stringify({ info: { features } })}'})`,
      ),
    );
    expect(classesOf(await readDataset(path))).toEqual([["joy", "fear"], ["fear"]]);
  });

  it("stay through every operation and a file", async () => {
    const comments = await read(COLUMNS, { label: ["toxic", "insult", "threat"] });
    const merged = comments.relabel({ toxic: "bad", insult: "bad", threat: "worse" });
    expect(classesOf(merged)).toEqual([["bad"], [], ["worse"]]);
    expect(classesOf(comments.concat(comments)).slice(3)).toEqual(classesOf(comments));
    expect(classesOf(comments.map((row) => ({ label: [...row.labels, "seen"] })))[1]).toEqual(["seen"]);
    expect(classesOf(comments.filter((row) => row.labels.includes("threat")))).toEqual([["threat"]]);
    expect(() => comments.balance()).toThrow(/expected a class in each row, got several classes in a row/);
    expect((await reportDataset(comments)).labels).toMatchObject({ names: comments.labels.names, perRow: [1, 1, 1] });
    expect(() => assertTrainable(comments)).toThrow(/one class for each row, got several/);
    for (const end of ["csv", "json", "parquet"]) {
      const path = join(folder, `labels.${end}`);
      await writeDataset(comments, path);
      expect((await readDataset(path)).fingerprint).toBe(comments.fingerprint);
    }
  });

  it("are split so that every part gets its share of every class", () => {
    const names = ["often", "seldom", "rare"];
    const rows = Array.from({ length: 1000 }, (_, i) => ({
      text: `text ${i}`,
      label: names.filter((_, k) => i % [2, 10, 50][k] === 0),
    }));
    const { train, test } = datasetFrom(rows).split({ test: 0.2, seed: 1 });
    expect([train.length, test.length]).toEqual([800, 200]);
    expect(Object.fromEntries(test.labels.names.map((name, id) => [name, test.labels.counts[id]]))).toEqual({
      often: 100,
      rare: 4,
      seldom: 20,
    });
  });
});

describe("numbers to predict", () => {
  it("are read where labels are numbers that are not whole", async () => {
    const scores = await read("text,score\na,1.5\nb,2\nc,\nd,-3e-1\n", { label: "score" });
    expect([scores.targetKind, scores.labels.names]).toEqual(["number", []]);
    expect([...scores].map((row) => row.target)).toEqual([1.5, 2, -0.3]);
    expect([scores.label(0), scores.labelId(0), scores.labelIdsOf(0)]).toEqual([undefined, -1, []]);
    expect(scores.notices).toContain('"score" holds numbers that are not whole, which are read as numbers to predict');
    expect(() => assertTrainable(scores)).toThrow(/got numbers; read them as classes with { target: "class" }/);
  });

  it("are what the options say", async () => {
    const STARS = "text,stars\na,1\nb,2\n";
    expect((await read(STARS, { label: "stars" })).targetKind).toBe("class");
    expect((await read(STARS, { label: "stars", target: "number" })).target(1)).toBe(2);
    expect((await read("text,stars\na,1.5\nb,2.5\n", { target: "class", label: "stars" })).labels.names).toEqual([
      "1.5",
      "2.5",
    ]);
    await expect(read("text,stars\na,one\n", { target: "number", label: "stars" })).rejects.toMatchObject({
      option: "target",
    });
  });

  it("stay through every operation and a file, and are split by quantiles", async () => {
    const scores = fromArrays(
      Array.from({ length: 200 }, (_, i) => `text ${i}`),
      Array.from({ length: 200 }, (_, i) => i / 10),
    );
    expect(scores.targetKind).toBe("number");
    expect(scores.concat(scores).target(201)).toBe(0.1);
    expect(scores.map((row) => ({ label: row.target * 2 })).target(3)).toBeCloseTo(0.6);
    expect(() => scores.relabel(["a"])).toThrow(/expected classes, got numbers/);
    expect(() => scores.map((row) => ({ label: row.index === 0 ? "a" : 1 }))).toThrow(/labels of one kind/);
    expect(scores.select([1]).fingerprint).not.toBe(scores.map(() => ({ label: 1 })).select([1]).fingerprint);
    const { test } = scores.split({ test: 0.1, seed: 3 });
    const quarters = [...test].map((row) => Math.floor(row.target / 5)).sort();
    expect(test.length).toBe(20);
    for (const quarter of [0, 1, 2, 3]) expect(quarters.filter((q) => q === quarter).length).toBeGreaterThanOrEqual(4);
    const path = join(folder, "scores.jsonl");
    await writeDataset(scores, path);
    expect((await readDataset(path)).fingerprint).toBe(scores.fingerprint);
  });
});
