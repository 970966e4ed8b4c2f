/**
 * One step of Adam and of AdamW, which differ in what weight decay does.
 *
 *   g = gradient * gradientScale + l2 p              l2 is the weight decay of Adam, and 0 in AdamW
 *   m = m + (1 - beta1) (g - m)
 *   v = beta2 v + (1 - beta2) g g
 *   p = p decay - lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
 *                                                    decay is 1 - lr weightDecay in AdamW, and 1 in Adam
 *
 * The last fraction is computed as sqrt(1 - beta2^t) m / (sqrt(v) + sqrt(1 - beta2^t) epsilon), which
 * is the same number with one division fewer an element; divisions bound the speed of the loop.
 *
 * @source Kingma and Ba, arXiv:1412.6980; Loshchilov and Hutter, arXiv:1711.05101; numerics follow torch 2.13,
 *   torch/optim/adam.py `_single_tensor_adam`, to which tests/golden/adamw.json and optimizers.json hold it
 */
import { z } from "zod";
import { type AdamBuffers, type AdamConstants, simdKernels } from "../base/kernels/simd.js";
import type { Update } from "./define-optimizer.js";

/** The options of both. */
export const adamOptions = z.object({
  adamBeta1: z.number().min(0).lt(1).default(0.9).describe("adam, adamw: decay of the mean of gradients"),
  adamBeta2: z.number().min(0).lt(1).default(0.999).describe("adam, adamw: decay of the mean of squared gradients"),
  adamEpsilon: z.number().positive().default(1e-8).describe("adam, adamw: added to the root of that mean"),
});

/** What both keep. */
export const adamState = { firstMoment: "elementwise", secondMoment: "elementwise" } as const;

/** A step over one group, as WebAssembly SIMD where that exists and as {@link adamLoop} elsewhere: the same bits. */
export function adamStep(
  {
    options,
    parameters,
    gradients,
    state,
    start,
    length,
    ...numbers
  }: Update<z.output<typeof adamOptions>, keyof typeof adamState>,
  coupled: boolean,
): void {
  const { firstMoment, secondMoment } = state;
  const buffers = { parameters, gradients, firstMoment: firstMoment.values, secondMoment: secondMoment.values };
  const { adamBeta1, adamBeta2, adamEpsilon } = options;
  const constants = adamConstants({ ...numbers, coupled, betas: [adamBeta1, adamBeta2], epsilon: adamEpsilon });
  (simdKernels?.adam ?? adamLoop)(buffers, start, length, constants);
}

/** The numbers that are the same for every element of a group, in float64; the loops round them to float32. */
export function adamConstants(options: {
  /** Counted from 1. */
  readonly step: number;
  readonly learningRate: number;
  readonly gradientScale: number;
  readonly weightDecay: number;
  /** Whether weight decay is a term of the gradient, as in Adam, and not of the parameter, as in AdamW. */
  readonly coupled: boolean;
  readonly betas: readonly [number, number];
  readonly epsilon: number;
}): AdamConstants {
  const [beta1, beta2] = options.betas;
  const sqrtBias2 = Math.sqrt(1 - beta2 ** options.step);
  return {
    gradientScale: options.gradientScale,
    l2: options.coupled ? options.weightDecay : 0,
    decay: options.coupled ? 1 : 1 - options.learningRate * options.weightDecay,
    oneMinusBeta1: 1 - beta1,
    beta2,
    oneMinusBeta2: 1 - beta2,
    stepSize: (options.learningRate / (1 - beta1 ** options.step)) * sqrtBias2,
    epsilon: options.epsilon * sqrtBias2,
  };
}

/** One step over elements [start, start + length) in plain TypeScript: the kernel's reference, bit for bit, and its fallback. */
export function adamLoop(buffers: AdamBuffers, start: number, length: number, constants: AdamConstants): void {
  const { parameters, gradients, firstMoment, secondMoment } = buffers;
  // Rounding each result to float32 makes float64 arithmetic give what float32 arithmetic would.
  const f = Math.fround;
  const gradientScale = f(constants.gradientScale);
  const l2 = f(constants.l2);
  const decay = f(constants.decay);
  const oneMinusBeta1 = f(constants.oneMinusBeta1);
  const beta2 = f(constants.beta2);
  const oneMinusBeta2 = f(constants.oneMinusBeta2);
  const stepSize = f(constants.stepSize);
  const epsilon = f(constants.epsilon);

  const end = start + length;
  for (let i = start; i < end; i++) {
    const parameter = parameters[i] as number;
    const gradient = f(f((gradients[i] as number) * gradientScale) + f(l2 * parameter));
    const m = firstMoment[i] as number;
    const m1 = f(m + f(oneMinusBeta1 * f(gradient - m)));
    const v1 = f(f((secondMoment[i] as number) * beta2) + f(f(oneMinusBeta2 * gradient) * gradient));
    firstMoment[i] = m1;
    secondMoment[i] = v1;
    const divisor = f(f(Math.sqrt(v1)) + epsilon);
    parameters[i] = f(f(parameter * decay) - f(f(stepSize * m1) / divisor));
  }
}
