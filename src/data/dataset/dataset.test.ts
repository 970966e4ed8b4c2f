import { describe, expect, it } from "vitest";
import { assertTrainable } from "./assert-trainable.js";
import { datasetFrom, fromArrays } from "./dataset-from.js";

const films = datasetFrom([
  { text: "good", label: "pos", year: 1999, ok: true },
  { text: "bad", label: "neg", year: 2001, ok: false },
  { text: "fine", label: "pos", year: 2005, ok: true },
]);

describe("dataset", () => {
  it("gives texts, labels and typed further columns", () => {
    expect([
      films.length,
      films.text(1),
      films.label(1),
      films.labelId(1),
      films.value(1, "year"),
      films.value(1, "ok"),
    ]).toEqual([3, "bad", "neg", 0, 2001, false]);
    expect(films.labels).toMatchObject({ names: ["neg", "pos"], counts: [1, 2] });
    expect(films.columns.map((column) => [column.name, column.kind])).toEqual([
      ["text", "string"],
      ["label", "string"],
      ["year", "number"],
      ["ok", "boolean"],
    ]);
    expect(() => films.text(3)).toThrow(/a row from 0 to 2, got 3/);
    expect(() => films.value(0, "yaer")).toThrow(/did you mean "year"/);
  });

  it("derives views that keep labels and agree with the rows they came from", () => {
    const recent = films.filter((row) => (row.value("year") as number) > 2000);
    expect([...recent].map((row) => [row.index, row.text])).toEqual([
      [0, "bad"],
      [1, "fine"],
    ]);
    expect(recent.labels.counts).toEqual([1, 1]);
    expect([...recent.select([1, 1])].map((row) => row.value("year"))).toEqual([2005, 2005]);
    expect(films.head(2).text(1)).toBe("bad");
    expect([...films.shuffle(3)].map((row) => row.text).sort()).toEqual(["bad", "fine", "good"]);
    expect(films.sample(2, 1).length).toBe(2);
  });

  it("renames, merges and reorders classes", () => {
    expect(films.relabel(["pos", "neg"]).labelId(1)).toBe(1);
    expect(films.relabel({ pos: "film", neg: "film" }).labels).toMatchObject({ names: ["film"], counts: [3] });
    expect(() => films.relabel({ pos: "x" })).toThrow(/got "neg"/);
  });

  it("has a fingerprint of texts, labels and order, whatever it was derived from", () => {
    const same = fromArrays(["good", "bad", "fine"], ["pos", "neg", "pos"]);
    expect(films.fingerprint).toBe(same.fingerprint);
    expect(films.filter(() => true).fingerprint).toBe(same.fingerprint);
    const others = [
      fromArrays(["good", "bad", "fine"], ["pos", "neg", "neg"]),
      fromArrays(["goodb", "ad", "fine"], ["pos", "neg", "pos"]),
      films.select([1, 0, 2]),
      films.head(2),
      fromArrays(["good", "bad", "fine"]),
    ];
    expect(new Set([same, ...others].map((dataset) => dataset.fingerprint)).size).toBe(6);
  });

  it("reports rows without text or label, and nothing at all", () => {
    const dataset = datasetFrom([
      { text: "a", label: "x" },
      { text: " \n", label: "x" },
      { text: "b" },
      { text: "c", label: " y " },
    ]);
    expect(dataset.notices).toEqual([
      "1 row without text was left out (row 2)",
      "1 row without a label was left out (row 3)",
      "1 row with spaces around the label was trimmed (row 4)",
    ]);
    expect(dataset.labels.names).toEqual(["x", "y"]);
    expect(() => datasetFrom([{ text: "" }])).toThrow(/expected rows with text, got 1 row without text/);
    expect(() => datasetFrom([])).toThrow(/rows with text/);
    expect(() => fromArrays(["a"], ["x", "y"])).toThrow(/as many labels as texts/);
  });
});

describe("assertTrainable", () => {
  it("wants labels, two classes that occur, and a row for each", () => {
    expect(() => assertTrainable(fromArrays(["a", "b"]))).toThrow(/expected labels, got none/);
    expect(() => assertTrainable(fromArrays(["a", "b"], ["x", "x"]))).toThrow(/at least two classes, got one \("x"\)/);
    expect(() => assertTrainable(fromArrays(["a", "b"], ["x", "y"], { labels: ["x", "y", "z"] }))).toThrow(
      /each of the 3 classes, got 2 rows/,
    );
    expect(() => assertTrainable(films)).not.toThrow();
  });
});
