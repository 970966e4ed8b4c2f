import { expect, it } from "vitest";
import { type Complaint, messageOf } from "../base/errors.js";
import { AS_FLAGS, flagsOf } from "./option-words.js";

const row = { where: "a.csv, line 3", got: "too many fields" } as const;

it.each<[Complaint, string, string]>([
  [
    { ...row, fix: "correct it, or leave such rows out", set: { badRows: "skip" } },
    'a.csv, line 3: too many fields; correct it, or leave such rows out with { badRows: "skip" }',
    "a.csv, line 3: too many fields; correct it, or leave such rows out with --bad-rows skip",
  ],
  [
    { where: "a.zip", got: "two", fix: "say which", set: { member: "my data/train" } },
    'a.zip: two; say which with { member: "my data/train" }',
    "a.zip: two; say which with --member 'my data/train'",
  ],
  [
    { where: "a.csv", got: "rows with text", option: "text", fix: "name it", set: { text: "…", label: false } },
    "a.csv: rows with text; name it with { text: …, label: false }",
    "a.csv: rows with text; name it with --text … --no-label",
  ],
  [
    { option: "badRows", expected: "one of error, skip", got: '"no"' },
    'option badRows: expected one of error, skip, got "no"',
    '--bad-rows: expected one of error, skip, got "no"',
  ],
  [
    { where: "a.csv", got: "there", set: { overwrite: true } },
    "a.csv: there; with { overwrite: true }",
    "a.csv: there; with --overwrite",
  ],
])("%j", (complaint, inCode, asFlags) => {
  expect(messageOf(complaint)).toBe(inCode);
  expect(messageOf(complaint, AS_FLAGS)).toBe(asFlags);
});

it("are given again as they were, a word for each value", () => {
  const weights = { spam: 5, ham: 1 };
  expect(flagsOf({ text: ["title", "the body"], textPair: undefined, label: 2, offline: false, weights })).toEqual([
    ...["--text title", "--text 'the body'", "--label 2", "--no-offline"],
    ...["--weights spam=5", "--weights ham=1"],
  ]);
});
