/** Gradients of table rows into the flat gradient buffer. */
import { viewOf, type Slot } from "../runtime/flat-layout.js";
import type { Tensor } from "../runtime/session.js";

/**
 * A function that sets the gradient of the table at `slot` [V, D] to the sums of `rows` [..., D] by `ids` [...], int64 in
 * [0, V). Only rows that were touched before are cleared, so that the cost is that of the rows, not of the table.
 */
export function createRowScatter(gradients: Float32Array, slot: Slot): (ids: Tensor, rows: Tensor) => void {
  const table = viewOf(gradients, slot);
  const width = slot.shape[1];
  let touched: Int32Array = new Int32Array(0);
  return (ids, rows) => {
    for (const id of touched) table.fill(0, id * width, (id + 1) * width);
    // The low words of int64 ids, which are below 2^31.
    const words = new Int32Array(ids.data.buffer, ids.data.byteOffset, 2 * ids.data.length);
    touched = Int32Array.from({ length: ids.data.length }, (_, i) => words[2 * i]);
    const values = rows.data as Float32Array;
    for (let i = 0; i < touched.length; i++) {
      const to = touched[i] * width;
      const from = i * width;
      for (let d = 0; d < width; d++) table[to + d] += values[from + d];
    }
  };
}
