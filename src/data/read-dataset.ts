import { basename, extname } from "node:path";
import { fail } from "../base/errors.js";
import { type ColumnChoice, chooseColumns } from "./choose-columns.js";
import type { BadRow, Dataset } from "./dataset.js";
import { buildDataset, cellText, type RawCell } from "./dataset-builder.js";
import { decodeText, NotUtf8 } from "./decode-text.js";
import type { LabelRule } from "./labels.js";
import { listed } from "./labels.js";
import { listClassFolders, readFiles } from "./node/class-folders.js";
import { fileFacts, readBytes } from "./node/files.js";
import { delimitedRows, jsonRows, patternRows, type RowStream } from "./row-stream.js";

/** The formats that `readDataset` knows. */
export const DATA_FORMATS = ["csv", "tsv", "json", "jsonl", "lines", "folder"] as const;
export type DataFormat = (typeof DATA_FORMATS)[number];

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
  readonly signal?: AbortSignal;
}

/** How many refused rows are kept for `badRows`. */
const MOST_BAD_ROWS = 1000;

/**
 * Reads labelled texts from a CSV, TSV, JSON or JSON Lines file, from lines with a pattern, or from a
 * folder with a folder of text files for each class.
 *
 * @throws E_DATA for a file, column or row that is not as it should be; E_CONFIG for an option
 */
export async function readDataset(source: string, options: ReadOptions = {}): Promise<Dataset> {
  checkOptions(options);
  const facts = await fileFacts(source);
  if (facts.folder) return readClassFolders(source, options);
  if (options.format === "folder")
    fail("E_DATA", { where: source, expected: "a folder", got: "a file", fix: "leave out format, or name the folder" });
  try {
    return await readTable(source, options);
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
    // ASCII for a megabyte and then something that is not UTF-8: one of the older encodings.
    const dataset = await readTable(source, { ...options, encoding: "windows-1252" }, [
      "the encoding was taken to be windows-1252; pass encoding to say otherwise",
    ]);
    return dataset;
  }
}

async function readTable(path: string, options: ReadOptions, notices: readonly string[] = []): Promise<Dataset> {
  const name = basename(path);
  const lenient = options.badRows !== undefined && options.badRows !== "error";
  const text = await decodeText(readBytes(path), {
    source: name,
    lenient,
    ...(options.encoding === undefined ? {} : { encoding: options.encoding }),
  });
  const format = options.format ?? guessFormat(name, text.sample, options);
  const stream =
    format === "json" || format === "jsonl"
      ? await jsonRows(text, name, format)
      : format === "lines"
        ? patternRows(text, name, options.pattern)
        : delimitedRows(text, name, format === "tsv" ? "\t" : ",", { ...options, askedNames: askedNames(options) });
  return collect(stream, name, options, notices);
}

/** Goes through the rows of `stream` and makes a data set of the chosen columns. */
async function collect(
  stream: RowStream,
  source: string,
  options: ReadOptions,
  notices: readonly string[],
): Promise<Dataset> {
  const chosen = chooseColumns(stream.head, options);
  const builder = buildDataset({
    source,
    textName: chosen.text.map(chosen.nameOf).join(" + "),
    labelName: chosen.label === undefined ? undefined : chosen.nameOf(chosen.label),
    columnNames: chosen.further.map(chosen.nameOf),
    untyped: stream.untyped,
    ...(options.labels === undefined ? {} : { labels: options.labels }),
  });
  const policy = options.badRows ?? "error";
  const badRows: BadRow[] = [];
  let bad = 0;
  const [firstText] = chosen.text as [number];
  for await (const batch of stream.rows) {
    if (options.signal?.aborted === true) fail("E_ABORTED", { where: source, got: "stopped while reading" });
    for (const row of batch) {
      if (row.problem !== undefined) {
        const where = `${source}, ${row.place.unit} ${row.place.at}`;
        if (policy === "error")
          fail("E_DATA", {
            where,
            got: row.problem,
            fix: 'correct it, or pass badRows: "skip" to leave such rows out',
          });
        bad++;
        if (badRows.length < MOST_BAD_ROWS)
          badRows.push({ where: `${row.place.unit} ${row.place.at}`, reason: row.problem });
        continue;
      }
      const text =
        chosen.text.length === 1 ? row.cells[firstText] : joined(chosen.text.map((index) => row.cells[index]));
      builder.add(
        text,
        chosen.label === undefined ? undefined : row.cells[chosen.label],
        chosen.further.map((index) => row.cells[index]),
        row.place,
      );
    }
  }
  const refused =
    bad === 0
      ? []
      : [
          `${bad} ${bad === 1 ? "row" : "rows"} could not be read and were left out (${badRows
            .slice(0, 5)
            .map((row) => row.where)
            .join(", ")}${bad > 5 ? ", …" : ""})`,
        ];
  return builder.finish(
    [...notices, ...stream.notices, ...chosen.notices, ...refused],
    policy === "report" ? badRows : [],
  );
}

