import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sharedPath } from "../../../tests/support/shared.js";
import { parseDelimited } from "./delimited.js";
import { guessHeader } from "./guess-header.js";

const guess = (csv: string, asked: readonly string[] = []): boolean => {
  const [first, ...rows] = parseDelimited(csv, { delimiter: ",", quote: '"' }).map((record) => record.fields);
  return guessHeader(first as readonly string[], rows, asked).header;
};
const repeat = (lines: readonly string[], times: number): string =>
  Array.from({ length: times }, (_, i) => lines.map((line) => line.replace("#", String(i))))
    .flat()
    .join("\n");

describe("a first row", () => {
  it.each([
    ["words over 0 and 1", `email,spam\n${repeat(["buy # now,1", "see you # at noon,0"], 10)}`],
    ["words over numbers, in a few rows", "Nachricht,Klasse\nHallo,0\nKauf jetzt,1\n"],
    [
      "words of which one is a label column's and none of its values",
      `my text,my label\n${repeat(["so # good,fine", "so # bad,poor"], 20)}`,
    ],
    [
      "words that stand nowhere else",
      `statement,status\n${repeat(["I feel # sad,Depression", "I feel # well,Normal"], 12)}`,
    ],
    ["words over few rows that tell nothing", "narrative,product\nIt broke,phone\nIt shines,lamp\n"],
    [
      "an empty name over numbers, as pandas writes its index",
      `,comment,verdict\n${repeat(["#,ok,good", "#,no,bad"], 5)}`,
    ],
    ["the numbers of columns, as pandas writes them", `0,1\n${repeat(["fine #,good", "awful #,bad"], 5)}`],
    ["a known name", "text,label\nfine,good\n"],
    ["a name that a lone column of texts is known by", "text\nfine\n"],
  ])("of %s is a header", (_, csv) => {
    expect(guess(csv)).toBe(true);
  });

  it.each([
    ["a number over numbers", `so good,1\n${repeat(["fine #,1", "awful #,0"], 5)}`],
    [
      "a label that stands further down",
      `ham,Go until jurong point\n${repeat(["ham,see you #", "spam,buy # now"], 5)}`,
    ],
    ["a known name that is a label", "title,The news\nbody,Much happened\ntitle,More news\n"],
    ["a long text", `good,"${"word ".repeat(30)}"\nbad,short\n`],
    ["one column that nothing is known of", "fine\nawful\n"],
    ["the same word twice", "a,a\nb,c\n"],
  ])("of %s is none", (_, csv) => {
    expect(guess(csv)).toBe(false);
  });

  it("is one where a name was asked for", () => {
    expect(guess("fine,good\nfine,good\n", ["Good"])).toBe(true);
  });

  it.each([
    ["cola/train.tsv", false],
    ["sms-spam/SMSSpamCollection", false],
    ["sst2/train.tsv", true],
  ])("of %s is what it is", (name, header) => {
    const path = sharedPath(`data/${name}`);
    if (path === undefined) return;
    const records = parseDelimited(readFileSync(path, "utf8").slice(0, 50_000), { delimiter: "\t", quote: undefined });
    const [first, ...rows] = records.slice(0, -1).map((record) => record.fields);
    expect(guessHeader(first as readonly string[], rows, []).header).toBe(header);
  });
});
