/**
 * Dropout masks that are a pure function of (seed, stream): the same on every machine, and after a
 * resume, whatever was drawn before.
 *
 * A mask is cut into blocks of 8192 elements. Four xoshiro128++ generators serve a block; the state of
 * generator `lane` is Philox4x32-10 of the counter (block, lane, stream, 0) under the key `seed`, so
 * no two states are equal within a seed. Every output gives two elements sixteen bits each: element
 * 8 i + lane its lower half, element 8 i + 4 + lane its upper half. An element is dropped when these
 * bits, as a two's complement number, are among the `threshold` smallest of their 65536 values.
 *
 * @source Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011 (Philox);
 *   Blackman and Vigna, arXiv:1805.01407 (xoshiro128++)
 */

import { fail } from "./errors.js";
import { type MaskKey, simdKernels } from "./kernels/simd.js";

// The same numbers stand in kernels/assembly/dropout-mask.ts.
const BLOCK = 8192;
const LANES = 4;

/**
 * Fills `target` with a dropout mask: 0 with probability `probability`, 1 / (1 - probability) otherwise.
 *
 * @param probability in [0, 1), taken to the nearest multiple of 2^-16
 * @param seed one or two integers in [0, 2^32), say the run's seed and the step
 * @param stream an integer in [0, 2^32), say the number of the dropout layer
 * @throws E_CONFIG when `probability` is outside of [0, 1)
 */
export function fillDropoutMask(
  target: Float32Array,
  probability: number,
  seed: number | readonly [number, number],
  stream: number,
): void {
  const key = maskKey(probability, seed, stream);
  if (key.threshold === 0) target.fill(key.kept);
  else if (simdKernels !== undefined) simdKernels.dropoutMask(target, key);
  else dropoutMask(target, key);
}

/** The key of a mask: what the kernels and {@link dropoutMask} take. */
export function maskKey(probability: number, seed: number | readonly [number, number], stream: number): MaskKey {
  if (!(probability >= 0 && probability < 1)) {
    fail("E_CONFIG", { where: "dropout", expected: "a probability in [0, 1)", got: String(probability) });
  }
  return {
    threshold: Math.min(Math.round(probability * 65536), 65535),
    kept: 1 / (1 - probability),
    seed: typeof seed === "number" ? [seed, 0] : seed,
    stream,
  };
}

/** The mask of `key` in plain TypeScript: the reference of the SIMD kernel, bit for bit, and its fallback. */
export function dropoutMask(target: Float32Array, key: MaskKey): void {
  for (let start = 0; start < target.length; start += BLOCK) {
    const end = Math.min(start + BLOCK, target.length);
    for (let lane = 0; lane < LANES; lane++) {
      const state = philox([start / BLOCK, lane, key.stream, 0], key.seed);
      for (let at = start + lane; at < end; at += 2 * LANES) {
        const random = xoshiro(state);
        target[at] = ((random << 16) >> 16) + 32768 < key.threshold ? 0 : key.kept;
        if (at + LANES < end) target[at + LANES] = (random >> 16) + 32768 < key.threshold ? 0 : key.kept;
      }
    }
  }
}

/** The next output, a signed 32-bit integer, of the xoshiro128++ generator in `state`, which it advances. */
export function xoshiro(state: Int32Array): number {
  const [a, b, c, d] = state as unknown as [number, number, number, number];
  const sum = (a + d) | 0;
  const c1 = c ^ a;
  const d1 = d ^ b;
  state[0] = a ^ d1;
  state[1] = b ^ c1;
  state[2] = c1 ^ (b << 9);
  state[3] = (d1 << 11) | (d1 >>> 21);
  return (((sum << 7) | (sum >>> 25)) + a) | 0;
}

/** Philox4x32-10: four random words of a counter under a key. */
export function philox(counter: readonly [number, number, number, number], key: readonly [number, number]): Int32Array {
  let [x0, x1, x2, x3] = counter;
  let [key0, key1] = key;
  for (let round = 0; round < 10; round++) {
    const product0 = wideProduct(x0, 0xd2511f53);
    const product1 = wideProduct(x2, 0xcd9e8d57);
    x0 = product1.high ^ x1 ^ key0;
    x1 = product1.low;
    x2 = product0.high ^ x3 ^ key1;
    x3 = product0.low;
    key0 = (key0 + 0x9e3779b9) | 0;
    key1 = (key1 + 0xbb67ae85) | 0;
  }
  return Int32Array.of(x0, x1, x2, x3);
}

/** The 64-bit product of two unsigned 32-bit integers, as two signed 32-bit halves. */
function wideProduct(a: number, b: number): { high: number; low: number } {
  // 48 bits at most in each partial product: exact in float64.
  const upper = (a >>> 0) * (b >>> 16);
  const lower = (a >>> 0) * (b & 0xffff);
  const carried = upper + Math.floor(lower / 65536);
  return { high: Math.floor(carried / 65536) | 0, low: Math.imul(a, b) };
}
