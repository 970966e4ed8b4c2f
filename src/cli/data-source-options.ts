/** How every command reads data: all that `readDataset` can read, under the same names. */

import { z } from "zod";
import { given } from "../base/given.js";
import type { Dataset } from "../data/dataset/dataset.js";
import { DATA_FORMATS, type ReadOptions } from "../data/dataset/node/read-dataset.js";

/** One text or several; on the command line the option is repeated. */
const several = z.union([z.string(), z.array(z.string())]);

/** Which texts, and how their file is written. */
export const textFields = {
  text: several.optional().describe("column of the texts, by name or number; several are joined"),
  format: z.enum(DATA_FORMATS).optional().describe("format of the file, if its name does not tell"),
  header: z.boolean().optional().describe("take the first row for the names of the columns; guessed by default"),
  delimiter: z.string().optional().describe("what separates fields; guessed by default"),
  quote: z.string().optional().describe('what quotes fields; "" where quotes are part of the text'),
  encoding: z.string().optional().describe("encoding of the file, such as latin1; guessed by default"),
  pattern: z
    .string()
    .optional()
    .describe("for --format lines: expression with named groups, as (?<label>\\w+) (?<text>.*)"),
  badRows: z
    .enum(["error", "skip", "report"])
    .default("error")
    .describe("stop at a row that cannot be read, leave it out, or leave it out and say why"),
  member: z.string().optional().describe("file, or folder of class folders, inside an archive"),
  classNames: several.optional().describe("class folder to read, in the order wanted; by default all, sorted"),
  exclude: several.optional().describe("class folder to leave out"),
  query: z.string().optional().describe("query or table of a database"),
  part: z.string().optional().describe("part of a Hugging Face data set; by default train"),
  configuration: z.string().optional().describe("configuration of a Hugging Face data set"),
  dataRevision: z.string().optional().describe("branch, tag or commit of a Hugging Face data set"),
} as const;

const { text, ...fileFields } = textFields;

/** {@link textFields} and the labels. */
export const labelledFields = {
  text,
  label: z.string().optional().describe("column of the labels, by name or number"),
  ...fileFields,
} as const;

/** {@link labelledFields} and which classes there are. */
export const trainingDataFields = {
  ...labelledFields,
  labels: z
    .union([z.array(z.string()), z.record(z.string(), z.union([z.string(), z.number()]))])
    .optional()
    .describe("a class, in the order wanted; by default those in the data, sorted"),
} as const;

/** {@link trainingDataFields} and what a look at data needs besides. */
export const sourceFields = {
  ...trainingDataFields,
  textsOnly: z.boolean().default(false).describe("read texts without labels"),
  columns: several.optional().describe('a further column to keep, or "all"'),
} as const;

type SourceValues = Partial<z.output<z.ZodObject<typeof sourceFields>>>;

/** The values of {@link sourceFields}, or of some of them, as `readDataset` takes them. */
export function sourceOptions(values: SourceValues): ReadOptions {
  const { text, label, textsOnly, columns, labels, classNames, exclude, quote, dataRevision } = values;
  const { format, header, delimiter, encoding, pattern, badRows, member, query, part, configuration } = values;
  return given({
    text,
    label: textsOnly === true ? (false as const) : label,
    columns: columns === undefined ? undefined : [columns].flat().includes("all") ? "all" : [columns].flat(),
    labels,
    classNames: classNames === undefined ? undefined : [classNames].flat(),
    exclude: exclude === undefined ? undefined : [exclude].flat(),
    quote: quote === "" ? (false as const) : quote,
    revision: dataRevision,
    ...{ format, header, delimiter, encoding, pattern, badRows, member, query, part, configuration },
  });
}

/** What a user should know of how `dataset` was read, rows that were refused among it. */
export function readingNotices(dataset: Dataset): string[] {
  return [...dataset.notices, ...dataset.badRows.map(({ where, reason }) => `${where}: ${reason}`)];
}

/** The argument that names data. */
export const dataArgument = {
  name: "data",
  many: true,
  description:
    "file (CSV, TSV, JSON, JSON Lines, Parquet, Arrow, SQLite; also packed), folder of class folders, pattern, http(s):// address, hf://owner/name, or postgres:// address; several are read as one",
  field: several,
} as const;
