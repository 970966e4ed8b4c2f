/** Gradients of table rows into the flat gradient buffer. */
import { type Slot, viewOf } from "../runtime/flat-layout.js";
import type { Tensor } from "../runtime/session.js";

/** The gradient of a table of which batches read some rows. */
export interface RowGradients {
  /** Sets the gradient to zero; the cost is that of the rows that were touched, not of the table. */
  clear(): void;
  /** Adds `rows` [..., D] to the gradient's rows `ids` [...], int64 in [0, V). */
  add(ids: Tensor, rows: Tensor): void;
}

/** The gradient of the table at `slot` [V, D] of the flat buffer `gradients`, which is zero there. */
export function createRowGradients(gradients: Float32Array, slot: Slot): RowGradients {
  const table = viewOf(gradients, slot);
  const width = slot.shape[1];
  const touched = new Set<number>();
  return {
    clear() {
      for (const id of touched) table.fill(0, id * width, (id + 1) * width);
      touched.clear();
    },
    add(ids, rows) {
      // The low words of int64 ids, which are below 2^31.
      const words = new Int32Array(ids.data.buffer, ids.data.byteOffset, 2 * ids.data.length);
      const values = rows.data as Float32Array;
      for (let i = 0; i < ids.data.length; i++) {
        const id = words[2 * i];
        touched.add(id);
        const to = id * width;
        const from = i * width;
        for (let d = 0; d < width; d++) table[to + d] += values[from + d];
      }
    },
  };
}
