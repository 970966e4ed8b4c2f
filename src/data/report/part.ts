import type { Dataset } from "../dataset/dataset.js";

/** A data set by its name among others. */
export interface Part {
  readonly name: string;
  readonly dataset: Dataset;
}

/** Where row `row` of all parts, one after the other, stands. */
export function placeOf(parts: readonly Part[], row: number): { readonly part: Part; readonly row: number } {
  let rest = row;
  for (const part of parts) {
    if (rest < part.dataset.length) return { part, row: rest };
    rest -= part.dataset.length;
  }
  throw new RangeError(`no row ${row}`);
}
