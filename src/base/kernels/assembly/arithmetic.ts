/** Sums and scalings over one or two flat buffers. */

/**
 * The sum of squares, accumulated in float64 over eight partial sums. A float32's square is exact in
 * float64 and cannot overflow it, so the sum is finite exactly when every element is.
 */
export function sumOfSquares(x: usize, count: usize): f64 {
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  let d = f64x2.splat(0);
  const vectors = count & ~7;
  for (let i: usize = 0; i < vectors; i += 8) {
    const at = x + (i << 2);
    // Two elements a load: the converting instruction takes its operand from the low half.
    const x0 = f64x2.promote_low_f32x4(v128.load64_zero(at));
    const x1 = f64x2.promote_low_f32x4(v128.load64_zero(at, 8));
    const x2 = f64x2.promote_low_f32x4(v128.load64_zero(at, 16));
    const x3 = f64x2.promote_low_f32x4(v128.load64_zero(at, 24));
    a = f64x2.add(a, f64x2.mul(x0, x0));
    b = f64x2.add(b, f64x2.mul(x1, x1));
    c = f64x2.add(c, f64x2.mul(x2, x2));
    d = f64x2.add(d, f64x2.mul(x3, x3));
  }
  const sums = f64x2.add(f64x2.add(a, b), f64x2.add(c, d));
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  for (let i: usize = vectors; i < count; i++) {
    const value = <f64>load<f32>(x + (i << 2));
    sum += value * value;
  }
  return sum;
}

/** target += source * factor. */
export function addScaled(target: usize, source: usize, count: usize, factor: f32): void {
  const factor4 = f32x4.splat(factor);
  const vectors = count & ~3;
  for (let i: usize = 0; i < vectors; i += 4) {
    const at = i << 2;
    v128.store(target + at, f32x4.add(v128.load(target + at), f32x4.mul(v128.load(source + at), factor4)));
  }
  for (let i: usize = vectors; i < count; i++) {
    const at = i << 2;
    store<f32>(target + at, load<f32>(target + at) + load<f32>(source + at) * factor);
  }
}

/** target *= factor. */
export function scale(target: usize, count: usize, factor: f32): void {
  const factor4 = f32x4.splat(factor);
  const vectors = count & ~3;
  for (let i: usize = 0; i < vectors; i += 4) {
    const at = target + (i << 2);
    v128.store(at, f32x4.mul(v128.load(at), factor4));
  }
  for (let i: usize = vectors; i < count; i++) {
    const at = target + (i << 2);
    store<f32>(at, load<f32>(at) * factor);
  }
}
