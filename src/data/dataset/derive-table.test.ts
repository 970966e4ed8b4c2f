import { describe, expect, it } from "vitest";
import { datasetFrom, fromArrays } from "./dataset-from.js";

const mails = datasetFrom(
  Array.from({ length: 10 }, (_, i) => ({ text: `mail ${i}`, label: i < 8 ? "ham" : "spam", size: i })),
);

describe("deriving data sets", () => {
  it("maps texts and labels, keeping classes that suffice and columns", () => {
    const upper = mails.head(3).map((row) => ({ text: row.text.toUpperCase() }));
    expect([upper.text(2), upper.labels.names, upper.value(2, "size")]).toEqual(["MAIL 2", ["ham", "spam"], 2]);
    const other = mails.map((row) => ({ label: row.index % 2 === 0 ? "even" : "odd" }));
    expect(other.labels).toMatchObject({ names: ["even", "odd"], counts: [5, 5] });
    expect(() => mails.map(() => ({ label: "x" }), ["y"])).toThrow(/got "x"/);
    expect(mails.label(0)).toBe("ham");
  });

  it("joins data sets end to end, with the classes of all", () => {
    const joined = mails.head(2).concat(fromArrays(["new"], ["eggs"]), mails.select([9]));
    expect([...joined].map((row) => [row.text, row.label])).toEqual([
      ["mail 0", "ham"],
      ["mail 1", "ham"],
      ["new", "eggs"],
      ["mail 9", "spam"],
    ]);
    expect(joined.labels.names).toEqual(["eggs", "ham", "spam"]);
    expect(joined.columns.map((column) => column.name)).toEqual(["text", "label"]);
    const both = mails.head(4).concat(mails.select([4, 5, 6, 7, 8, 9]));
    expect([both.fingerprint, both.value(7, "size")]).toEqual([mails.fingerprint, mails.value(7, "size")]);
    const parts = mails.split({ test: 0.5, stratify: true });
    expect(parts.train.concat(parts.test).labels.names).toEqual(["ham", "spam"]);
    expect(() => mails.concat(fromArrays(["x"]))).toThrow(
      /concat, examples in code: expected a class in each row, as in .*, got no labels/,
    );
  });

  it("balances by drawing fewer or repeating evenly", () => {
    expect(mails.balance().labels.counts).toEqual([2, 2]);
    expect(mails.balance({ perClass: 5 }).labels.counts).toEqual([5, 2]);
    const more = mails.balance({ method: "oversample", perClass: 9, seed: 2 });
    expect(more.labels.counts).toEqual([9, 9]);
    const times = new Map<string, number>();
    for (const row of more) times.set(row.text, (times.get(row.text) ?? 0) + 1);
    expect([...times.values()].sort()).toEqual([1, 1, 1, 1, 1, 1, 1, 2, 4, 5]);
    expect(() => fromArrays(["a"]).balance()).toThrow(/expected labels/);
  });

  it("renames a column and refuses a name that is taken", () => {
    const renamed = mails.rename("size", "bytes").rename("text", "body");
    expect([renamed.value(3, "bytes"), renamed.value(3, "body"), renamed.text(3)]).toEqual([3, "mail 3", "mail 3"]);
    expect(() => mails.rename("size", "label")).toThrow(/a new name/);
    expect(() => mails.rename("sise", "x")).toThrow(/did you mean "size"/);
  });
});
