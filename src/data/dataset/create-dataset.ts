import { fail } from "../../base/errors.js";
import { didYouMean } from "../../base/nearest.js";
import { createRandom } from "../../base/random.js";
import type { Cell } from "../table/cell.js";
import { createLabels, type Labels, resolveLabels } from "../table/labels.js";
import { hashBytes, hashHex } from "../table/row-hash.js";
import type { Column, Dataset, DatasetFacts, Row, SplitParts, Table } from "./dataset.js";
import { balancedRows, concatTable, mapTable } from "./derive-table.js";
import { type SplitOptions, splitRows } from "./split.js";
import { splitFacts } from "./split-facts.js";

const tables = new WeakMap<Dataset, { readonly table: Table; readonly rows: Uint32Array | undefined }>();

/** The table behind `dataset` and the rows of it that the data set consists of (undefined: all). */
export function tableOf(dataset: Dataset): { readonly table: Table; readonly rows: Uint32Array | undefined } {
  const found = tables.get(dataset);
  if (found === undefined)
    fail("E_USAGE", {
      where: "dataset",
      expected: "a data set made by readDataset or datasetFrom",
      got: "another object",
      fix: "use one of these functions",
    });
  return found;
}

/** The data set of the rows `rows` (all where undefined) of `table`. */
export function createDataset(table: Table, rows: Uint32Array | undefined, facts: DatasetFacts): Dataset {
  const length = rows === undefined ? table.text.length : rows.length;
  const at = (row: number): number => {
    if (!(row >= 0 && row < length && Number.isInteger(row))) {
      fail("E_USAGE", {
        where: "dataset",
        expected: `a row from 0 to ${length - 1}`,
        got: String(row),
        fix: "rows are counted from 0",
      });
    }
    return rows === undefined ? row : (rows[row] as number);
  };
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const derive = (chosen: Uint32Array, what: string): Dataset =>
    createDataset(table, chosen, { source: `${facts.source} (${what})` });
  const label = (row: number): string | undefined => table.labelNames[labelId(row)];
  const labelId = (row: number): number => table.labelIds?.[at(row)] ?? -1;
  const text = (row: number): string => table.text.get(at(row)) ?? "";
  const value = (row: number, name: string): Cell => {
    const column = byName.get(name);
    if (column === undefined) {
      if (name === table.textName) return text(row);
      if (name === table.labelName) return label(row);
      return fail("E_DATA", {
        where: facts.source,
        option: "columns",
        expected: "a column that was kept",
        got: `"${name}"`,
        fix: `${didYouMean(name, [table.textName, ...(table.labelName === undefined ? [] : [table.labelName]), ...byName.keys()])} Keep further columns`,
        set: { columns: "all" },
      });
    }
    return cellOf(column, at(row));
  };
  const rowAt = (row: number): Row => ({
    index: row,
    text: text(row),
    label: label(row),
    value: (name) => value(row, name),
  });

  let labels: Labels | undefined;
  let fingerprint: string | undefined;
  const dataset: Dataset = {
    length,
    source: facts.source,
    notices: Object.freeze([...(facts.notices ?? [])]),
    badRows: Object.freeze([...(facts.badRows ?? [])]),
    columns: Object.freeze([
      { name: table.textName, kind: "string" as const, role: "text" as const },
      ...(table.labelName === undefined
        ? []
        : [{ name: table.labelName, kind: "string" as const, role: "label" as const }]),
      ...table.columns.map(({ name, kind }) => ({ name, kind, role: "other" as const })),
    ]),
    get labels() {
      if (labels === undefined) {
        const counts = new Array<number>(table.labelNames.length).fill(0);
        for (let row = 0; row < length; row++) {
          const id = labelId(row);
          if (id >= 0) counts[id] = (counts[id] as number) + 1;
        }
        labels = createLabels(table.labelNames, counts);
      }
      return labels;
    },
    get fingerprint() {
      fingerprint ??= fingerprintOf(table, rows, length);
      return fingerprint;
    },
    hasPairs: false,
    text,
    textPair: () => undefined,
    label,
    labelId,
    value,
    row: rowAt,
    *[Symbol.iterator]() {
      for (let row = 0; row < length; row++) yield rowAt(row);
    },
    split<const O extends SplitOptions>(options: O): SplitParts<O> {
      const parts = splitRows(splitFacts({ dataset, table, rows }, options), options);
      const entries = [...parts].map(([name, chosen]) => [name, derive(Uint32Array.from(chosen, at), name)]);
      return Object.freeze(Object.fromEntries(entries)) as SplitParts<O>;
    },
    filter(keep) {
      const kept: number[] = [];
      for (let row = 0; row < length; row++) if (keep(rowAt(row))) kept.push(at(row));
      return derive(Uint32Array.from(kept), "filtered");
    },
    select: (chosen) => derive(Uint32Array.from(chosen, at), "selected rows"),
    head: (count) =>
      derive(
        Uint32Array.from({ length: Math.min(wholeNumber("head", count), length) }, (_, i) => at(i)),
        `first ${count}`,
      ),
    sample(count, seed = 0) {
      const all = createRandom(seed)
        .fork("sample")
        .shuffle(Uint32Array.from({ length }, (_, i) => i));
      const drawn = all.slice(0, Math.min(wholeNumber("sample", count), length)).sort();
      return derive(drawn.map(at), `sample of ${drawn.length}`);
    },
    shuffle(seed = 0) {
      const order = createRandom(seed)
        .fork("shuffle")
        .shuffle(Uint32Array.from({ length }, (_, i) => i));
      return derive(order.map(at), "shuffled");
    },
    relabel(rule) {
      const ids = table.labelIds;
      if (ids === undefined)
        return fail("E_DATA", {
          where: facts.source,
          expected: "labels",
          got: "none",
          fix: "read the data with a label column",
        });
      // Only classes that occur need a place under the rule: a view may lack some of its table's.
      const present = table.labelNames.map((_, id) => id).filter((id) => (dataset.labels.counts[id] as number) > 0);
      const resolved = resolveLabels(
        present.map((id) => table.labelNames[id] as string),
        rule,
        facts.source,
      );
      const mapped = new Int32Array(table.labelNames.length).fill(-1);
      present.forEach((id, i) => {
        mapped[id] = resolved.ids[i] as number;
      });
      const other: Table = {
        ...table,
        labelNames: resolved.names,
        labelIds: ids.map((id) => (id < 0 ? -1 : (mapped[id] as number))),
      };
      return createDataset(other, rows, {
        source: facts.source,
        notices: [...(facts.notices ?? []), ...resolved.notices],
      });
    },
    map: (change, rule) =>
      createDataset(mapTable(dataset, change, rule), undefined, { source: `${facts.source} (mapped)` }),
    concat: (...others) =>
      createDataset(concatTable([dataset, ...others].map((one) => ({ dataset: one, ...tableOf(one) }))), undefined, {
        source: [dataset, ...others].map((other) => other.source).join(" + "),
      }),
    balance: (options = {}) => derive(balancedRows(dataset, options).map(at), "balanced"),
    rename(column, name) {
      const names = dataset.columns.map((info) => info.name);
      if (!names.includes(column))
        fail("E_DATA", {
          where: facts.source,
          expected: "a column",
          got: `"${column}"`,
          fix: didYouMean(column, names),
        });
      if (names.includes(name))
        fail("E_DATA", { where: facts.source, expected: "a new name", got: `"${name}"`, fix: "choose another" });
      const other: Table = {
        ...table,
        textName: table.textName === column ? name : table.textName,
        labelName: table.labelName === column ? name : table.labelName,
        columns: table.columns.map((info) => (info.name === column ? { ...info, name } : info)),
      };
      return createDataset(other, rows, { source: facts.source });
    },
  };
  tables.set(dataset, { table, rows });
  return Object.freeze(dataset);
}

