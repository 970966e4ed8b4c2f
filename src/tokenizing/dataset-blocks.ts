/** The texts of a data set, block by block. */

import { tableOf } from "../data/dataset/create-dataset.js";
import type { Dataset } from "../data/dataset/dataset.js";
import type { TextBlock } from "./text-block.js";

/** Large enough that sending a block costs nothing beside tokenizing it, small enough that many wait in little memory. */
const BLOCK_BYTES = 2 ** 18;

/** The UTF-8 bytes of all texts of `dataset`, or of the first that exceed `enough` together. */
export function countBytes(dataset: Dataset, enough = Number.POSITIVE_INFINITY): number {
  const bytesOf = bytesOfRows(dataset);
  let count = 0;
  for (let row = 0; row < dataset.length && count <= enough; row++) count += bytesOf(row).length;
  return count;
}

/** All texts of `dataset`, each whole in one block; a block holds up to `blockBytes`, or one longer text. */
export function* textBlocks(dataset: Dataset, blockBytes = BLOCK_BYTES): Generator<TextBlock> {
  const bytesOf = bytesOfRows(dataset);
  let first = 0;
  let size = 0;
  for (let row = 0; row <= dataset.length; row++) {
    const more = row === dataset.length ? undefined : bytesOf(row).length;
    if (row > first && (more === undefined || size + more > blockBytes)) {
      yield pack(bytesOf, first, row, size);
      first = row;
      size = 0;
    }
    size += more ?? 0;
  }
}

function bytesOfRows(dataset: Dataset): (row: number) => Uint8Array {
  const { table, rows } = tableOf(dataset);
  return rows === undefined ? (row) => table.text.bytes(row) : (row) => table.text.bytes(rows[row]);
}

function pack(bytesOf: (row: number) => Uint8Array, from: number, to: number, size: number): TextBlock {
  const bytes = new Uint8Array(size);
  const ends = new Uint32Array(to - from);
  let end = 0;
  for (let row = from; row < to; row++) {
    const text = bytesOf(row);
    bytes.set(text, end);
    end += text.length;
    ends[row - from] = end;
  }
  return { bytes, ends };
}
