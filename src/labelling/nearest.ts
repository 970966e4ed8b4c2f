/** Texts that are like a text: rows of features by their cosine. */
import type { Features } from "../classifier/features.js";

/** A row, and how alike it is, in [-1, 1]. */
export interface Neighbour {
  readonly row: number;
  readonly similarity: number;
}

/** `features` with every row of length 1; a row of zeros stays as it is. */
export function unitFeatures({ values, width }: Features): Features {
  const unit = new Float32Array(values.length);
  for (let start = 0; start < values.length; start += width) {
    let sum = 0;
    for (let i = start; i < start + width; i++) sum += values[i] * values[i];
    const scale = sum === 0 ? 0 : 1 / Math.sqrt(sum);
    for (let i = start; i < start + width; i++) unit[i] = values[i] * scale;
  }
  return { values: unit, width };
}

/** The cosine of a row of `a` and a row of `b`, both of unit features. */
export function cosine(a: Features, rowA: number, b: Features, rowB: number): number {
  const { width } = a;
  let sum = 0;
  for (let i = rowA * width, j = rowB * width, end = i + width; i < end; i++, j++) sum += a.values[i] * b.values[j];
  return sum;
}

/**
 * The `count` rows of unit features that are most like row `row` of `query`, the most alike first, the earlier of equals
 * first. All rows are compared: it is exact.
 */
export function nearestRows(
  features: Features,
  query: Features,
  row: number,
  count: number,
  isWanted: (row: number) => boolean = () => true,
): Neighbour[] {
  const best: Neighbour[] = [];
  const rows = features.values.length / features.width;
  for (let other = 0; other < rows; other++) {
    if (!isWanted(other)) continue;
    const similarity = cosine(features, other, query, row);
    if (best.length === count && similarity <= (best[count - 1]?.similarity ?? 0)) continue;
    let place = best.length;
    while (place > 0 && (best[place - 1] as Neighbour).similarity < similarity) place--;
    best.splice(place, 0, { row: other, similarity });
    if (best.length > count) best.pop();
  }
  return best;
}
