import { percentile } from "./length-statistics.js";

/** What numbers look like: those that are to be predicted, or those of a column. */
export interface NumberSummary {
  readonly count: number;
  readonly mean: number;
  /** The standard deviation of all of them: the root mean squared error of always answering with the mean. */
  readonly deviation: number;
  readonly minimum: number;
  readonly q25: number;
  readonly median: number;
  readonly q75: number;
  readonly maximum: number;
  /** Counts in bins of one width from the smallest number to the largest, which is in the last bin. */
  readonly counts: readonly number[];
}

/** The summary of `numbers`, in `bins` bins; undefined where there is none. */
export function summarizeNumbers(numbers: Float64Array, bins = 30): NumberSummary | undefined {
  const sorted = numbers.slice().sort();
  if (sorted.length === 0) return undefined;
  const [minimum, maximum] = [sorted[0] as number, sorted[sorted.length - 1] as number];
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sorted.length;
  return {
    count: sorted.length,
    mean,
    deviation: Math.sqrt(variance),
    minimum,
    q25: percentile(sorted, 0.25),
    median: percentile(sorted, 0.5),
    q75: percentile(sorted, 0.75),
    maximum,
    counts: binNumbers(sorted, minimum, maximum, bins),
  };
}

/** Counts of `numbers` in `bins` bins of one width from `from` to `to`. */
export function binNumbers(numbers: Float64Array, from: number, to: number, bins: number): number[] {
  const counts = new Array<number>(to > from ? bins : 1).fill(0);
  for (const value of numbers) {
    const bin = to > from ? Math.min(counts.length - 1, Math.floor(((value - from) / (to - from)) * counts.length)) : 0;
    counts[bin] = (counts[bin] as number) + 1;
  }
  return counts;
}
