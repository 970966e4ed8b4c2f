/**
 * Vocabulary compaction: training on those rows of the word embeddings alone whose token occurs.
 *
 * The row of a token that no batch holds gets no gradient. An optimizer like AdamW only decays it, by the product of
 * (1 - learning rate · weight decay) over the steps. So the occurring rows are trained as a small table of their own,
 * and at the end the others are multiplied by that product. The result is that of training on the whole table, within
 * rounding. Where the optimizer does something else with such rows, the whole table is trained.
 */

import type { Optimizer } from "../optimizers/define-optimizer.js";
import type { TokenizedTexts } from "../tokenizing/tokenized-texts.js";

export interface CompactVocabulary {
  /** The token ids that occur, ascending: row i of the small table is row `rows[i]` of the whole one. */
  readonly rows: Uint32Array;
  /** `texts` with each id replaced by its row in the small table. */
  renumber(texts: TokenizedTexts): TokenizedTexts;
  /** The row of one token id that occurs. */
  rowOf(id: number): number;
}

/** Whether training without the rows that do not occur is training with them, by what the optimizer says of such rows. */
export function isCompactionExact(
  optimizer: Optimizer,
  options: Readonly<Record<string, unknown>> & { readonly weightDecay: number },
): boolean {
  return optimizer.idleRows(optimizer.options.parse(options), options.weightDecay) !== "involved";
}

/** The vocabulary of `texts` and of the ids `always`, out of `size` ids. */
export function compactVocabulary(
  texts: readonly TokenizedTexts[],
  always: readonly number[],
  size: number,
): CompactVocabulary {
  const occurs = new Uint8Array(size);
  for (const id of always) occurs[id] = 1;
  for (const { ids } of texts) for (let i = 0; i < ids.length; i++) occurs[ids[i]] = 1;
  const rows = Uint32Array.from(occurs.keys()).filter((id) => occurs[id] === 1);
  const newIds = new Int32Array(size);
  for (const [row, id] of rows.entries()) newIds[id] = row;
  return {
    rows,
    renumber: (one) => ({ ...one, ids: one.ids.map((id) => newIds[id]) }),
    rowOf: (id) => newIds[id],
  };
}

/** The rows `rows` of `table` [V, width]. */
export function takeRows(table: Float32Array, rows: Uint32Array, width: number): Float32Array {
  const small = new Float32Array(rows.length * width);
  for (const [row, id] of rows.entries()) small.set(table.subarray(id * width, (id + 1) * width), row * width);
  return small;
}

/** `table` [V, width] with the rows `rows` replaced by those of `small`, and the others multiplied by `decay`. */
export function putRows(table: Float32Array, rows: Uint32Array, small: Float32Array, decay: number): Float32Array {
  const width = small.length / rows.length;
  const whole = table.map((value) => value * decay);
  for (const [row, id] of rows.entries()) whole.set(small.subarray(row * width, (row + 1) * width), id * width);
  return whole;
}
