/** Which rows make a batch, and in which order the batches come. */
import type { Random } from "../base/random.js";

export interface BatchPlanOptions {
  readonly batchSize: number;
  /** Whether texts of like length share a batch. */
  readonly groupByLength: boolean;
  /** Whether the order is random; without it rows keep their order (within their groups of like length). */
  readonly shuffle: boolean;
}

/**
 * The batches' worth of random rows among which texts of like length are sought: few enough that a data set has at
 * least four such windows, so that a row does not meet the same neighbours in every epoch.
 *
 * @source transformers trainer_pt_utils.py get_length_grouped_indices
 */
function windowOf(rows: number, batchSize: number): number {
  return Math.max(1, Math.min(50, Math.floor(rows / (4 * batchSize))));
}

/**
 * Every row of [0, lengths.length) in exactly one batch; only one batch, of random place, may be smaller.
 *
 * Grouping shuffles the rows, sorts each window of some batches by length, cuts the batches, and shuffles the order of
 * the batches, so that no length comes first. transformers leaves the batches of a window in the order of their lengths.
 */
export function planBatches(lengths: ArrayLike<number>, options: BatchPlanOptions, random: Random): Uint32Array[] {
  const { batchSize, groupByLength, shuffle } = options;
  const rows = Uint32Array.from({ length: lengths.length }, (_, row) => row);
  if (shuffle) random.shuffle(rows);
  if (groupByLength) {
    const window = shuffle ? windowOf(rows.length, batchSize) * batchSize : rows.length;
    for (let start = 0; start < rows.length; start += window) {
      // Equal lengths stay in the order in which they were drawn: the typed array's sort is stable.
      rows.subarray(start, start + window).sort((a, b) => lengths[b] - lengths[a]);
    }
  }
  const batches: Uint32Array[] = [];
  for (let start = 0; start < rows.length; start += batchSize) batches.push(rows.slice(start, start + batchSize));
  return shuffle && groupByLength ? random.shuffle(batches) : batches;
}

/**
 * Tokens that pass through a model at once where nothing else is said: the activations of a part stay in the processor's
 * cache, and the products are large enough to run at full speed.
 */
export const TOKENS_PER_PASS = 1024;

/**
 * The rows of a batch in parts of at most `mostTokens` tokens with padding (or one row), rows of like length together.
 *
 * A batch that is computed in parts needs the memory of one part, stays in the processor's cache, and is padded less.
 */
export function splitBatch(rows: Uint32Array, lengths: ArrayLike<number>, mostTokens: number): Uint32Array[] {
  const sorted = rows.slice().sort((a, b) => lengths[b] - lengths[a]);
  const total = lengths[sorted[0]] * sorted.length;
  if (total <= mostTokens) return [rows];
  const parts: Uint32Array[] = [];
  for (let start = 0; start < sorted.length; ) {
    const size = Math.max(1, Math.floor(mostTokens / lengths[sorted[start]]));
    parts.push(sorted.slice(start, start + size));
    start += size;
  }
  return parts;
}
