/** Tests of whether two samples come from one distribution. */

/** A test's statistic and how probable one at least as large is if there is no difference, in [0, 1]. */
export interface TestResult {
  readonly statistic: number;
  readonly pValue: number;
}

/**
 * Pearson's chi-square test of homogeneity of two rows of counts. Classes that occur in neither are left
 * out; with fewer than two classes left the p-value is 1.
 */
export function chiSquareTest(a: readonly number[], b: readonly number[]): TestResult & { readonly degrees: number } {
  const totalA = a.reduce((sum, count) => sum + count, 0);
  const totalB = b.reduce((sum, count) => sum + count, 0);
  const all = totalA + totalB;
  let statistic = 0;
  let classes = 0;
  a.forEach((countA, i) => {
    const countB = b[i] ?? 0;
    const both = countA + countB;
    if (both === 0) return;
    classes++;
    const expectedA = (both * totalA) / all;
    const expectedB = (both * totalB) / all;
    statistic += (countA - expectedA) ** 2 / expectedA + (countB - expectedB) ** 2 / expectedB;
  });
  const degrees = Math.max(0, classes - 1);
  const pValue = degrees === 0 || totalA === 0 || totalB === 0 ? 1 : upperGamma(degrees / 2, statistic / 2);
  return { statistic: degrees === 0 ? 0 : statistic, degrees, pValue };
}

/**
 * The two-sample Kolmogorov-Smirnov test, its p-value from the limiting distribution. With ties, as
 * lengths have them, the p-value is on the safe side (too large).
 *
 * @source Numerical Recipes, section 14.3.3, for the small-sample correction of the limiting distribution
 */
export function kolmogorovSmirnovTest<T extends Int32Array | Float64Array>(a: T, b: T): TestResult {
  if (a.length === 0 || b.length === 0) return { statistic: 0, pValue: 1 };
  const x = a.slice().sort();
  const y = b.slice().sort();
  let [i, j, statistic] = [0, 0, 0];
  while (i < x.length && j < y.length) {
    const value = Math.min(x[i] as number, y[j] as number);
    while (i < x.length && (x[i] as number) <= value) i++;
    while (j < y.length && (y[j] as number) <= value) j++;
    statistic = Math.max(statistic, Math.abs(i / x.length - j / y.length));
  }
  const effective = Math.sqrt((x.length * y.length) / (x.length + y.length));
  return { statistic, pValue: kolmogorovTail((effective + 0.12 + 0.11 / effective) * statistic) };
}

/** P(K > lambda) for Kolmogorov's distribution. */
function kolmogorovTail(lambda: number): number {
  // The alternating series does not converge near 0, where the tail is 1 to double precision.
  if (lambda < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * (k * lambda) ** 2);
  return Math.min(1, Math.max(0, sum));
}

/**
 * The regularised upper incomplete gamma function Q(shape, x).
 * @source Abramowitz and Stegun, 6.5.29 (series) and 6.5.31 (continued fraction)
 */
export function upperGamma(shape: number, x: number): number {
  if (x <= 0) return 1;
  const scale = Math.exp(shape * Math.log(x) - x - logGamma(shape));
  if (x < shape + 1) {
    let term = 1 / shape;
    let sum = term;
    for (let n = 1; n < 10_000 && term > sum * 1e-16; n++) {
      term *= x / (shape + n);
      sum += term;
    }
    return Math.min(1, Math.max(0, 1 - sum * scale));
  }
  // Lentz's method.
  const tiny = 1e-300;
  let b = x + 1 - shape;
  let c = 1 / tiny;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < 10_000; n++) {
    const a = -n * (n - shape);
    b += 2;
    d = 1 / nonZero(a * d + b, tiny);
    c = nonZero(b + a / c, tiny);
    const change = d * c;
    fraction *= change;
    if (Math.abs(change - 1) < 1e-15) break;
  }
  return Math.min(1, Math.max(0, scale * fraction));
}

function nonZero(value: number, tiny: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}

/** ln Gamma(x) for x > 0, by Stirling's series after shifting x above 10. */
function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 10; z++) shift -= Math.log(z);
  const inverse = 1 / (z * z);
  return (
    shift +
    (z - 0.5) * Math.log(z) -
    z +
    0.5 * Math.log(2 * Math.PI) +
    (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / z
  );
}
