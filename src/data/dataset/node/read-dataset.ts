import { fail } from "../../../base/errors.js";
import { NotUtf8 } from "../../format/decode-text.js";
import { DATA_FORMATS, type DataFormat } from "../../source/node/open-tables.js";
import { openSources } from "../../source/node/sources.js";
import type { ColumnChoice, ColumnWishes } from "../../table/choose-columns.js";
import { type LabelRule, listed } from "../../table/labels.js";
import type { OpenTable } from "../../table/row-stream.js";
import { askedNames, columnsLike, firstColumns, joinedCells, wishesOf } from "../../table/table-columns.js";
import type { BadRow, Dataset } from "../dataset.js";
import { buildDataset, type DatasetBuilder } from "../dataset-builder.js";

export { DATA_FORMATS, type DataFormat };

/** How to read a data set. Everything has a sensible guess, which is said in the data set's `notices`. */
export interface ReadOptions {
  /** The column of texts, by name or number (from 1); several are joined by a space. */
  readonly text?: ColumnChoice | readonly ColumnChoice[];
  /** The column of labels; `false` for texts alone. */
  readonly label?: ColumnChoice | false;
  /** Further columns to keep, for `split`, `filter` and reports. */
  readonly columns?: readonly ColumnChoice[] | "all";
  /** Which classes there are; by default the values of the label column, sorted. */
  readonly labels?: LabelRule;
  /** By default from the file's name and content. */
  readonly format?: DataFormat;
  /** Whether the first row names the columns; guessed by default. */
  readonly header?: boolean;
  /** One character; by default a comma, or a tab for .tsv, unless the file shows another. */
  readonly delimiter?: string;
  /** The quoting character, or false where quotes are part of the text. */
  readonly quote?: string | false;
  /** An encoding of the WHATWG standard; guessed by default. */
  readonly encoding?: string;
  /** For `lines`: an expression whose named groups are the columns, as in `^(?<label>\w+) (?<text>.*)$`. */
  readonly pattern?: RegExp | string;
  /** What to do with rows that cannot be read: stop (default), leave them out, or leave them out and list them. */
  readonly badRows?: "error" | "skip" | "report";
  /** In an archive: the data file, or the folder that holds the class folders. */
  readonly member?: string;
  /** Class folders to read, in the order of their ids; by default all, sorted. */
  readonly classNames?: readonly string[];
  /** Class folders to leave out, such as `["unsup"]`. */
  readonly exclude?: readonly string[];
  /** For a database: a query, or the name of a table. */
  readonly query?: string;
  /** For a hub data set: the part to read, by default "train". */
  readonly part?: string;
  /** For a hub data set with several configurations: the one to read. */
  readonly configuration?: string;
  /** For a hub data set: a branch, tag or commit. */
  readonly revision?: string;
  /** For a hub data set: an access token; by default the environment's HF_TOKEN. */
  readonly token?: string;
  /** For a hub data set: another hub; by default the environment's HF_ENDPOINT. */
  readonly endpoint?: string;
  readonly signal?: AbortSignal;
}

/** How many refused rows are kept for `badRows`. */
const MOST_BAD_ROWS = 1000;

/**
 * Reads labelled texts. `source` is
 *
 * - a file: CSV, TSV, JSON, JSON Lines, lines with a pattern, Parquet, Arrow, SQLite; as it is, or packed
 *   with gzip, zstd, zip or tar;
 * - a folder, or an archive, with a folder of text files for each class;
 * - a glob (`"data/part-*.csv"`) or a list of files, read as one;
 * - an `http(s)://` address, a `postgres://` address with a `query`, or a data set of the Hugging Face hub
 *   as `hf://owner/name`.
 *
 * @throws E_DATA for a file, column or row that is not as it should be; E_CONFIG for an option; E_HUB for
 * a download
 */
export async function readDataset(
  source: string | URL | readonly string[],
  options: ReadOptions = {},
): Promise<Dataset> {
  checkOptions(options);
  const addresses = typeof source === "string" || source instanceof URL ? [String(source)] : source;
  try {
    return await readAll(addresses, options, []);
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
    // ASCII for a megabyte and then something that is not UTF-8: one of the older encodings.
    return readAll(addresses, { ...options, encoding: "windows-1252" }, ["the encoding was taken to be windows-1252"]);
  }
}

