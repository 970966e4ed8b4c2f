/** Rows that are measured on though they are trained on. */
import type { Dataset } from "../data/dataset/dataset.js";

/** From which share of such rows on a figure is more than rounding too good. */
const WORTH_SAYING = 0.01;

/**
 * What to say where a hundredth or more of the rows of `held`, to be called `what`, have a text, or a pair of texts, that
 * `train` has too; undefined where fewer have.
 */
export function trainedOnToo(train: Dataset, held: Dataset, what: string): string | undefined {
  const rowsWith = new Map<string, number>();
  for (let row = 0; row < held.length; row++) {
    const text = textOf(held, row);
    rowsWith.set(text, (rowsWith.get(text) ?? 0) + 1);
  }
  let rows = 0;
  for (let row = 0; row < train.length && rowsWith.size > 0; row++) {
    const text = textOf(train, row);
    rows += rowsWith.get(text) ?? 0;
    rowsWith.delete(text);
  }
  if (rows < WORTH_SAYING * held.length || rows === 0) return undefined;
  return `${what}: ${rows} of ${held.length} rows have a text that is trained on too, so that its figures are better than on new texts; textune data report shows such texts`;
}

/** What tells texts apart; of pairs both, with what stands in no text between them. */
function textOf(dataset: Dataset, row: number): string {
  const pair = dataset.textPair(row);
  return pair === undefined ? dataset.text(row) : `${dataset.text(row)}\0${pair}`;
}
