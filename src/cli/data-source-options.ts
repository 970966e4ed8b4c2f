/** Options of the `data` commands: everything that `readDataset` can read. */
import { z } from "zod";
import type { ReadOptions } from "../data/read-dataset.js";
import { readingFields, readOptions } from "./data-options.js";

export const sourceFields = {
  ...readingFields,
  textsOnly: z.boolean().default(false).describe("read texts without labels"),
  columns: z.array(z.string()).optional().describe('a further column to keep, or "all"'),
  labels: z.array(z.string()).optional().describe("a class, in the order wanted; by default those in the data, sorted"),
  member: z.string().optional().describe("file, or folder of class folders, inside an archive"),
  exclude: z.array(z.string()).optional().describe("class folder to leave out"),
  query: z.string().optional().describe("query or table of a database"),
  part: z.string().optional().describe("part of a Hugging Face data set; by default train"),
  configuration: z.string().optional().describe("configuration of a Hugging Face data set"),
  revision: z.string().optional().describe("branch, tag or commit of a Hugging Face data set"),
} as const;

const schema = z.object(sourceFields);

/** The values of {@link sourceFields} as `readDataset` takes them. */
export function sourceOptions(values: z.output<typeof schema>): ReadOptions {
  const { textsOnly, columns, labels, member, exclude, query, part, configuration, revision, ...reading } = values;
  const further = { labels, member, exclude, query, part, configuration, revision };
  return {
    ...readOptions(reading),
    ...Object.fromEntries(Object.entries(further).filter(([, value]) => value !== undefined)),
    ...(columns === undefined ? {} : { columns: columns.includes("all") ? "all" : columns }),
    ...(textsOnly ? { label: false } : {}),
  };
}

/** What the argument of a `data` command may be. */
export const SOURCE_ARGUMENT =
  "file (CSV, TSV, JSON, JSON Lines, Parquet, Arrow, SQLite; also packed), folder of class folders, pattern, http(s):// address, hf://owner/name, or postgres:// address";
