/** Quantiles of the normal and the beta distribution, and how probable values below one are. */

/** P(X < x) of the standard normal distribution, to twelve digits. */
export function normalCdf(x: number): number {
  if (x < 0) return 1 - normalCdf(-x);
  if (x > 8.3) return 1;
  // The series about 0 has only positive terms, so that nothing cancels.
  let term = x;
  let sum = x;
  for (let k = 1; term > 1e-17 * sum; k++) {
    term *= (x * x) / (2 * k + 1);
    sum += term;
  }
  return 0.5 + sum * normalDensity(x);
}

/** The density of the standard normal distribution. */
export function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/** The value that a standard normal number is below with probability `u`. */
export function normalQuantile(u: number): number {
  if (u <= 0) return Number.NEGATIVE_INFINITY;
  if (u >= 1) return Number.POSITIVE_INFINITY;
  return bisect((x) => normalCdf(x), u, -9, 9);
}

/** The value that a number of the beta distribution with parameters `a` and `b` is below with probability `u`. */
export function betaQuantile(u: number, a: number, b: number): number {
  if (u <= 0) return 0;
  if (u >= 1) return 1;
  return bisect((x) => betaCdf(x, a, b), u, 0, 1);
}

/**
 * The regularised incomplete beta function: P(X < x) of the beta distribution.
 *
 * @source Numerical Recipes, section 6.4: continued fraction by Lentz' method
 */
export function betaCdf(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast below the mean.
  if (x > (a + 1) / (a + b + 2)) return 1 - betaCdf(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || tiny);
  let fraction = d;
  for (let m = 1; m < 500; m++) {
    for (const numerator of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / (1 + numerator * d || tiny);
      c = 1 + numerator / c || tiny;
      fraction *= c * d;
    }
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return front * fraction;
}

/** @source Lanczos' approximation, g = 7, n = 9: 15 digits */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const coefficients = [
    676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
    -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  const y = x - 1;
  const sum = coefficients.reduce((all, coefficient, i) => all + coefficient / (y + i + 1), 0.99999999999980993);
  const t = y + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** Where the rising function `of` reaches `goal`, between `low` and `high`. */
function bisect(of: (x: number) => number, goal: number, low: number, high: number): number {
  let [below, above] = [low, high];
  for (let i = 0; i < 100 && above - below > 1e-15 * Math.abs(above); i++) {
    const middle = (below + above) / 2;
    if (of(middle) < goal) below = middle;
    else above = middle;
  }
  return (below + above) / 2;
}