/** The value of a further column at a row of the table. */
export function cellOf(column: Column, row: number): Cell {
  const text = column.values.get(row);
  if (text === undefined || column.kind === "string") return text;
  if (column.kind === "number") return text.trim() === "" ? undefined : Number(text);
  return text === "true";
}

function wholeNumber(where: string, count: number): number {
  if (!(Number.isInteger(count) && count >= 0))
    fail("E_CONFIG", { where, expected: "a whole number of rows", got: String(count), fix: "give 0 or more" });
  return count;
}

/** Hashes the rows' hashes, so that neither concatenating nor moving text between rows goes unseen. */
function fingerprintOf(table: Table, rows: Uint32Array | undefined, length: number): string {
  const names = new TextEncoder();
  const labelHashes = table.labelNames.map((name) => {
    const out = new Uint32Array(4);
    hashBytes(names.encode(name), 1, out);
    return out[0] as number;
  });
  const hashes = new Uint32Array(length * 5);
  for (let row = 0; row < length; row++) {
    const at = rows === undefined ? row : (rows[row] as number);
    hashBytes(table.text.bytes(at), 0, hashes, row * 5);
    const id = table.labelIds?.[at] ?? -1;
    hashes[row * 5 + 4] = id < 0 ? 0 : (labelHashes[id] as number);
  }
  const out = new Uint32Array(4);
  hashBytes(new Uint8Array(hashes.buffer), 2, out);
  return hashHex(out);
}
