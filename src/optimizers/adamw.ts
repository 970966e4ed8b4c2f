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

import { z } from "zod";
import { type AdamWBuffers, type AdamWConstants, simdKernels } from "../base/kernels/simd.js";
import { defineOptimizer } from "./define-optimizer.js";

/** AdamW. Its steps run as WebAssembly SIMD where that exists and as {@link adamwLoop} elsewhere, with the same bits. */
export const adamw = defineOptimizer({
  name: "adamw",
  summary: "Adam with decoupled weight decay",
  options: z.object({
    adamBeta1: z.number().min(0).lt(1).default(0.9).describe("decay of AdamW's mean of gradients"),
    adamBeta2: z.number().min(0).lt(1).default(0.999).describe("decay of AdamW's mean of squared gradients"),
    adamEpsilon: z.number().positive().default(1e-8).describe("AdamW's epsilon"),
  }),
  state: { firstMoment: "elementwise", secondMoment: "elementwise" },
  // Both moments of such a row are zero, and zero over epsilon is zero.
  idleRows: () => "decay",
  update: ({
    options,
    parameters,
    gradients,
    state,
    start,
    length,
    step,
    learningRate,
    weightDecay,
    gradientScale,
  }) => {
    const { adamBeta1, adamBeta2, adamEpsilon } = options;
    const { firstMoment, secondMoment } = state;
    const buffers = { parameters, gradients, firstMoment: firstMoment.values, secondMoment: secondMoment.values };
    const constants = adamwConstants({
      ...{ step, learningRate, gradientScale, weightDecay },
      ...{ betas: [adamBeta1, adamBeta2], epsilon: adamEpsilon },
    });
    (simdKernels?.adamw ?? adamwLoop)(buffers, start, length, constants);
  },
  source: "Loshchilov and Hutter, arXiv:1711.05101; torch.optim.AdamW",
});

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
