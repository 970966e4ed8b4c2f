import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { AdamBuffers, AdamConstants } from "../base/kernels/simd.js";
import { adamConstants, adamLoop } from "./adam-step.js";
import { adamw } from "./adamw.js";
import { createOptimizer } from "./create-optimizer.js";
import { clipFactor, globalNorm } from "./gradient-norm.js";

interface Golden {
  betas: [number, number];
  epsilon: number;
  maxNorm: number;
  groups: { length: number; weightDecay: number }[];
  initial: number[];
  steps: {
    learningRate: number;
    gradients: number[];
    norm: number;
    parameters: number[];
    firstMoment: number[];
    secondMoment: number[];
  }[];
}
const golden: Golden = JSON.parse(readFileSync(new URL("../../tests/golden/adamw.json", import.meta.url), "utf8"));
let end = 0;
const groups = golden.groups.map(({ length, weightDecay }, index) => {
  end += length;
  const start = end - length;
  return { start, length, weightDecay, tensors: [{ name: String(index), shape: [length], start, length }] };
});
const options = { adamBeta1: golden.betas[0], adamBeta2: golden.betas[1], adamEpsilon: golden.epsilon };

// float32 has 24 bits; a step rounds about eight times, and the errors of ten steps add up.
const ROUNDING = 2 ** -24;
const tolerance = (value: number, step: number) => (Math.abs(value) + 1e-3) * ROUNDING * (step + 2);

/** The largest error over its tolerance, over all steps: at most 1 when the numbers are torch's. */
function worstError(take: (step: number, gradientScale: number) => void, buffers: AdamBuffers): number {
  let worst = 0;
  for (const [index, expected] of golden.steps.entries()) {
    buffers.gradients.set(expected.gradients);
    take(index, clipFactor(globalNorm(buffers.gradients), golden.maxNorm));
    expected.parameters.forEach((value, i) => {
      const error = Math.abs((buffers.parameters[i] as number) - value);
      worst = Math.max(worst, error / tolerance(value, index));
    });
  }
  return worst;
}

function startBuffers(allocate = (length: number) => new Float32Array(length)): AdamBuffers {
  const length = golden.initial.length;
  const parameters = allocate(length);
  parameters.set(golden.initial);
  return { parameters, gradients: allocate(length), firstMoment: allocate(length), secondMoment: allocate(length) };
}

describe("AdamW against torch.optim.AdamW", () => {
  it("gives torch's parameters and moments over ten clipped steps", () => {
    const buffers = startBuffers();
    const optimizer = createOptimizer(adamw, { ...buffers, groups, options });
    const take = (index: number, gradientScale: number) =>
      optimizer.step({ learningRate: (golden.steps[index] as Golden["steps"][0]).learningRate, gradientScale });
    expect(worstError(take, buffers)).toBeLessThan(1);

    const last = golden.steps.at(-1) as Golden["steps"][0];
    const stateOf = (name: string) => groups.flatMap((_, i) => [...(optimizer.state.get(`${name}/${i}`) ?? [])]);
    expect([...(optimizer.state.get("step") ?? [])]).toEqual(groups.map(() => 10));
    for (const name of ["firstMoment", "secondMoment"] as const) {
      const got = stateOf(name);
      // Relative to the largest term that went into an element, as sums of either sign cancel.
      const scale = (i: number) => Math.max(...golden.steps.map((step) => Math.abs(step[name][i] as number)));
      last[name].forEach((value, i) => {
        expect(Math.abs((got[i] as number) - value)).toBeLessThanOrEqual(scale(i) * 40 * ROUNDING);
      });
    }
  });

  it("has the norms of torch's clip_grad_norm_", () => {
    for (const { gradients, norm } of golden.steps) {
      expect(globalNorm(Float32Array.from(gradients)) / norm).toBeCloseTo(1, 6);
    }
  });

  // What the goldens can tell apart: each usual mistake is far outside of the tolerance.
  const mistakes: Record<
    string,
    (right: AdamConstants, step: number, group: (typeof groups)[0], rate: number) => Partial<AdamConstants>
  > = {
    "epsilon added before the bias correction": () => ({ epsilon: golden.epsilon }),
    "no correction of the first moment": (right, step) => ({ stepSize: right.stepSize * (1 - 0.9 ** step) }),
    "no correction of the second moment": (right, step) => ({
      stepSize: right.stepSize / Math.sqrt(1 - 0.999 ** step),
      epsilon: golden.epsilon,
    }),
    "no weight decay": () => ({ decay: 1 }),
    "weight decay on everything": (_right, _step, _group, rate) => ({ decay: 1 - rate * 0.1 }),
    "weight decay without the learning rate": (_right, _step, group) => ({ decay: 1 - group.weightDecay }),
    "no clipping": () => ({ gradientScale: 1 }),
    "steps counted from 0": (_right, step, group, rate) => ({
      stepSize: adamConstants({
        ...{ step: step + 1, learningRate: rate, gradientScale: 1, weightDecay: group.weightDecay, coupled: false },
        ...{ betas: golden.betas, epsilon: golden.epsilon },
      }).stepSize,
    }),
    "beta2 of 0.99": () => ({ beta2: 0.99, oneMinusBeta2: 1 - 0.99 }),
  };
  it.each(Object.keys(mistakes))("would be red with: %s", (mistake) => {
    const buffers = startBuffers();
    const wrong = mistakes[mistake] as (typeof mistakes)[string];
    const take = (index: number, gradientScale: number) => {
      const { learningRate } = golden.steps[index] as Golden["steps"][0];
      for (const group of groups) {
        const right = adamConstants({
          ...{ step: index + 1, learningRate, gradientScale, weightDecay: group.weightDecay, coupled: false },
          ...{ betas: golden.betas, epsilon: golden.epsilon },
        });
        adamLoop(buffers, group.start, group.length, { ...right, ...wrong(right, index + 1, group, learningRate) });
      }
    };
    expect(worstError(take, buffers)).toBeGreaterThan(20);
  });

  it("would be red with decay coupled to the gradient", () => {
    const buffers = startBuffers();
    const optimizer = createOptimizer(adamw, { ...buffers, groups: groups.map((g) => ({ ...g, weightDecay: 0 })) });
    const take = (index: number, gradientScale: number) => {
      for (const { start, length, weightDecay } of groups) {
        for (let i = start; i < start + length; i++) {
          buffers.gradients[i] =
            (buffers.gradients[i] as number) * gradientScale + weightDecay * (buffers.parameters[i] as number);
        }
      }
      optimizer.step({ learningRate: (golden.steps[index] as Golden["steps"][0]).learningRate });
    };
    expect(worstError(take, buffers)).toBeGreaterThan(20);
  });
});

it("takes a first step of the learning rate against the gradient's sign, whatever its size", () => {
  const parameters = new Float32Array(4).fill(1);
  const tensors = [{ name: "weight", shape: [4], start: 0, length: 4 }];
  createOptimizer(adamw, {
    parameters,
    gradients: Float32Array.of(1, -2, 3, -4),
    groups: [{ tensors, weightDecay: 0.1 }],
  }).step({ learningRate: 1e-2, gradientScale: 0.5 });
  const decayed = 1 - 1e-2 * 0.1;
  expect([...parameters].map((p) => Math.round((p - decayed) * 1e6) / 1e6)).toEqual([-0.01, 0.01, -0.01, 0.01]);
});
