/**
 * Lion: steps of one size, in the direction of the sign of a mixture of moment and gradient.
 *
 *   g = gradient * gradientScale
 *   p = p (1 - lr weightDecay) - lr sign(beta1 m + (1 - beta1) g)
 *   m = beta2 m + (1 - beta2) g
 */
import { z } from "zod";
import { type LionConstants, type MomentBuffers, simdKernels } from "../base/kernels/simd.js";
import { defineOptimizer } from "./define-optimizer.js";

export const lion = defineOptimizer({
  name: "lion",
  summary: "steps by the sign of the gradient's mean: one moment, and a learning rate some times lower than AdamW's",
  options: z.object({
    lionBeta1: z.number().min(0).lt(1).default(0.9).describe("lion: share of the moment in the direction of a step"),
    lionBeta2: z.number().min(0).lt(1).default(0.99).describe("lion: decay of the moment"),
  }),
  state: { moment: "elementwise" },
  // The sign of zero is zero.
  idleRows: () => "decay",
  update: ({ options, parameters, gradients, state, start, length, learningRate, weightDecay, gradientScale }) => {
    const { lionBeta1: beta1, lionBeta2: beta2 } = options;
    const constants: LionConstants = {
      gradientScale,
      decay: 1 - learningRate * weightDecay,
      beta1,
      oneMinusBeta1: 1 - beta1,
      beta2,
      oneMinusBeta2: 1 - beta2,
      stepSize: learningRate,
    };
    (simdKernels?.lion ?? lionLoop)({ parameters, gradients, moment: state.moment.values }, start, length, constants);
  },
  source: "Chen et al., arXiv:2302.06675; github.com/google/automl, lion/lion_pytorch.py",
});

/** One step over elements [start, start + length) in plain TypeScript: the kernel's reference, bit for bit, and its fallback. */
export function lionLoop(buffers: MomentBuffers, start: number, length: number, constants: LionConstants): void {
  const { parameters, gradients, moment } = buffers;
  const f = Math.fround;
  const gradientScale = f(constants.gradientScale);
  const decay = f(constants.decay);
  const beta1 = f(constants.beta1);
  const oneMinusBeta1 = f(constants.oneMinusBeta1);
  const beta2 = f(constants.beta2);
  const oneMinusBeta2 = f(constants.oneMinusBeta2);
  const stepSize = f(constants.stepSize);
  for (let i = start; i < start + length; i++) {
    const gradient = f(gradients[i] * gradientScale);
    const before = moment[i];
    const direction = f(f(before * beta1) + f(gradient * oneMinusBeta1));
    parameters[i] = f(parameters[i] * decay) - Math.sign(direction) * stepSize;
    moment[i] = f(before * beta2) + f(gradient * oneMinusBeta2);
  }
}
