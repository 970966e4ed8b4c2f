/** How data sets are read: the options of the API, of the command line and of its help, in one place. */
import { z } from "zod";
import type { DownloadProgress } from "../../../hub/hub-options.js";
import { FORMAT_NAMES, type FormatName } from "../../format/node/registry.js";
import type { SourceOptions } from "../../source/node/sources.js";
import type { ColumnChoice } from "../../table/choose-columns.js";
import type { LabelRule } from "../../table/labels.js";
import { askedNames } from "../../table/table-columns.js";
import { TARGET_KINDS, type TargetKind } from "../target.js";

/** How to read a data set. Everything has a sensible guess, which is said in the data set's `notices`. */
export interface ReadOptions {
  /** The column of texts, by name or number (from 1); several are joined by a space. */
  readonly text?: ColumnChoice | readonly ColumnChoice[] | undefined;
  /** The column of second texts, for tasks on pairs of texts; several are joined by a space. Default none. */
  readonly textPair?: ColumnChoice | readonly ColumnChoice[] | undefined;
  /**
   * The column of labels, by name or number (from 1); `false` for texts alone; several where each class has a column
   * of 0 and 1: a row may be of several of them, or, with `target: "class"`, is of one (one-hot labels).
   */
  readonly label?: ColumnChoice | readonly ColumnChoice[] | false | undefined;
  /** What is between the classes of a row in one column, such as `"|"`. A JSON list in the cell needs none. */
  readonly labelSeparator?: string | undefined;
  /**
   * What is learned: a class for each row, several classes (labels), or a number. Default: labels with several
   * columns, a separator or lists; a number where labels are numbers that are not all whole; otherwise a class.
   */
  readonly target?: TargetKind | undefined;
  /** Further columns to keep, for `split`, `filter` and reports. Default none. */
  readonly columns?: ColumnChoice | readonly ColumnChoice[] | "all" | undefined;
  /**
   * Which classes there are, and what the values of the label column mean: a list, a mapping (as an object or as
   * `"0=negative,1=positive"`), or the labels of another data set. Default: the values, sorted.
   */
  readonly labels?: LabelRule | string | undefined;
  /** Default: by the file's name and content. */
  readonly format?: FormatName | undefined;
  /** Whether the first row names the columns. Default: guessed. */
  readonly header?: boolean | undefined;
  /** What separates fields, one character. Default: a comma, or a tab for .tsv, unless the file shows another. */
  readonly delimiter?: string | undefined;
  /** What quotes fields, one character; `false` where quotes are part of the text. Default: guessed. */
  readonly quote?: string | false | undefined;
  /** An encoding of the WHATWG standard, such as `"latin1"`. Default: guessed. */
  readonly encoding?: string | undefined;
  /** For the format lines: an expression whose named groups are the columns, as in `^(?<label>\w+) (?<text>.*)$`. */
  readonly pattern?: RegExp | string | undefined;
  /** What to do with rows that cannot be read: stop (default), leave them out, or leave them out and list them. */
  readonly badRows?: "error" | "skip" | "report" | undefined;
  /** Reads no more rows than this, the first. Default: all. */
  readonly limit?: number | undefined;
  /** In an archive: the data file, or the folder that holds the class folders. */
  readonly member?: string | undefined;
  /** Class folders to read, in the order of their ids. Default: all, sorted. */
  readonly classNames?: string | readonly string[] | undefined;
  /** Ends of the names of files in class folders, such as `".txt"`. Default: all files that are text. */
  readonly extension?: string | readonly string[] | undefined;
  /** Class folders to leave out, such as `["unsup"]`. Default none. */
  readonly exclude?: string | readonly string[] | undefined;
  /** For a database: a query, or the name of a table. Default: its only table. */
  readonly query?: string | undefined;
  /** For a data set of the hub: which of its splits. Default `"train"`. */
  readonly split?: string | undefined;
  /** For a data set of the hub that has several configurations: the one to read. */
  readonly config?: string | undefined;
  /** For a data set of the hub: a branch, tag or commit. Default `"main"`. */
  readonly revision?: string | undefined;
  /** Access token of the hub. Default: HF_TOKEN, or what `hf auth login` stored. */
  readonly token?: string | undefined;
  /** Address of the hub. Default: HF_ENDPOINT, or https://huggingface.co. */
  readonly endpoint?: string | undefined;
  /** Where downloads of the hub are kept. Default: the cache of Hugging Face's own tools. */
  readonly cacheDir?: string | undefined;
  /** Use what that cache holds, and no network. Default: what HF_HUB_OFFLINE says. */
  readonly offline?: boolean | undefined;
  /** Called while files of the hub are downloaded. */
  readonly onDownload?: ((event: DownloadProgress) => void) | undefined;
  /** Stops the reading. */
  readonly signal?: AbortSignal | undefined;
}

