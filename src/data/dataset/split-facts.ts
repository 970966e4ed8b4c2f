import { fail } from "../../base/errors.js";
import { DEFAULT_SEED } from "../../base/random.js";
import type { Cell } from "../table/cell.js";
import { hashBytes } from "../table/row-hash.js";
import type { Dataset, TableView } from "./dataset.js";
import type { SplitOptions, splitRows } from "./split.js";

/** Gathers what the chosen way of splitting needs to know of each row. */
export function splitFacts(view: TableView, options: SplitOptions): Parameters<typeof splitRows>[0] {
  const { dataset } = view;
  const { length } = dataset;
  const ways = [options.by, options.order, options.group].filter((way) => way !== undefined);
  if (ways.length > 1 || (ways.length === 1 && options.stratify !== undefined && options.stratify !== false)) {
    fail("E_CONFIG", {
      where: "split",
      expected: "one of stratify, group, order and by",
      got: "several",
      fix: "choose one",
    });
  }
  if (options.by !== undefined) {
    if (options.by !== "hash")
      fail("E_CONFIG", {
        where: "split, by",
        expected: '"hash"',
        got: `"${String(options.by)}"`,
        fix: "leave it out for a random split",
      });
    return { length, hashes: rowFractions(view, options.seed ?? DEFAULT_SEED) };
  }
  if (options.order !== undefined) {
    const keys = Array.from({ length }, (_, row) => dataset.value(row, options.order as string));
    const missing = keys.filter((key) => key === undefined || key === "").length;
    if (missing > 0)
      fail("E_DATA", {
        where: `split, order "${options.order}"`,
        expected: "a value in every row",
        got: `${missing} without one`,
        fix: "filter these rows out first",
      });
    const order = Uint32Array.from({ length }, (_, i) => i).sort((a, b) => compareCells(keys[a], keys[b]) || a - b);
    return { length, order };
  }
  if (options.group !== undefined) return { length, groups: numbered(dataset, options.group).ids };
  if (typeof options.stratify === "string") return { length, strata: numbered(dataset, options.stratify) };
  const { targetKind } = dataset;
  if (options.stratify === true && targetKind === undefined)
    fail("E_DATA", {
      where: "split",
      option: "stratify",
      expected: "labels",
      got: "none",
      fix: "leave it out",
    });
  if (targetKind === undefined || options.stratify === false) return { length };
  if (targetKind === "labels") return { length, labels: Array.from({ length }, (_, row) => dataset.labelIdsOf(row)) };
  if (targetKind === "number")
    return { length, bins: quantileBins(Float64Array.from({ length }, (_, row) => dataset.target(row))) };
  return {
    length,
    strata: { ids: Int32Array.from({ length }, (_, row) => dataset.labelId(row)), names: dataset.labels.names },
  };
}

/** Bins of numbers for a stratified split: as many rows in each, at most ten and at least ten rows each. */
function quantileBins(values: Float64Array): { readonly ids: Int32Array; readonly names: readonly string[] } {
  const count = Math.max(1, Math.min(10, Math.floor(values.length / 10)));
  const order = Uint32Array.from(values.keys()).sort((a, b) => (values[a] as number) - (values[b] as number) || a - b);
  const ids = new Int32Array(values.length);
  order.forEach((row, rank) => {
    ids[row] = Math.floor((rank * count) / values.length);
  });
  return { ids, names: Array.from({ length: count }, (_, bin) => `bin ${bin + 1}`) };
}

function compareCells(a: Cell, b: Cell): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const [x, y] = [String(a), String(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

function numbered(dataset: Dataset, column: string): { readonly ids: Int32Array; readonly names: readonly string[] } {
  const numbers = new Map<string, number>();
  const ids = Int32Array.from({ length: dataset.length }, (_, row) => {
    const key = String(dataset.value(row, column) ?? "");
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, numbers.size);
    return numbers.size - 1;
  });
  return { ids, names: [...numbers.keys()] };
}

/** A number in [0, 1) for each row, from its text's hash under `seed`. */
function rowFractions({ dataset, table, rows }: TableView, seed: number): Float64Array {
  const out = new Uint32Array(4);
  return Float64Array.from({ length: dataset.length }, (_, row) => {
    hashBytes(table.text.bytes(rows === undefined ? row : (rows[row] as number)), seed >>> 0, out);
    return ((out[0] as number) * 2 ** 21 + ((out[1] as number) >>> 11)) / 2 ** 53;
  });
}
