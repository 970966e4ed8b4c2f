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

/**
 * Counts of lengths in bins of one width: bin i holds lengths in [i * width, (i + 1) * width). A few texts that are far
 * longer than the others would leave these a single bin, so they are counted apart.
 */
export interface LengthHistogram {
  readonly width: number;
  readonly counts: readonly number[];
  /** Lengths from `counts.length * width` on. */
  readonly beyond: number;
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

/** Bins of a histogram at most, about. */
const BINS = 50;

/** A histogram in at most about 50 bins of a round width, up to the longest, or where that is far from the others, the 99th percentile. */
export function lengthHistogram(lengths: Int32Array, summary = summarizeLengths(lengths)): LengthHistogram {
  const { maximum, p99 } = summary;
  const last = maximum > 1.5 * p99 ? p99 : maximum;
  const width = roundWidth((last + 1) / BINS);
  return binned(lengths, width, Math.floor(last / width) + 1);
}

/** The histogram of `lengths` in `bins` bins of `width`. */
export function binned(lengths: Int32Array, width: number, bins: number): LengthHistogram {
  const counts = new Array<number>(bins).fill(0);
  let beyond = 0;
  for (const length of lengths) {
    const bin = Math.floor(length / width);
    if (bin >= bins) beyond++;
    else counts[bin] = (counts[bin] as number) + 1;
  }
  return { width, counts, beyond };
}

/** The least of 1, 2, 5, 10, 20, 50, … that is not below `wanted`. */
export function roundWidth(wanted: number): number {
  for (let power = 1; ; power *= 10) for (const step of [1, 2, 5]) if (step * power >= wanted) return step * power;
}