const column = z.union([z.string(), z.number().int().positive()]);
const columns = z.union([column, z.array(column).nonempty()], "a column, by its name or by its number from 1");
const name = z.string().optional();
const names = z.union([z.string(), z.array(z.string())], "names").optional();
const labelRule = z.custom<LabelRule>(
  (value) => typeof value === "object" && value !== null,
  "classes, or what values mean",
);

/** {@link ReadOptions} as a schema: what stands in `describe` is the help of the command line. */
export const readOptions = z.strictObject({
  text: columns.optional().describe("column of the texts, by name or number; several are joined"),
  textPair: columns.optional().describe("column of second texts, for pairs of texts; several are joined"),
  label: z
    .union([columns, z.literal(false).describe("read texts without labels")], "a column, or false for none")
    .optional()
    .describe(
      "column of the labels, by name or number; several of 0 and 1 are classes that a row may share, or, with target class, one-hot labels",
    ),
  labelSeparator: z.string().min(1).optional().describe("what is between several labels in a cell, such as |"),
  target: z
    .enum(TARGET_KINDS)
    .optional()
    .describe("what is learned: one class of a row, several, or a number; by what the labels are by default"),
  columns: z
    .union([column, z.array(column)], 'columns, or "all"')
    .optional()
    .describe('a further column, or "all"'),
  labels: z
    .union([z.string(), z.array(z.string()), z.record(z.string(), z.union([z.string(), z.number()])), labelRule])
    .optional()
    .describe(
      "a class, in the order wanted, or what values mean, as 0=negative,1=positive; by default those in the data, sorted",
    ),
  format: z.enum(FORMAT_NAMES).optional().describe("format of the file, if its name does not tell"),
  header: z
    .boolean()
    .optional()
    .describe("take the first row for the names of the columns; guessed by default")
    .meta({ no: "take the first row for a row like the others" }),
  delimiter: name.describe("what separates fields; guessed by default"),
  quote: z
    .union([z.string(), z.literal(false).describe("take quotes for part of the text")], "one character, or false")
    .optional()
    .describe("what quotes fields; guessed by default"),
  encoding: name.describe("encoding of the file, such as latin1; guessed by default"),
  pattern: z
    .union([z.string(), z.instanceof(RegExp)], "a regular expression")
    .optional()
    .describe("for lines: expression with named groups, as (?<label>\\w+) (?<text>.*)"),
  badRows: z
    .enum(["error", "skip", "report"])
    .default("error")
    .describe("stop at a row that cannot be read, leave it out, or leave it out and say why"),
  limit: z.number().int().positive().optional().describe("read no more rows than this, the first"),
  member: name.describe("file, or folder of class folders, inside an archive"),
  classNames: names.describe("class folder to read, in the order wanted; by default all, sorted"),
  extension: names.describe("end of the names of files in class folders, such as .txt; by default all are read"),
  exclude: names.describe("class folder to leave out"),
  query: name.describe("query or table of a database"),
  split: name.describe("split of a Hugging Face data set; by default train"),
  config: name.describe("configuration of a Hugging Face data set"),
  revision: name.describe("branch, tag or commit of a Hugging Face data set"),
  token: name,
  endpoint: name,
  cacheDir: name.describe("folder of downloads from Hugging Face"),
  offline: z
    .boolean()
    .optional()
    .describe("use what was downloaded before, and no network")
    .meta({ no: "use the network, whatever HF_HUB_OFFLINE says" }),
  onDownload: z.custom<ReadOptions["onDownload"]>((value) => typeof value === "function", "a function").optional(),
  signal: z.instanceof(AbortSignal).optional(),
} satisfies Record<keyof ReadOptions, z.ZodType>);

/** One or several, as a list. */
export function listOf<T>(values: T | readonly T[]): readonly Exclude<T, undefined>[] | undefined {
  return values === undefined ? undefined : ([values].flat() as Exclude<T, undefined>[]);
}

/** The options as those take them who open files. */
export function openingOptions(options: ReadOptions, notUtf8: ReadonlySet<string> = new Set()): SourceOptions {
  return {
    ...options,
    classNames: listOf(options.classNames),
    exclude: listOf(options.exclude),
    extensions: listOf(options.extension),
    lenient: options.badRows !== undefined && options.badRows !== "error",
    askedNames: askedNames(options),
    notUtf8,
  };
}
