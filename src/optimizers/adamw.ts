/**
 * AdamW over flat buffers: Adam with decoupled weight decay.
 *
 *   g = gradient * gradientScale
 *   m = m + (1 - beta1) (g - m)
 *   v = beta2 v + (1 - beta2) g g
 *   p = p (1 - lr weightDecay) - lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
 *
 * The last fraction is computed as sqrt(1 - beta2^t) m / (sqrt(v) + sqrt(1 - beta2^t) epsilon), which
 * is the same number with one division fewer an element; divisions bound the speed of the loop.
 *
 * @source Loshchilov and Hutter, arXiv:1711.05101; numerics follow torch.optim.AdamW (torch 2.13,
 *   torch/optim/adam.py `_single_tensor_adam`), to which tests/golden/adamw.json holds it
 */

import { fail } from "../base/errors.js";
import { type AdamWBuffers, type AdamWConstants, simdKernels } from "../base/kernels/simd.js";

/** Elements [start, start + length) of the flat buffers, which share one weight decay. */
export interface ParameterGroup {
  readonly start: number;
  readonly length: number;
  /** Share of a parameter that a step with learning rate 1 takes away; 0 for biases and LayerNorm. */
  readonly weightDecay: number;
}

/** What a resumed run needs; the moments have the parameters' length and layout. */
export interface AdamWState {
  /** Steps taken. */
  readonly step: number;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
}

export interface AdamWOptions {
  /** The flat parameters, updated in place. */
  readonly parameters: Float32Array;
  /** The flat gradients, read at every step. */
  readonly gradients: Float32Array;
  /** What is trained: groups that do not overlap. Elements in no group stay as they are. */
  readonly groups: readonly ParameterGroup[];
  /** The state to go on from, whose moments are updated in place; zeros by default. */
  readonly state?: AdamWState;
  /** Makes the moments; fastest is `allocate` of the flat memory that holds the parameters. */
  readonly allocate?: (length: number) => Float32Array;
  /** Decay rates of the two moments, each in [0, 1); 0.9 and 0.999 by default. */
  readonly betas?: readonly [number, number];
  /** Added to the root of the second moment, over 0; 1e-8 by default. */
  readonly epsilon?: number;
}

export interface AdamWStep {
  /** The step size, 0 or more. */
  readonly learningRate: number;
  /** Multiplies every gradient before it is used, say the clipping factor; 1 by default. */
  readonly gradientScale?: number;
}

export interface AdamW {
  /** Updates parameters and moments. */
  step(options: AdamWStep): void;
  /** The number of steps and the live moments, for saving. */
  state(): AdamWState;
}

/**
 * An AdamW optimizer. Its steps run as WebAssembly SIMD where that exists and as {@link adamwLoop}
 * elsewhere; both give the same bits.
 *
 * @throws E_CONFIG when a number is out of its range, the lengths differ or groups overlap
 */
export function createAdamW(options: AdamWOptions): AdamW {
  const { parameters, gradients, groups, betas = [0.9, 0.999], epsilon = 1e-8 } = options;
  const allocate = options.allocate ?? ((length: number) => new Float32Array(length));
  const buffers: AdamWBuffers = {
    parameters,
    gradients,
    firstMoment: options.state?.firstMoment ?? allocate(parameters.length),
    secondMoment: options.state?.secondMoment ?? allocate(parameters.length),
  };
  let taken = options.state?.step ?? 0;
  for (const [index, beta] of betas.entries()) {
    expectRange(`AdamW betas[${index}]`, beta, beta >= 0 && beta < 1, "a number in [0, 1)");
  }
  expectRange("AdamW epsilon", epsilon, epsilon > 0 && epsilon < Infinity, "a number over 0");
  checkBuffers(buffers);
  checkGroups(groups, parameters.length);

  const update = simdKernels?.adamw ?? adamwLoop;
  return {
    step: ({ learningRate, gradientScale = 1 }) => {
      expectRange("learningRate", learningRate, learningRate >= 0 && learningRate < Infinity, "a number, 0 or more");
      taken++;
      for (const group of groups) {
        const constants = adamwConstants({
          ...{ step: taken, learningRate, gradientScale, betas, epsilon },
          weightDecay: group.weightDecay,
        });
        update(buffers, group.start, group.length, constants);
      }
    },
    state: () => ({ step: taken, firstMoment: buffers.firstMoment, secondMoment: buffers.secondMoment }),
  };
}

