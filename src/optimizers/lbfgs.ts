/**
 * L-BFGS: a function of many numbers, brought to its minimum by its value and gradient.
 *
 * For functions that are computed whole, as a loss over all rows, and of few thousand numbers. Each step goes along the
 * gradient times an estimate of the inverse curvature, which the last steps tell.
 *
 * @source Nocedal and Wright, Numerical Optimization, algorithms 7.4, 7.5 and 3.1
 */

export interface Evaluated {
  readonly value: number;
  readonly gradient: Float64Array;
}

export interface MinimizeOptions {
  /** Steps at most. */
  readonly maxIterations: number;
  /** It is done when no element of the gradient is larger. */
  readonly tolerance: number;
}

export interface Minimum extends Evaluated {
  readonly at: Float64Array;
  readonly iterations: number;
}

/** Steps that tell the curvature. */
const MEMORY = 10;
/** The share of the promised decrease that a step must bring. */
const DECREASE = 1e-4;
const MOST_HALVINGS = 30;

interface Step {
  readonly moved: Float64Array;
  readonly bent: Float64Array;
  readonly rho: number;
}

/** The minimum of `evaluate`, convex, from `start`; or where no step brings it lower any more, by rounding. */
export async function minimize(
  evaluate: (at: Float64Array) => Promise<Evaluated>,
  start: Float64Array,
  { maxIterations, tolerance }: MinimizeOptions,
): Promise<Minimum> {
  let at = start.slice();
  let here = await evaluate(at);
  const steps: Step[] = [];
  let iterations = 0;
  while (iterations < maxIterations && largest(here.gradient) > tolerance) {
    const direction = descent(here.gradient, steps);
    const slope = dot(direction, here.gradient);
    // Before anything is known of the curvature a step of length one, or the gradient's own where that is shorter.
    let length = steps.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(here.gradient, here.gradient))) : 1;
    let next: Float64Array | undefined;
    let there = here;
    for (let halvings = 0; halvings < MOST_HALVINGS; halvings++, length /= 2) {
      const tried = at.map((value, i) => value + length * direction[i]);
      there = await evaluate(tried);
      if (there.value <= here.value + DECREASE * length * slope) {
        next = tried;
        break;
      }
    }
    if (next === undefined || there.value === here.value) {
      // What was learned of the curvature may be rounding: without it there is one more try.
      if (steps.length === 0 || next !== undefined) break;
      steps.length = 0;
      continue;
    }
    iterations++;
    const moved = next.map((value, i) => value - at[i]);
    const bent = there.gradient.map((value, i) => value - here.gradient[i]);
    const curvature = dot(moved, bent);
    if (curvature > 1e-12 * dot(bent, bent)) steps.push({ moved, bent, rho: 1 / curvature });
    if (steps.length > MEMORY) steps.shift();
    at = next as Float64Array<ArrayBuffer>;
    here = there;
  }
  return { ...here, at, iterations };
}

/** The direction of the next step: minus the gradient, times the inverse curvature of the last steps. */
function descent(gradient: Float64Array, steps: readonly Step[]): Float64Array {
  const direction = gradient.map((value) => -value);
  const weights: number[] = [];
  for (const { moved, bent, rho } of [...steps].reverse()) {
    const weight = rho * dot(moved, direction);
    weights.push(weight);
    addTo(direction, bent, -weight);
  }
  const last = steps[steps.length - 1];
  if (last !== undefined) {
    const scale = 1 / (last.rho * dot(last.bent, last.bent));
    for (let i = 0; i < direction.length; i++) direction[i] *= scale;
  }
  for (const { moved, bent, rho } of steps)
    addTo(direction, moved, (weights.pop() as number) - rho * dot(bent, direction));
  return direction;
}

function addTo(sum: Float64Array, values: Float64Array, factor: number): void {
  for (let i = 0; i < sum.length; i++) sum[i] += factor * values[i];
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
