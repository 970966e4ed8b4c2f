/** What lengths look like: of texts in words, characters or tokens. */
export interface LengthSummary {
  readonly count: number;
  readonly mean: number;
  readonly median: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
}

/** Counts of lengths in bins of one width: bin i holds lengths in [i * width, (i + 1) * width). */
export interface LengthHistogram {
  readonly width: number;
  readonly counts: readonly number[];
}

/** The summary of `lengths`; all zero where there is none. */
export function summarizeLengths(lengths: Int32Array): LengthSummary {
  const sorted = lengths.slice().sort();
  const sum = sorted.reduce((total, length) => total + length, 0);
  const at = (share: number): number => percentile(sorted, share);
  return {
    count: sorted.length,
    mean: sorted.length === 0 ? 0 : sum / sorted.length,
    median: at(0.5),
    minimum: sorted[0] ?? 0,
    maximum: sorted[sorted.length - 1] ?? 0,
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
  };
}

/** The smallest value that at least `share` of the sorted values do not exceed (the inverse of the empirical distribution). */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return 0;
  return sorted[Math.max(0, Math.ceil(share * sorted.length - 1e-9) - 1)] as number;
}

/** A histogram of at most about `bins` bins of a round width. */
export function lengthHistogram(lengths: Int32Array, bins = 40): LengthHistogram {
  const maximum = lengths.reduce((most, length) => Math.max(most, length), 0);
  const width = roundWidth((maximum + 1) / bins);
  const counts = new Array<number>(Math.floor(maximum / width) + 1).fill(0);
  for (const length of lengths) counts[Math.floor(length / width)] = (counts[Math.floor(length / width)] as number) + 1;
  return { width, counts };
}

/** The least of 1, 2, 5, 10, 20, 50, … that is not below `wanted`. */
export function roundWidth(wanted: number): number {
  for (let power = 1; ; power *= 10) for (const step of [1, 2, 5]) if (step * power >= wanted) return step * power;
}