function joined(cells: readonly RawCell[]): string {
  return cells
    .map((cell) => cellText(cell)?.trim() ?? "")
    .filter((cell) => cell !== "")
    .join(" ");
}

async function readClassFolders(root: string, options: ReadOptions): Promise<Dataset> {
  if (options.format !== undefined && options.format !== "folder")
    fail("E_DATA", { where: root, expected: "a file", got: "a folder", fix: "name a file, or leave out format" });
  const { files, classNames, stray } = await listClassFolders(root);
  const source = basename(root);
  const builder = buildDataset({
    source,
    textName: "text",
    labelName: "label",
    columnNames: options.columns === undefined ? [] : ["file"],
    labels: options.labels ?? classNames,
  });
  const notices =
    stray.length === 0
      ? []
      : [
          `${stray.length} ${stray.length === 1 ? "file that is" : "files that are"} not .txt in a class folder were ignored (${stray.slice(0, 3).join(", ")}${stray.length > 3 ? ", …" : ""})`,
        ];
  let guessed = 0;
  for await (const { path, label, bytes } of readFiles(files)) {
    if (options.signal?.aborted === true) fail("E_ABORTED", { where: source, got: "stopped while reading" });
    const decoded = await decodeText(one(bytes), {
      source: path,
      lenient: options.badRows !== undefined && options.badRows !== "error",
      ...(options.encoding === undefined ? {} : { encoding: options.encoding }),
    });
    if (decoded.notices.length > 0) guessed++;
    let text = "";
    for await (const piece of decoded.pieces) text += piece;
    builder.add(text, label, [path], { unit: "file", at: path });
  }
  if (guessed > 0)
    notices.push(
      `${guessed} files are not in UTF-8 and were read as windows-1252 or UTF-16; pass encoding to say otherwise`,
    );
  return builder.finish(notices);
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function askedNames(options: ReadOptions): string[] {
  const texts = options.text === undefined ? [] : Array.isArray(options.text) ? options.text : [options.text];
  return [...texts, options.label].filter(
    (choice): choice is string => typeof choice === "string" && !/^\d+$/.test(choice),
  );
}

function guessFormat(name: string, sample: string, options: ReadOptions): DataFormat {
  if (options.pattern !== undefined) return "lines";
  const extension = extname(name).toLowerCase();
  if (extension === ".csv") return "csv";
  if (extension === ".tsv" || extension === ".tab") return "tsv";
  if (extension === ".jsonl" || extension === ".ndjson") return "jsonl";
  const begin = sample.trimStart()[0];
  if (extension === ".json" || begin === "{" || begin === "[") return "json";
  const firstLines = sample.split("\n", 20).filter((line) => line !== "");
  if (firstLines.every((line) => line.includes("\t"))) return "tsv";
  return extension === ".txt" ? "lines" : "csv";
}

function checkOptions(options: ReadOptions): void {
  if (options.format !== undefined && !DATA_FORMATS.includes(options.format)) {
    fail("E_CONFIG", {
      where: "format",
      expected: listed(DATA_FORMATS),
      got: `"${options.format}"`,
      fix: "leave it out to have it guessed",
    });
  }
  if (options.badRows !== undefined && !["error", "skip", "report"].includes(options.badRows)) {
    fail("E_CONFIG", {
      where: "badRows",
      expected: '"error", "skip" or "report"',
      got: `"${options.badRows}"`,
      fix: "choose one",
    });
  }
}
