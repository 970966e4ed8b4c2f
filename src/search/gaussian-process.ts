/**
 * Regression by a Gaussian process with a Matérn 5/2 kernel, a length for each dimension, and noise.
 *
 * @source Rasmussen and Williams, "Gaussian Processes for Machine Learning", algorithm 2.1; equation 4.17 for the kernel
 */

/** A point: a number between 0 and 1 for each dimension, NaN where the dimension does not count. */
export type Point = Float64Array;

/** What is known of a value: it is normal with this mean and deviation. */
export interface Posterior {
  readonly mean: number;
  readonly deviation: number;
}

export interface GaussianProcess {
  /** What the function is at `point`, without noise. */
  at(point: Point): Posterior;
}

/** The parameters of the kernel, as logarithms: a length for each dimension, then the noise as a share of the variance. */
type Logs = readonly number[];

/** Points by which lengths are found: more of them say little new, and cost the third power. */
const MOST_FITTED = 150;

/**
 * Fits a process to `values` at `points`.
 *
 * @param ordered for each dimension whether near values are alike, or only equal ones
 */
export function fitGaussianProcess(
  points: readonly Point[],
  values: readonly number[],
  ordered: readonly boolean[],
): GaussianProcess {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) || 1;
  const scaled = values.map((value) => (value - mean) / spread);
  const logs = fitLogs(points.slice(-MOST_FITTED), scaled.slice(-MOST_FITTED), ordered);
  const solved = solve(points, scaled, ordered, logs);
  return {
    at(point) {
      const n = points.length;
      const near = new Float64Array(n);
      for (let i = 0; i < n; i++) near[i] = kernel(point, points[i] as Point, ordered, logs);
      let guess = 0;
      for (let i = 0; i < n; i++) guess += (near[i] as number) * (solved.weights[i] as number);
      forward(solved.factor, near);
      let explained = 0;
      for (let i = 0; i < n; i++) explained += (near[i] as number) ** 2;
      const variance = Math.max(1e-12, solved.variance * (1 - explained));
      return { mean: mean + spread * guess, deviation: spread * Math.sqrt(variance) };
    },
  };
}

function kernel(a: Point, b: Point, ordered: readonly boolean[], logs: Logs): number {
  let squares = 0;
  for (let d = 0; d < a.length; d++) {
    const difference = (a[d] as number) - (b[d] as number);
    // Two that do not count are equal; one that does and one that does not are as far apart as can be.
    const apart = Number.isNaN(difference)
      ? Number(Number.isNaN(a[d]) !== Number.isNaN(b[d]))
      : ordered[d]
        ? difference
        : Number(difference !== 0);
    squares += (apart * Math.exp(-(logs[d] as number))) ** 2;
  }
  const r = Math.sqrt(5 * squares);
  return (1 + r + (r * r) / 3) * Math.exp(-r);
}

interface Solved {
  /** The Cholesky factor of the kernel's matrix with noise, row after row. */
  readonly factor: Float64Array[];
  /** The matrix' inverse times the values. */
  readonly weights: Float64Array;
  /** Of the process; the most likely one. */
  readonly variance: number;
  /** Of the values under the process, but for a constant. */
  readonly logLikelihood: number;
}

function solve(points: readonly Point[], values: readonly number[], ordered: readonly boolean[], logs: Logs): Solved {
  const n = points.length;
  const noise = Math.exp(logs[logs.length - 1] as number) + 1e-8;
  const factor: Float64Array[] = [];
  let logDeterminant = 0;
  for (let i = 0; i < n; i++) {
    const row = new Float64Array(i + 1);
    for (let j = 0; j <= i; j++) {
      let sum = kernel(points[i] as Point, points[j] as Point, ordered, logs) + (i === j ? noise : 0);
      const other = j === i ? row : (factor[j] as Float64Array);
      for (let k = 0; k < j; k++) sum -= (row[k] as number) * (other[k] as number);
      row[j] = j === i ? Math.sqrt(Math.max(sum, 1e-12)) : sum / (other[j] as number);
    }
    logDeterminant += Math.log(row[i] as number);
    factor.push(row);
  }
  const weights = Float64Array.from(values);
  forward(factor, weights);
  let squares = 0;
  for (const one of weights) squares += one * one;
  for (let i = n - 1; i >= 0; i--) {
    let sum = weights[i] as number;
    for (let k = i + 1; k < n; k++) sum -= ((factor[k] as Float64Array)[i] as number) * (weights[k] as number);
    weights[i] = sum / ((factor[i] as Float64Array)[i] as number);
  }
  const variance = Math.max(squares / n, 1e-6);
  return {
    factor,
    weights,
    variance,
    logLikelihood: -logDeterminant - (n / 2) * Math.log(variance) - squares / (2 * variance),
  };
}

/** Solves `factor` x = `vector` in place. */
function forward(factor: readonly Float64Array[], vector: Float64Array): void {
  for (let i = 0; i < vector.length; i++) {
    const row = factor[i] as Float64Array;
    let sum = vector[i] as number;
    for (let k = 0; k < i; k++) sum -= (row[k] as number) * (vector[k] as number);
    vector[i] = sum / (row[i] as number);
  }
}

/**
 * The most probable lengths and noise, by steps along one at a time that shrink. Few points say little, so there is a
 * belief beforehand: lengths about a half of the space, more with more dimensions (Hvarfner and others,
 * arXiv:2402.02229), noise about a thousandth.
 */
function fitLogs(points: readonly Point[], values: readonly number[], ordered: readonly boolean[]): Logs {
  const dimensions = ordered.length;
  const length = Math.log(0.4) + 0.5 * Math.log(Math.max(1, dimensions / 2));
  const beliefs = [...ordered.map(() => [length, 1] as const), [Math.log(1e-3), 2] as const];
  const score = (logs: Logs): number =>
    beliefs.reduce((sum, [center, width], i) => sum - ((logs[i] as number) - center) ** 2 / (2 * width * width), 0) +
    solve(points, values, ordered, logs).logLikelihood;
  let best: Logs = beliefs.map(([center]) => center);
  let bestScore = score(best);
  for (let step = 1.5; step > 0.15; step /= 2) {
    for (let i = 0; i <= dimensions; i++) {
      for (const sign of [-1, 1]) {
        const moved = best.map((one, j) =>
          j === i ? one + sign * step * (beliefs[i] as readonly [number, number])[1] : one,
        );
        const scored = score(moved);
        if (scored <= bestScore) continue;
        [best, bestScore] = [moved, scored];
        break;
      }
    }
  }
  return best;
}
