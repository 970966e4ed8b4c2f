/**
 * Steps of the optimizers that keep one moment, each in one pass (20 bytes an element).
 *
 * The operations and their order are those of the loops in src/optimizers, each rounded to float32, so both give the
 * same bits.
 */

/** SGD: `p`, `g`, `b` are the byte offsets of parameters, gradients and momentum; see src/optimizers/sgd.ts. */
export function sgd(
  p: usize,
  g: usize,
  b: usize,
  count: usize,
  gradientScale: f32,
  l2: f32,
  momentum: f32,
  ofGradient: f32,
  ofMomentum: f32,
): void {
  const gradientScale4 = f32x4.splat(gradientScale);
  const l24 = f32x4.splat(l2);
  const momentum4 = f32x4.splat(momentum);
  const ofGradient4 = f32x4.splat(ofGradient);
  const ofMomentum4 = f32x4.splat(ofMomentum);

  const vectors = count & ~3;
  for (let i: usize = 0; i < vectors; i += 4) {
    const at = i << 2;
    const parameter = v128.load(p + at);
    const grad = f32x4.add(f32x4.mul(v128.load(g + at), gradientScale4), f32x4.mul(l24, parameter));
    const moved = f32x4.add(f32x4.mul(v128.load(b + at), momentum4), grad);
    v128.store(b + at, moved);
    const update = f32x4.add(f32x4.mul(ofGradient4, grad), f32x4.mul(ofMomentum4, moved));
    v128.store(p + at, f32x4.sub(parameter, update));
  }
  for (let i: usize = vectors; i < count; i++) {
    const at = i << 2;
    const parameter = load<f32>(p + at);
    const grad = load<f32>(g + at) * gradientScale + l2 * parameter;
    const moved = load<f32>(b + at) * momentum + grad;
    store<f32>(b + at, moved);
    store<f32>(p + at, parameter - (ofGradient * grad + ofMomentum * moved));
  }
}

/** Lion: `p`, `g`, `m` are the byte offsets of parameters, gradients and moment; see src/optimizers/lion.ts. */
export function lion(
  p: usize,
  g: usize,
  m: usize,
  count: usize,
  gradientScale: f32,
  decay: f32,
  beta1: f32,
  oneMinusBeta1: f32,
  beta2: f32,
  oneMinusBeta2: f32,
  stepSize: f32,
): void {
  const gradientScale4 = f32x4.splat(gradientScale);
  const decay4 = f32x4.splat(decay);
  const beta14 = f32x4.splat(beta1);
  const oneMinusBeta14 = f32x4.splat(oneMinusBeta1);
  const beta24 = f32x4.splat(beta2);
  const oneMinusBeta24 = f32x4.splat(oneMinusBeta2);
  const stepSize4 = f32x4.splat(stepSize);
  const zero4 = f32x4.splat(0);
  const signBit4 = f32x4.splat(-0.0);

  const vectors = count & ~3;
  for (let i: usize = 0; i < vectors; i += 4) {
    const at = i << 2;
    const grad = f32x4.mul(v128.load(g + at), gradientScale4);
    const moment = v128.load(m + at);
    const direction = f32x4.add(f32x4.mul(moment, beta14), f32x4.mul(grad, oneMinusBeta14));
    // The step size with the sign of the direction, and zero where that is zero.
    const signed = v128.or(v128.and(direction, signBit4), stepSize4);
    const update = v128.and(signed, f32x4.ne(direction, zero4));
    v128.store(p + at, f32x4.sub(f32x4.mul(v128.load(p + at), decay4), update));
    v128.store(m + at, f32x4.add(f32x4.mul(moment, beta24), f32x4.mul(grad, oneMinusBeta24)));
  }
  for (let i: usize = vectors; i < count; i++) {
    const at = i << 2;
    const grad = load<f32>(g + at) * gradientScale;
    const moment = load<f32>(m + at);
    const direction = moment * beta1 + grad * oneMinusBeta1;
    const update: f32 = direction == 0 ? 0 : copysign<f32>(stepSize, direction);
    store<f32>(p + at, load<f32>(p + at) * decay - update);
    store<f32>(m + at, moment * beta2 + grad * oneMinusBeta2);
  }
}
