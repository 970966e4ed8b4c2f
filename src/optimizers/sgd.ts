/**
 * Stochastic gradient descent with momentum.
 *
 *   g = gradient * gradientScale + weightDecay p
 *   b = momentum b + g
 *   p = p - lr (g + momentum b)      with Nesterov's momentum
 *   p = p - lr b                     without
 */
import { z } from "zod";
import { type MomentBuffers, type SgdConstants, simdKernels } from "../base/kernels/simd.js";
import { defineOptimizer } from "./define-optimizer.js";

export const sgd = defineOptimizer({
  name: "sgd",
  summary: "stochastic gradient descent with momentum; weight decay is an L2 term of the gradient",
  options: z.object({
    momentum: z.number().min(0).lt(1).default(0.9).describe("sgd: share of the last step that goes into the next"),
    nesterov: z.boolean().default(false).describe("sgd: Nesterov's momentum, which looks a step ahead"),
  }),
  state: { momentum: "elementwise" },
  idleRows: ({ momentum }, weightDecay) => {
    if (weightDecay === 0) return "stay";
    return momentum === 0 ? "decay" : "involved";
  },
  update: ({ options, parameters, gradients, state, start, length, learningRate, weightDecay, gradientScale }) => {
    const { momentum, nesterov } = options;
    const constants: SgdConstants = {
      gradientScale,
      l2: weightDecay,
      momentum,
      ofGradient: nesterov ? learningRate : 0,
      ofMomentum: nesterov ? learningRate * momentum : learningRate,
    };
    (simdKernels?.sgd ?? sgdLoop)({ parameters, gradients, moment: state.momentum.values }, start, length, constants);
  },
  source: "Sutskever et al., ICML 2013; torch.optim.SGD",
});

/** One step over elements [start, start + length) in plain TypeScript: the kernel's reference, bit for bit, and its fallback. */
export function sgdLoop(buffers: MomentBuffers, start: number, length: number, constants: SgdConstants): void {
  const { parameters, gradients, moment } = buffers;
  const f = Math.fround;
  const gradientScale = f(constants.gradientScale);
  const l2 = f(constants.l2);
  const momentum = f(constants.momentum);
  const ofGradient = f(constants.ofGradient);
  const ofMomentum = f(constants.ofMomentum);
  for (let i = start; i < start + length; i++) {
    const parameter = parameters[i];
    const gradient = f(f(gradients[i] * gradientScale) + f(l2 * parameter));
    const moved = f(f(moment[i] * momentum) + gradient);
    moment[i] = moved;
    parameters[i] = parameter - f(f(ofGradient * gradient) + f(ofMomentum * moved));
  }
}
