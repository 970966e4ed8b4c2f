import { expect, it } from "vitest";
import { inFlags } from "./option-words.js";

it.each([
  [
    'correct it, or pass badRows: "skip" to leave such rows out',
    "correct it, or pass --bad-rows skip to leave such rows out",
  ],
  ['say which with member: "my data/train"', 'say which with --member "my data/train"'],
  [
    "the encoding was taken to be utf-16le; pass encoding to say otherwise",
    "the encoding was taken to be utf-16le; pass --encoding to say otherwise",
  ],
  ["if quotes are part of the text, pass quote: false", 'if quotes are part of the text, pass --quote ""'],
  ['pass smallClasses: "first" or stratify: false', "pass --small-classes first or --no-stratify"],
  ["name it with the option text", "name it with the option --text"],
  ['pass query: "select … from …"', 'pass --query "select … from …"'],
  ['delimiter: expected one character, got "ab"', '--delimiter: expected one character, got "ab"'],
  ["choose another name, or pass overwrite: true", "choose another name, or pass --overwrite"],
  ["leave out format to have it guessed", "leave out --format to have it guessed"],
  ["name another column as text: the file has", "name another column as text: the file has"],
  ['"label" is read as the label', '"label" is read as the label'],
])("%s", (said, expected) => {
  expect(inFlags(said)).toBe(expected);
});
