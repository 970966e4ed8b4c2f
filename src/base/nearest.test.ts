import { describe, expect, it } from "vitest";
import { didYouMean, nearestNames } from "./nearest.js";

const options = ["learningRate", "batchSize", "epochs", "warmupRatio", "weightDecay", "maxGradNorm"];

describe("nearestNames", () => {
  it.each([
    ["learningrate", "learningRate"], // case
    ["lerningRate", "learningRate"], // a letter missing
    ["epoch", "epochs"], // a part of it
    ["batch_size", "batchSize"], // another spelling
    ["wieghtDecay", "weightDecay"], // two letters swapped
  ])("finds for %s what was meant", (name, meant) => {
    expect(nearestNames(name, options)[0]).toBe(meant);
  });

  it("finds nothing for a name that is near none", () => {
    expect(nearestNames("zzzzzz", options)).toEqual([]);
  });

  it("names at most three, the nearest first", () => {
    expect(nearestNames("text", ["texts", "text_b", "next", "text", "test"])).toEqual(["text", "texts", "text_b"]);
  });
});

describe("didYouMean", () => {
  it("asks where a name is near", () => {
    expect(didYouMean("epoch", options)).toBe('did you mean "epochs"?');
    expect(didYouMean("txt", ["text", "txt2"])).toBe('did you mean "text" or "txt2"?');
  });

  it("lists what there is where none is near, at most twelve", () => {
    expect(didYouMean("zzz", ["label", "body"])).toBe('choose one of "label", "body"');
    const many = Array.from({ length: 13 }, (_, i) => `column number ${i}`);
    const hint = didYouMean("zzz", many);
    expect(hint).toContain('"column number 11", …');
    expect(hint).not.toContain("column number 12");
  });
});
