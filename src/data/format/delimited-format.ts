/** Comma- and tab-separated text. */
import { defineFormat, type WritableTable } from "./data-format.js";
import { looksDelimited } from "./delimited.js";
import { delimitedRows } from "./delimited-rows.js";

const OPTIONS = ["header", "delimiter", "quote", "encoding"] as const;

export const tsv = defineFormat({
  name: "tsv",
  title: "TSV",
  endings: [".tsv", ".tab"],
  options: OPTIONS,
  sniff: (sample) => firstLines(sample).every((line) => line.includes("\t")),
  read: async (input, options) => delimitedRows(await input.text(), input.source, "\t", options),
  lines: (table) => delimitedLines(table, "\t"),
});

export const csv = defineFormat({
  name: "csv",
  title: "CSV",
  endings: [".csv"],
  options: OPTIONS,
  sniff: (sample) => looksDelimited(sample),
  read: async (input, options) => delimitedRows(await input.text(), input.source, ",", options),
  lines: (table) => delimitedLines(table, ","),
});

function firstLines(sample: string): readonly string[] {
  return sample.split("\n", 20).filter((line) => line !== "");
}

function* delimitedLines(table: WritableTable, delimiter: string): Generator<string> {
  // A field in quotes is read as it is; leading spaces need none, but a lone quote or line end does.
  const field = (text = ""): string =>
    text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  yield `${table.names.map((name) => field(name)).join(delimiter)}\n`;
  for (const cells of table.rows()) {
    const line = cells.map((cell) => field(cell)).join(delimiter);
    // A blank line would be skipped when it is read.
    yield `${line === "" ? '""' : line}\n`;
  }
}
