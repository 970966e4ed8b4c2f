/**
 * Dropout masks: four xoshiro128++ generators side by side, sixteen random bits an element.
 *
 * src/base/dropout-mask.ts says how masks are defined and has the same thing in TypeScript.
 */

// Elements that one seeding of the four generators serves; the same number stands in src/base/dropout-mask.ts.
const BLOCK: u32 = 8192;

// What `seed` returns: word w of the four generators' states, one generator a lane.
let seed0 = i32x4.splat(0);
let seed1 = i32x4.splat(0);
let seed2 = i32x4.splat(0);
let seed3 = i32x4.splat(0);

/** Philox4x32-10 of the counters (block, lane, stream, 0) under the key (key0, key1). */
function seed(block: u32, stream: u32, key0: u32, key1: u32): void {
  const factor0 = i32x4.splat(0xd2511f53);
  const factor1 = i32x4.splat(0xcd9e8d57);
  let x0 = i32x4.splat(block);
  let x1 = i32x4(0, 1, 2, 3);
  let x2 = i32x4.splat(stream);
  let x3 = i32x4.splat(0);
  for (let round = 0; round < 10; round++) {
    const high0 = mulHigh(x0, factor0);
    const high1 = mulHigh(x2, factor1);
    const low0 = i32x4.mul(x0, factor0);
    const low1 = i32x4.mul(x2, factor1);
    x0 = v128.xor(v128.xor(high1, x1), i32x4.splat(key0));
    x1 = low1;
    x2 = v128.xor(v128.xor(high0, x3), i32x4.splat(key1));
    x3 = low0;
    key0 += 0x9e3779b9;
    key1 += 0xbb67ae85;
  }
  seed0 = x0;
  seed1 = x1;
  seed2 = x2;
  seed3 = x3;
}

/** The upper halves of the four 64-bit products. */
function mulHigh(a: v128, b: v128): v128 {
  const first = i64x2.extmul_low_i32x4_u(a, b);
  const second = i64x2.extmul_high_i32x4_u(a, b);
  return v128.shuffle<u32>(first, second, 1, 3, 5, 7);
}

/** Stores the first `count` lanes, 0 to 4. */
function storeFirst(target: usize, lanes: v128, count: u32): void {
  if (count > 0) v128.store_lane<f32>(target, lanes, 0);
  if (count > 1) v128.store_lane<f32>(target, lanes, 1, 4);
  if (count > 2) v128.store_lane<f32>(target, lanes, 2, 8);
  if (count > 3) v128.store_lane<f32>(target, lanes, 3, 12);
}

/**
 * Fills `count` float32 values, the first of them element 0 of block `firstBlock`.
 * `threshold` in [1, 65535]: an element is dropped when its sixteen bits are below it.
 */
export function dropoutMask(
  target: usize,
  count: u32,
  threshold: u32,
  kept: f32,
  key0: u32,
  key1: u32,
  stream: u32,
  firstBlock: u32,
): void {
  // Signed comparison, the only one SSE has: the bits are uniform, so it drops the same share.
  const limit = i32x4.splat(((threshold << 16) ^ 0x80000000) - 1);
  const kept4 = f32x4.splat(kept);
  let block = firstBlock;
  let at = target;
  let left = count;
  while (left > 0) {
    seed(block, stream, key0, key1);
    let s0 = seed0;
    let s1 = seed1;
    let s2 = seed2;
    let s3 = seed3;
    const here = min(left, BLOCK);
    for (let i: u32 = 0; i < here; i += 8) {
      const sum = i32x4.add(s0, s3);
      const random = i32x4.add(v128.or(i32x4.shl(sum, 7), i32x4.shr_u(sum, 25)), s0);
      const t = i32x4.shl(s1, 9);
      s2 = v128.xor(s2, s0);
      s3 = v128.xor(s3, s1);
      s1 = v128.xor(s1, s2);
      s0 = v128.xor(s0, s3);
      s2 = v128.xor(s2, t);
      s3 = v128.or(i32x4.shl(s3, 11), i32x4.shr_u(s3, 21));

      const low = v128.and(i32x4.gt_s(i32x4.shl(random, 16), limit), kept4);
      const high = v128.and(i32x4.gt_s(random, limit), kept4);
      if (here - i >= 8) {
        v128.store(at, low);
        v128.store(at, high, 16);
      } else {
        storeFirst(at, low, here - i);
        if (here - i > 4) storeFirst(at + 16, high, here - i - 4);
      }
      at += 32;
    }
    left -= here;
    block++;
  }
}
