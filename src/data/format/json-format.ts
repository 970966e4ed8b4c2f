/** JSON: a list of objects, or an object in every line. */

import { type ColumnKind, isPlainNumber } from "../table/cell.js";
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
  const names = table.names.map((name) => JSON.stringify(name));
  for (const cells of table.rows()) {
    const members = names.map((name, i) => `${name}:${jsonOf(cells[i], table.kinds[i])}`);
    yield `{${members.join(",")}}\n`;
  }
}

function jsonOf(cell: string | undefined, kind: ColumnKind | undefined): string {
  if (cell === undefined) return "null";
  if (kind === "number") return isPlainNumber(cell) ? cell : (JSON.stringify(Number(cell)) ?? "null");
  return kind === "boolean" ? cell : JSON.stringify(cell);
}
