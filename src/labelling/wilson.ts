/** Between what a share probably lies, as rows are only a sample. */

/** A share, and its 95 % interval. */
export interface Share {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** 97.5 % of a normal distribution lie below. */
const Z = 1.959964;

/**
 * The share of `right` in `count` rows and its interval by Wilson's score, which holds for few rows and shares near 1 too.
 *
 * @source Wilson 1927; statsmodels proportion_confint, method="wilson"
 */
export function wilsonShare(right: number, count: number): Share {
  const share = right / count;
  const middle = share + (Z * Z) / (2 * count);
  const reach = Z * Math.sqrt((share * (1 - share)) / count + (Z * Z) / (4 * count * count));
  const scale = 1 + (Z * Z) / count;
  return { value: share, low: Math.max(0, (middle - reach) / scale), high: Math.min(1, (middle + reach) / scale) };
}
