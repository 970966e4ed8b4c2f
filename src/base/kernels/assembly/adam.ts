/**
 * One step of Adam or AdamW in one pass: every value is read once and written once (28 bytes an element).
 *
 * The operations and their order are those of the loop in src/optimizers/adam-step.ts, each rounded to
 * float32, so both give the same bits.
 */

/** Updates `count` elements; `p`, `g`, `m`, `v` are the byte offsets of parameters, gradients and moments. */
export function adam(
  p: usize,
  g: usize,
  m: usize,
  v: usize,
  count: usize,
  gradientScale: f32,
  l2: f32,
  decay: f32,
  oneMinusBeta1: f32,
  beta2: f32,
  oneMinusBeta2: f32,
  stepSize: f32,
  epsilon: f32,
): void {
  const gradientScale4 = f32x4.splat(gradientScale);
  const l24 = f32x4.splat(l2);
  const decay4 = f32x4.splat(decay);
  const oneMinusBeta14 = f32x4.splat(oneMinusBeta1);
  const beta24 = f32x4.splat(beta2);
  const oneMinusBeta24 = f32x4.splat(oneMinusBeta2);
  const stepSize4 = f32x4.splat(stepSize);
  const epsilon4 = f32x4.splat(epsilon);

  const vectors = count & ~3;
  for (let i: usize = 0; i < vectors; i += 4) {
    const at = i << 2;
    const parameter = v128.load(p + at);
    const grad = f32x4.add(f32x4.mul(v128.load(g + at), gradientScale4), f32x4.mul(l24, parameter));
    const first = v128.load(m + at);
    const first1 = f32x4.add(first, f32x4.mul(oneMinusBeta14, f32x4.sub(grad, first)));
    const second1 = f32x4.add(f32x4.mul(v128.load(v + at), beta24), f32x4.mul(f32x4.mul(oneMinusBeta24, grad), grad));
    v128.store(m + at, first1);
    v128.store(v + at, second1);
    const divisor = f32x4.add(f32x4.sqrt(second1), epsilon4);
    const decayed = f32x4.mul(parameter, decay4);
    v128.store(p + at, f32x4.sub(decayed, f32x4.div(f32x4.mul(stepSize4, first1), divisor)));
  }
  for (let i: usize = vectors; i < count; i++) {
    const at = i << 2;
    const parameter = load<f32>(p + at);
    const grad = load<f32>(g + at) * gradientScale + l2 * parameter;
    const first = load<f32>(m + at);
    const first1 = first + oneMinusBeta1 * (grad - first);
    const second1 = load<f32>(v + at) * beta2 + oneMinusBeta2 * grad * grad;
    store<f32>(m + at, first1);
    store<f32>(v + at, second1);
    const divisor = sqrt<f32>(second1) + epsilon;
    store<f32>(p + at, parameter * decay - (stepSize * first1) / divisor);
  }
}
