/** Sums of gradients over several batches. */

import { fail } from "../base/errors.js";
import { simdKernels } from "../base/kernels/simd.js";

/**
 * `target += source * factor`, each product and sum rounded to float32.
 *
 * @throws E_SHAPE when the lengths differ
 */
export function addScaled(target: Float32Array, source: Float32Array, factor: number): void {
  if (target.length !== source.length) {
    fail("E_SHAPE", { where: "addScaled", expected: `${target.length} elements`, got: String(source.length) });
  }
  (simdKernels?.addScaled ?? addScaledLoop)(target, source, factor);
}

/** `target *= factor`, rounded to float32. */
export function scale(target: Float32Array, factor: number): void {
  (simdKernels?.scale ?? scaleLoop)(target, factor);
}

/** {@link addScaled} in plain TypeScript: the kernel's reference, bit for bit, and its fallback. */
export function addScaledLoop(target: Float32Array, source: Float32Array, factor: number): void {
  const factor32 = Math.fround(factor);
  for (let i = 0; i < target.length; i++) {
    target[i] = (target[i] as number) + Math.fround((source[i] as number) * factor32);
  }
}

/** {@link scale} in plain TypeScript: the kernel's reference, bit for bit, and its fallback. */
export function scaleLoop(target: Float32Array, factor: number): void {
  const factor32 = Math.fround(factor);
  for (let i = 0; i < target.length; i++) target[i] = (target[i] as number) * factor32;
}
