/** The global norm of the gradients, and the factor that clips them to it. */

import { simdKernels } from "../base/kernels/simd.js";

/**
 * The square root of the sum of all squares, summed in float64. It is NaN or infinite exactly when an
 * element is, since no sum of float32 squares overflows float64.
 */
export function globalNorm(gradients: Float32Array): number {
  return Math.sqrt((simdKernels?.sumOfSquares ?? sumOfSquares)(gradients));
}

/** The sum of squares in plain TypeScript: the SIMD kernel adds the same terms in another order. */
export function sumOfSquares(x: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const value = x[i] as number;
    sum += value * value;
  }
  return sum;
}

/**
 * The factor by which gradients of global norm `norm` are multiplied so that it is at most `maxNorm`.
 *
 * @source torch.nn.utils.clip_grad_norm_, whose 1e-6 keeps the quotient finite
 */
export function clipFactor(norm: number, maxNorm: number): number {
  return Math.min(1, maxNorm / (norm + 1e-6));
}
