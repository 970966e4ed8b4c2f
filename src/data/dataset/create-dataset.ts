import { fail } from "../../base/errors.js";
import { didYouMean } from "../../base/nearest.js";
import { createRandom, DEFAULT_SEED } from "../../base/random.js";
import type { Cell } from "../table/cell.js";
import { createLabels, type Labels, resolveLabels } from "../table/labels.js";
import { hashBytes, hashHex } from "../table/row-hash.js";
import type { Column, ColumnInfo, Dataset, DatasetFacts, Row, SplitParts, Table } from "./dataset.js";
import { balancedRows, concatTable, mapTable } from "./derive-table.js";
import { type SplitOptions, splitRows } from "./split.js";
import { splitFacts } from "./split-facts.js";
import { idsOf, namesOf, withClasses } from "./target.js";

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
  const { target } = table;
  const names = namesOf(target);
  const labelId = (row: number): number => (target?.kind === "class" ? (target.ids[at(row)] as number) : -1);
  const label = (row: number): string | undefined => names[labelId(row)];
  const labelIdsOf = (row: number): readonly number[] => idsOf(target, at(row));
  const namesAt = (row: number): readonly string[] => labelIdsOf(row).map((id) => names[id] as string);
  const targetOf = (row: number): number =>
    target?.kind === "number" ? (target.values[at(row)] as number) : Number.NaN;
  const text = (row: number): string => table.text.get(at(row)) ?? "";
  const textPair = (row: number): string | undefined => table.textPair?.get(at(row));
  const labelValue = (row: number): Cell =>
    target?.kind === "number" ? targetOf(row) : target?.kind === "labels" ? JSON.stringify(namesAt(row)) : label(row);
  const value = (row: number, name: string): Cell => {
    const column = byName.get(name);
    if (column === undefined) {
      if (name === table.textName) return text(row);
      if (name === table.textPairName) return textPair(row);
      if (name === table.labelName) return labelValue(row);
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
    textPair: textPair(row),
    label: label(row),
    get labels() {
      return namesAt(row);
    },
    target: targetOf(row),
    value: (name) => value(row, name),
  });

  let labels: Labels | undefined;
  let fingerprint: string | undefined;
  const dataset: Dataset = {
    length,
    source: facts.source,
    notices: Object.freeze([...(facts.notices ?? [])]),
    badRows: Object.freeze([...(facts.badRows ?? [])]),
    columns: Object.freeze(columnInfos(table)),
    get labels() {
      if (labels === undefined) {
        const counts = new Array<number>(names.length).fill(0);
        const count = (id: number): void => {
          if (id >= 0) counts[id] = (counts[id] as number) + 1;
        };
        for (let row = 0; row < length; row++)
          if (target?.kind === "class") count(labelId(row));
          else labelIdsOf(row).forEach(count);
        labels = createLabels(names, counts, target?.kind);
      }
      return labels;
    },
    get fingerprint() {
      fingerprint ??= fingerprintOf(table, rows, length);
      return fingerprint;
    },
    hasPairs: table.textPair !== undefined,
    targetKind: target?.kind,
    text,
    textPair,
    label,
    labelId,
    labelIdsOf,
    target: targetOf,
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
    sample(count, seed = DEFAULT_SEED) {
      const all = createRandom(seed)
        .fork("sample")
        .shuffle(Uint32Array.from({ length }, (_, i) => i));
      const drawn = all.slice(0, Math.min(wholeNumber("sample", count), length)).sort();
      return derive(drawn.map(at), `sample of ${drawn.length}`);
    },
    shuffle(seed = DEFAULT_SEED) {
      const order = createRandom(seed)
        .fork("shuffle")
        .shuffle(Uint32Array.from({ length }, (_, i) => i));
      return derive(order.map(at), "shuffled");
    },
    relabel(rule) {
      if (target === undefined || target.kind === "number")
        return fail("E_DATA", {
          where: facts.source,
          option: "label",
          expected: "classes",
          got: target === undefined ? "no labels" : "numbers",
          fix: target === undefined ? "read the data with a label column" : "read them as classes",
          ...(target === undefined ? {} : { set: { target: "class" } }),
        });
      // Only classes that occur need a place under the rule: a view may lack some of its table's.
      const present = names.map((_, id) => id).filter((id) => (dataset.labels.counts[id] as number) > 0);
      const resolved = resolveLabels(
        present.map((id) => names[id] as string),
        rule,
        facts.source,
      );
      const mapped = new Int32Array(names.length).fill(-1);
      present.forEach((id, i) => {
        mapped[id] = resolved.ids[i] as number;
      });
      return createDataset({ ...table, target: withClasses(target, resolved.names, mapped) }, rows, {
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
        textPairName: table.textPairName === column ? name : table.textPairName,
        labelName: table.labelName === column ? name : table.labelName,
        columns: table.columns.map((info) => (info.name === column ? { ...info, name } : info)),
        columnOrder: names.map((other) => (other === column ? name : other)),
      };
      return createDataset(other, rows, { source: facts.source });
    },
  };
  tables.set(dataset, { table, rows });
  return Object.freeze(dataset);
}

/** The columns, in their order in the file. */
function columnInfos(table: Table): ColumnInfo[] {
  const { textName, textPairName, labelName, target, columnOrder = [] } = table;
  const infos: ColumnInfo[] = [{ name: textName, kind: "string", role: "text" }];
  if (textPairName !== undefined) infos.push({ name: textPairName, kind: "string", role: "textPair" });
  if (labelName !== undefined)
    infos.push({ name: labelName, kind: target?.kind === "number" ? "number" : "string", role: "label" });
  for (const { name, kind } of table.columns) infos.push({ name, kind, role: "other" });
  const place = new Map(columnOrder.map((name, i) => [name, i]));
  const last = columnOrder.length;
  return infos.sort((a, b) => (place.get(a.name) ?? last) - (place.get(b.name) ?? last));
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
  const { text, textPair, target } = table;
  const names = new TextEncoder();
  const out = new Uint32Array(4);
  const labelHashes = namesOf(target).map((name) => {
    hashBytes(names.encode(name), 1, out);
    return out[0] as number;
  });
  const labelHash = (row: number): number => {
    if (target?.kind === "class") return labelHashes[target.ids[row] as number] ?? 0;
    if (target?.kind !== "number") return idsOf(target, row).reduce((sum, id) => sum + (labelHashes[id] as number), 0);
    hashBytes(new Uint8Array(target.values.slice(row, row + 1).buffer), 1, out);
    return out[0] as number;
  };
  const words = textPair === undefined ? 5 : 9;
  const hashes = new Uint32Array(length * words);
  for (let row = 0; row < length; row++) {
    const at = rows === undefined ? row : (rows[row] as number);
    hashBytes(text.bytes(at), 0, hashes, row * words);
    hashes[row * words + 4] = labelHash(at);
    if (textPair !== undefined) hashBytes(textPair.bytes(at), 0, hashes, row * words + 5);
  }
  hashBytes(new Uint8Array(hashes.buffer), 2, out);
  return hashHex(out);
}
