import { describe, expect, it } from "vitest";
import { createLabels, labelRuleOf, resolveLabels, sortLabelNames } from "./labels.js";

describe("labels", () => {
  it("sorts names by code units and whole numbers by value", () => {
    expect(sortLabelNames(["spam", "Ham", "ham", "Äh"])).toEqual(["Ham", "ham", "spam", "Äh"]);
    expect(sortLabelNames(["10", "9", "-1", "0"])).toEqual(["-1", "0", "9", "10"]);
    expect(sortLabelNames(["10", "9", "x"])).toEqual(["10", "9", "x"]);
  });

  it("finds ids by name", () => {
    const labels = createLabels(["a", "b"], [3, 1]);
    expect([labels.id("b"), labels.id("c"), labels.id("constructor")]).toEqual([1, -1, -1]);
  });

  it("takes numbers as ids of given names only where these are called ids", () => {
    const names = ["negative", "positive"];
    expect(() => resolveLabels(["1", "0"], names, "f.csv")).toThrow(
      'f.csv: expected labels among "negative", "positive", got numbers (0, 1), which may be their ids in any order; say what each means with { labels: "0=…,1=…" }',
    );
    expect(resolveLabels(["1", "0"], { ids: names }, "f.csv")).toMatchObject({ names, ids: new Int32Array([1, 0]) });
    expect(() => resolveLabels(["2", "0"], { ids: names }, "f.csv")).toThrow(
      /f\.csv: expected ids from 0 to 1, of "negative", "positive", got "2"/,
    );
    expect(() => resolveLabels(["negative"], { ids: names }, "f.csv")).toThrow(/got "negative"/);
    expect(() => resolveLabels(["0", "positive"], ["negative", "positive"], "f.csv")).toThrow(/got "0"/);
  });

  it("does not take numbers as ids of another data set's classes, whose order nobody has named", () => {
    const irony = createLabels(["irony", "non_irony"], [1, 1]);
    expect(() => resolveLabels(["0", "1"], irony, "f.csv")).toThrow(
      'f.csv: expected labels among "irony", "non_irony", got numbers (0, 1), which may be their ids in any order; say what each means with { labels: "0=…,1=…" }',
    );
    const said = resolveLabels(["0", "1"], labelRuleOf("0=non_irony, 1=irony"), "f.csv");
    expect(["0", "1"].map((_, i) => said.names[said.ids[i] as number])).toEqual(["non_irony", "irony"]);
    expect(labelRuleOf(["0=a", "1=b,2=c"])).toEqual({ "0": "a", "1": "b", "2": "c" });
    expect(labelRuleOf(["a", "b"])).toEqual(["a", "b"]);
  });

  it("maps values to names and to ids", () => {
    expect(resolveLabels(["4", "0"], { "0": "negative", "4": "positive" }, "f")).toMatchObject({
      names: ["negative", "positive"],
      ids: new Int32Array([1, 0]),
    });
    expect(resolveLabels(["neg", "pos"], { pos: 0, neg: 1 }, "f")).toMatchObject({
      names: ["pos", "neg"],
      ids: new Int32Array([1, 0]),
    });
    expect(() => resolveLabels(["neg"], { pos: 1, neg: 2 }, "f")).toThrow(/ids 0 to 1/);
    expect(() => resolveLabels(["other"], { pos: 1, neg: 0 }, "f")).toThrow(/got "other"/);
  });

  it("names a strange label and what it was probably meant to be", () => {
    expect(() => resolveLabels(["spam", "spma"], ["ham", "spam"], "mail.csv")).toThrow(
      /mail\.csv: .*got "spma"; did you mean "spam"/,
    );
  });
});
