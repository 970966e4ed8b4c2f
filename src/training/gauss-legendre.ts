/** Where to look at a function, and with which weights, to know its mean over [0, 1]. */

export interface Quadrature {
  /** In (0, 1), ascending. */
  readonly points: readonly number[];
  /** They sum to 1. */
  readonly weights: readonly number[];
}

/**
 * The Gauss-Legendre rule of `count` points, exact for polynomials up to degree 2 count - 1.
 *
 * @source Press et al., Numerical Recipes, gauleg; numpy.polynomial.legendre.leggauss
 */
export function gaussLegendre(count: number): Quadrature {
  const points: number[] = [];
  const weights: number[] = [];
  for (let i = count; i >= 1; i--) {
    let x = Math.cos((Math.PI * (i - 0.25)) / (count + 0.5));
    let slope = 0;
    // Newton's method on the Legendre polynomial doubles the digits in every round.
    for (let round = 0; round < 8; round++) {
      let [before, value] = [1, x];
      for (let n = 2; n <= count; n++) [before, value] = [value, ((2 * n - 1) * x * value - (n - 1) * before) / n];
      slope = (count * (x * value - before)) / (x * x - 1);
      x -= value / slope;
    }
    points.push((1 + x) / 2);
    weights.push(1 / ((1 - x * x) * slope * slope));
  }
  return { points, weights };
}