/** The numbers that are the same for every element of a group, in float64; the loops round them to float32. */
export function adamwConstants(options: {
  /** Counted from 1. */
  readonly step: number;
  readonly learningRate: number;
  readonly gradientScale: number;
  readonly weightDecay: number;
  readonly betas: readonly [number, number];
  readonly epsilon: number;
}): AdamWConstants {
  const [beta1, beta2] = options.betas;
  const sqrtBias2 = Math.sqrt(1 - beta2 ** options.step);
  return {
    gradientScale: options.gradientScale,
    decay: 1 - options.learningRate * options.weightDecay,
    oneMinusBeta1: 1 - beta1,
    beta2,
    oneMinusBeta2: 1 - beta2,
    stepSize: (options.learningRate / (1 - beta1 ** options.step)) * sqrtBias2,
    epsilon: options.epsilon * sqrtBias2,
  };
}

/** One step over elements [start, start + length) in plain TypeScript: the kernel's reference, bit for bit, and its fallback. */
export function adamwLoop(buffers: AdamWBuffers, start: number, length: number, constants: AdamWConstants): void {
  const { parameters, gradients, firstMoment, secondMoment } = buffers;
  // Rounding each result to float32 makes float64 arithmetic give what float32 arithmetic would.
  const f = Math.fround;
  const gradientScale = f(constants.gradientScale);
  const decay = f(constants.decay);
  const oneMinusBeta1 = f(constants.oneMinusBeta1);
  const beta2 = f(constants.beta2);
  const oneMinusBeta2 = f(constants.oneMinusBeta2);
  const stepSize = f(constants.stepSize);
  const epsilon = f(constants.epsilon);

  const end = start + length;
  for (let i = start; i < end; i++) {
    const gradient = f((gradients[i] as number) * gradientScale);
    const m = firstMoment[i] as number;
    const m1 = f(m + f(oneMinusBeta1 * f(gradient - m)));
    const v1 = f(f((secondMoment[i] as number) * beta2) + f(f(oneMinusBeta2 * gradient) * gradient));
    firstMoment[i] = m1;
    secondMoment[i] = v1;
    const divisor = f(f(Math.sqrt(v1)) + epsilon);
    parameters[i] = f(f((parameters[i] as number) * decay) - f(f(stepSize * m1) / divisor));
  }
}

function expectRange(where: string, value: number, holds: boolean, expected: string): void {
  if (!holds) fail("E_CONFIG", { where, expected, got: String(value) });
}

function checkBuffers(buffers: AdamWBuffers): void {
  const expected = buffers.parameters.length;
  for (const [name, buffer] of Object.entries(buffers) as [string, Float32Array][]) {
    const got = buffer.length;
    expectRange(`AdamW ${name}`, got, got === expected, `${expected} elements, one for each parameter`);
  }
}

function checkGroups(groups: readonly ParameterGroup[], length: number): void {
  let end = 0;
  for (const group of [...groups].sort((a, b) => a.start - b.start)) {
    const stop = group.start + group.length;
    if (!(group.length >= 0 && group.start >= end && stop <= length)) {
      fail("E_CONFIG", {
        where: "AdamW groups",
        expected: `groups within ${length} parameters that do not overlap`,
        got: `one from ${group.start} to ${stop}${group.start < end ? ` after one up to ${end}` : ""}`,
      });
    }
    expectRange(
      "weightDecay",
      group.weightDecay,
      group.weightDecay >= 0 && group.weightDecay < Infinity,
      "a number, 0 or more",
    );
    end = stop;
  }
}
