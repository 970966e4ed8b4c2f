/** JSON: a list of objects, or an object in every line. */
import { defineFormat, type WritableTable } from "./data-format.js";
import { jsonRows } from "./json-rows.js";

export const jsonl = defineFormat({
  name: "jsonl",
  title: "JSON Lines",
  endings: [".jsonl", ".ndjson"],
  options: ["encoding"],
  read: async (input) => jsonRows(await input.text(), input.source, "jsonl"),
  lines: jsonLines,
});

export const json = defineFormat({
  name: "json",
  title: "JSON",
  endings: [".json"],
  options: ["encoding"],
  sniff: (sample) => /^\s*[{[]/.test(sample),
  read: async (input) => jsonRows(await input.text(), input.source, "json"),
  *lines(table) {
    let first = true;
    yield "[\n";
    for (const line of jsonLines(table)) {
      yield `${first ? "" : ",\n"}${line.slice(0, -1)}`;
      first = false;
    }
    yield "\n]\n";
  },
});

/** An object for each row, in a line of its own. */
export function* jsonLines(table: WritableTable): Generator<string> {
  for (const cells of table.rows())
    yield `${JSON.stringify(Object.fromEntries(table.names.map((name, i) => [name, cells[i] ?? null])))}\n`;
}
