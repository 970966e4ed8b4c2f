import { fail } from "../../../base/errors.js";
import { resolveOptions } from "../../../base/resolve-options.js";
import { stopIfAborted } from "../../../base/stop-if-aborted.js";
import { NotUtf8 } from "../../format/decode-text.js";
import { shownAddress } from "../../source/node/address.js";
import { openSources } from "../../source/node/sources.js";
import type { RawCell } from "../../table/cell.js";
import type { ColumnWishes } from "../../table/choose-columns.js";
import { type LabelRule, labelRuleOf } from "../../table/labels.js";
import type { OpenTable } from "../../table/row-stream.js";
import { columnsLike, firstColumns, textIn, wishesOf } from "../../table/table-columns.js";
import type { BadRow, Dataset } from "../dataset.js";
import { buildDataset, type DatasetBuilder } from "../dataset-builder.js";
import { targetKindOf } from "../guess-target.js";
import { listOf, openingOptions, type ReadOptions, readOptions } from "./read-options.js";

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
 * @example
 * const reviews = await readDataset("reviews.csv", { text: "text", label: "sentiment" });
 * console.log(reviews.length, reviews.labels.names);
 *
 * @throws E_DATA for a file, column or row that is not as it should be; E_CONFIG for an option; E_HUB for
 * a download
 */
export async function readDataset(
  source: string | URL | readonly string[],
  options: ReadOptions = {},
): Promise<Dataset> {
  const checked: ReadOptions = resolveOptions(readOptions, { ...options });
  const addresses = typeof source === "string" || source instanceof URL ? [String(source)] : source;
  const notUtf8 = new Set<string>();
  for (;;) {
    try {
      return await readAll(addresses, checked, notUtf8);
    } catch (error) {
      // ASCII for a megabyte and then something that is not UTF-8: this file is in one of the older encodings.
      if (!(error instanceof NotUtf8) || notUtf8.has(error.source)) throw error;
      notUtf8.add(error.source);
    }
  }
}

/** Gathers rows from tables, the first of which decides what the columns are. */
async function readAll(
  addresses: readonly string[],
  options: ReadOptions,
  notUtf8: ReadonlySet<string>,
): Promise<Dataset> {
  let reading: Reading | undefined;
  let tables = 0;
  for await (const table of openSources(addresses, openingOptions(options, notUtf8))) {
    tables++;
    reading ??= startReading(table, options);
    if (await readRows(table, reading, options)) break;
  }
  if (reading === undefined)
    fail("E_DATA", {
      where: addresses.map(shownAddress).join(", "),
      expected: "a file with rows",
      got: "none",
      fix: "check the path",
    });
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
  return reading.builder.finish([...several, ...said, ...refused], options.badRows === "report" ? badRows : []);
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

/** A rule that was written as a text, or as several as on a command line, in the form of the others. */
function ruleOf(labels: ReadOptions["labels"]): LabelRule | undefined {
  const texts = typeof labels === "string" || (Array.isArray(labels) && labels.some((label) => label.includes("=")));
  return texts ? labelRuleOf(labels as string | readonly string[]) : (labels as LabelRule | undefined);
}

function startReading(table: OpenTable, options: ReadOptions): Reading {
  const chosen = firstColumns(table, options);
  const namesOf = (columns: readonly number[]): readonly string[] => columns.map(chosen.nameOf);
  const labelNames = namesOf(chosen.labels);
  const target = targetKindOf(table.head, chosen, options);
  // What a file says of its own classes is in the order of their ids.
  const own = labelNames.length === 1 ? table.classNames?.get(labelNames[0] as string) : undefined;
  const labels = ruleOf(options.labels) ?? listOf(options.classNames) ?? (own && { ids: own });
  const textName = namesOf(chosen.text).join(" + ");
  const textPairName = chosen.textPair.length === 0 ? undefined : namesOf(chosen.textPair).join(" + ");
  const places: [string, number | undefined][] = [
    [textName, chosen.text[0]],
    ...(textPairName === undefined ? [] : [[textPairName, chosen.textPair[0]] as [string, number]]),
    ...(labelNames.length === 0
      ? []
      : [[labelNames.length === 1 ? labelNames[0] : "labels", chosen.labels[0]] as [string, number]]),
    ...chosen.further.map((index): [string, number] => [chosen.nameOf(index), index]),
  ];
  const builder = buildDataset({
    source: table.source,
    textName,
    textPairName,
    columnOrder: places.sort((a, b) => (a[1] ?? 0) - (b[1] ?? 0)).map(([name]) => name),
    labelNames,
    target: target.kind,
    labelSeparator: options.labelSeparator,
    columnNames: namesOf(chosen.further),
    untyped: table.untyped,
    labels,
  });
  const said = new Set([...chosen.notices, ...target.notices]);
  return { builder, wishes: wishesOf(table, chosen), first: table, said, badRows: [], bad: 0 };
}

/** Whether there are as many rows as the options allow. */
async function readRows(table: OpenTable, reading: Reading, options: ReadOptions): Promise<boolean> {
  const { limit = Number.POSITIVE_INFINITY } = options;
  const isFirst = table === reading.first;
  const chosen = isFirst ? firstColumns(table, options) : columnsLike(reading.first, reading.wishes, table);
  const { text, textPair, labels } = chosen;
  const further = [...chosen.further];
  const needed = [...new Set([...text, ...textPair, ...labels, ...further])];
  let width = table.head.names?.length ?? 0;
  for await (const batch of table.rows(needed)) {
    // Objects may hold names that those before them lack.
    for (; isFirst && keepsAll(options) && width < (table.head.names?.length ?? 0); width++) {
      reading.builder.addColumn(table.head.names?.[width] as string);
      further.push(width);
    }
    stopIfAborted(options.signal, table.source);
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
      const { cells } = row;
      const cellAt = (index: number): RawCell => cells[index];
      reading.builder.add(
        {
          text: textIn(cells, text),
          textPair: textPair.length === 0 ? undefined : textIn(cells, textPair),
          labels: labels.map(cellAt),
          further: further.map(cellAt),
        },
        place,
      );
      if (reading.builder.length >= limit) {
        reading.said.add(`only the first ${limit} rows were read`);
        return true;
      }
    }
  }
  // The last, for some are found only while rows are read.
  for (const notice of table.notices) reading.said.add(notice);
  return false;
}

function keepsAll({ columns }: ReadOptions): boolean {
  return [columns].flat().includes("all");
}
