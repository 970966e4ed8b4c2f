/** The texts of a data set, block by block. */

import { tableOf } from "../data/dataset/create-dataset.js";
import type { Dataset } from "../data/dataset/dataset.js";
import type { TextBlock } from "./text-block.js";

/** Large enough that sending a block costs nothing beside tokenizing it, small enough that many wait in little memory. */
const BLOCK_BYTES = 2 ** 18;

/** The number of UTF-8 bytes of all texts of `dataset`, or of the first that exceed `enough` together. */
export function countBytes(dataset: Dataset, enough = Number.POSITIVE_INFINITY): number {
  const { bytesOf, texts } = textsOf(dataset);
  let count = 0;
  for (let text = 0; text < texts && count <= enough; text++) count += bytesOf(text).length;
  return count;
}

/** All rows of `dataset`, each whole in one block; a block holds up to `blockBytes`, or one longer row. */
export function* textBlocks(dataset: Dataset, blockBytes = BLOCK_BYTES): Generator<TextBlock> {
  const { bytesOf, texts, perRow } = textsOf(dataset);
  let waiting: Uint8Array[] = [];
  let size = 0;
  for (let text = 0; text < texts; text += perRow) {
    const row = perRow === 1 ? [bytesOf(text)] : [bytesOf(text), bytesOf(text + 1)];
    const more = row.reduce((sum, bytes) => sum + bytes.length, 0);
    if (waiting.length > 0 && size + more > blockBytes) {
      yield pack(waiting, size, perRow === 2);
      waiting = [];
      size = 0;
    }
    waiting.push(...row);
    size += more;
  }
  if (waiting.length > 0) yield pack(waiting, size, perRow === 2);
}

/** All texts one after the other, pairs as two each. */
interface Texts {
  readonly texts: number;
  readonly perRow: 1 | 2;
  /** The UTF-8 bytes of a text, not to be written to. */
  bytesOf(text: number): Uint8Array;
}

function textsOf(dataset: Dataset): Texts {
  if (dataset.hasPairs) {
    const textOf = (text: number): string =>
      text % 2 === 0 ? dataset.text(text / 2) : (dataset.textPair((text - 1) / 2) ?? "");
    return { texts: 2 * dataset.length, perRow: 2, bytesOf: (text) => encoder.encode(textOf(text)) };
  }
  const { table, rows } = tableOf(dataset);
  const bytesOf =
    rows === undefined ? (row: number) => table.text.bytes(row) : (row: number) => table.text.bytes(rows[row]);
  return { texts: dataset.length, perRow: 1, bytesOf };
}

const encoder = new TextEncoder();

function pack(texts: readonly Uint8Array[], size: number, pairs: boolean): TextBlock {
  const bytes = new Uint8Array(size);
  const ends = new Uint32Array(texts.length);
  let end = 0;
  for (const [i, text] of texts.entries()) {
    bytes.set(text, end);
    end += text.length;
    ends[i] = end;
  }
  return { bytes, ends, pairs };
}