/** Gathers rows from tables, the first of which decides what the columns are. */
async function readAll(
  addresses: readonly string[],
  options: ReadOptions,
  notices: readonly string[],
): Promise<Dataset> {
  const lenient = options.badRows !== undefined && options.badRows !== "error";
  let reading: Reading | undefined;
  let tables = 0;
  for await (const table of openSources(addresses, { ...options, lenient, askedNames: askedNames(options) })) {
    tables++;
    reading ??= startReading(table, options);
    await readRows(table, reading, options);
  }
  if (reading === undefined)
    fail("E_DATA", { where: addresses.join(", "), expected: "a file with rows", got: "none", fix: "check the path" });
  const { bad, badRows, said } = reading;
  const refused =
    bad === 0
      ? []
      : [
          `${bad} ${bad === 1 ? "row" : "rows"} could not be read and were left out (${badRows
            .slice(0, 5)
            .map((row) => row.where)
            .join(", ")}${bad > 5 ? ", …" : ""})`,
        ];
  const several = tables > 1 ? [`${tables} files were read as one`] : [];
  return reading.builder.finish(
    [...notices, ...several, ...said, ...refused],
    options.badRows === "report" ? badRows : [],
  );
}

/** What is known and gathered while rows are read. */
interface Reading {
  readonly builder: DatasetBuilder;
  /** The columns as they are called in the first table, to be found in the others. */
  readonly wishes: ColumnWishes;
  readonly first: OpenTable;
  readonly said: Set<string>;
  readonly badRows: BadRow[];
  bad: number;
}

function startReading(table: OpenTable, options: ReadOptions): Reading {
  const chosen = firstColumns(table, options);
  const labelName = chosen.label === undefined ? undefined : chosen.nameOf(chosen.label);
  const labels =
    options.labels ?? options.classNames ?? (labelName === undefined ? undefined : table.classNames?.get(labelName));
  const builder = buildDataset({
    source: table.source,
    textName: chosen.text.map(chosen.nameOf).join(" + "),
    labelName,
    columnNames: chosen.further.map(chosen.nameOf),
    untyped: table.untyped,
    ...(labels === undefined ? {} : { labels }),
  });
  return { builder, wishes: wishesOf(table, chosen), first: table, said: new Set(chosen.notices), badRows: [], bad: 0 };
}

async function readRows(table: OpenTable, reading: Reading, options: ReadOptions): Promise<void> {
  const isFirst = table === reading.first;
  const chosen = isFirst ? firstColumns(table, options) : columnsLike(reading.first, reading.wishes, table);
  for (const notice of table.notices) reading.said.add(notice);
  const label = chosen.label ?? -1;
  const needed = [
    ...new Set([...chosen.text, ...(chosen.label === undefined ? [] : [chosen.label]), ...chosen.further]),
  ];
  const [firstText] = chosen.text as [number];
  const oneText = chosen.text.length === 1;
  for await (const batch of table.rows(needed)) {
    if (options.signal?.aborted === true) fail("E_ABORTED", { where: table.source, got: "stopped while reading" });
    for (const row of batch) {
      const place = isFirst ? row.place : { unit: row.place.unit, at: `${table.source}:${row.place.at}` };
      if (row.problem !== undefined) {
        if (options.badRows === undefined || options.badRows === "error") {
          fail("E_DATA", {
            where: `${table.source}, ${row.place.unit} ${row.place.at}`,
            got: row.problem,
            ...(row.cure ?? { fix: "correct it, or leave such rows out", set: { badRows: "skip" } }),
          });
        }
        reading.bad++;
        if (reading.badRows.length < MOST_BAD_ROWS)
          reading.badRows.push({ where: `${place.unit} ${place.at}`, reason: row.problem });
        continue;
      }
      const text = oneText ? row.cells[firstText] : joinedCells(chosen.text.map((index) => row.cells[index]));
      reading.builder.add(
        text,
        row.cells[label],
        chosen.further.map((index) => row.cells[index]),
        place,
      );
    }
  }
}

function checkOptions(options: ReadOptions): void {
  if (options.format !== undefined && !DATA_FORMATS.includes(options.format)) {
    fail("E_CONFIG", {
      option: "format",
      expected: `one of ${listed(DATA_FORMATS, 20)}`,
      got: `"${options.format}"`,
      fix: "leave it out to have it guessed",
    });
  }
  if (options.badRows !== undefined && !["error", "skip", "report"].includes(options.badRows)) {
    fail("E_CONFIG", {
      option: "badRows",
      expected: '"error", "skip" or "report"',
      got: `"${options.badRows}"`,
      fix: "choose one",
    });
  }
}
