/** Every data format, and what follows from all of them together. */
import { fail } from "../../../base/errors.js";
import type { DataFormat, FormatOption, FormatOptions } from "../data-format.js";
import { csv, tsv } from "../delimited-format.js";
import { json, jsonl } from "../json-format.js";
import { lines } from "../lines-format.js";
import { arrow } from "./arrow-format.js";
import { parquet } from "./parquet-format.js";
import { sqlite } from "./sqlite-format.js";

/** The formats; a text is of the first that recognises it. */
const REGISTRY = [jsonl, json, tsv, csv, lines, parquet, arrow, sqlite] as const;
export const FORMATS: readonly DataFormat[] = REGISTRY;

/** What can be read, by the value of the option `format`: a file of a format, or a folder of class folders. */
export const FORMAT_NAMES = [...REGISTRY.map(({ name }) => name), "folder" as const];
export type FormatName = (typeof FORMAT_NAMES)[number];

/** Ends of names of files that are packed alone. */
const PACKED = /\.(gz|gzip|zst|zstd)$/i;

/** The name of a file without the end that says how it is packed. */
export function unpackedName(name: string): string {
  return name.replace(PACKED, "");
}

/** The format that a file's name tells; undefined where it tells none. */
export function formatOfName(name: string): DataFormat | undefined {
  const plain = unpackedName(name).toLowerCase();
  return FORMATS.find(({ endings }) => endings.some((ending) => plain.endsWith(ending)));
}

/** The format called `name`. */
export function formatNamed(name: string): DataFormat | undefined {
  return FORMATS.find((format) => format.name === name);
}

/** Whether a column that was asked for is a field of the first line, among others. */
function namesStand(sample: string, { askedNames = [] }: FormatOptions): boolean {
  const [line = ""] = sample.split(/[\r\n]/, 1);
  const fields = line.split(/[,;\t|]/).map((field) => field.replace(/^\s*"?|"?\s*$/g, ""));
  return fields.length > 1 && askedNames.some((name) => fields.includes(name));
}

const TABLE_OPTIONS = ["header", "delimiter", "quote"] as const;

/** The format of a text, by its name and its start, and by the options that were given for it. */
export function formatOfText(name: string, sample: string, options: FormatOptions): DataFormat {
  const told = formatOfName(name);
  const asked = (Object.keys(options) as FormatOption[]).filter((option) => options[option] !== undefined);
  // A pattern is for lines, whatever the file is called.
  if (asked.includes("pattern")) return lines;
  // An option of tables makes a table of any text.
  if (told === undefined && (TABLE_OPTIONS.some((option) => asked.includes(option)) || namesStand(sample, options)))
    return csv;
  // A .json often is JSON Lines, and the other way round, which the reader sees.
  return told ?? FORMATS.find((format) => format.sniff?.(sample, name) === true) ?? csv;
}

/** Refuses options that mean nothing for `format`. @throws E_CONFIG naming the formats that take them */
export function checkFormatOptions(format: DataFormat, options: FormatOptions, source: string): void {
  for (const option of ["header", "delimiter", "quote", "pattern", "encoding", "query"] as const) {
    if (options[option] === undefined || format.options.includes(option)) continue;
    const takers = FORMATS.filter((other) => other.options.includes(option)).map((other) => other.title);
    fail("E_CONFIG", {
      where: source,
      option,
      expected: `no ${option}, which is for ${takers.join(", ")}`,
      got: format.title,
      fix: "leave it out",
    });
  }
}
