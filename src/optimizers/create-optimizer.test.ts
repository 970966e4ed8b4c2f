import { describe, expect, it } from "vitest";
import { createFlatMemory } from "../base/flat-memory.js";
import { createRandom } from "../base/random.js";
import { layOut } from "../runtime/flat-layout.js";
import { createOptimizer, type ParameterGroup } from "./create-optimizer.js";
import type { Optimizer } from "./define-optimizer.js";
import { OPTIMIZER_NAMES, optimizerFields, optimizerOf } from "./registry.js";

const ROWS = 5;
const layout = layOut([
  { name: "table", shape: [ROWS, 3] },
  { name: "weight", shape: [2, 4] },
  { name: "bias", shape: [4] },
  { name: "alone", shape: [2] },
]);
const [table, weight, bias, alone] = layout.slots;
const groups: readonly ParameterGroup[] = [
  { tensors: [table, weight], weightDecay: 0.1 },
  { tensors: [bias], weightDecay: 0, rateScale: 0.5 },
];
const IDLE_ROW = 3;

/** Parameters, and gradients that differ from step to step; row 3 of the table never has one. */
function start(optimizer: Optimizer, allocate = (length: number) => new Float32Array(length)) {
  const random = createRandom(3);
  const fill = (values: Float32Array) => {
    for (const { start, length } of layout.slots)
      for (let i = start; i < start + length; i++) values[i] = random.normal();
  };
  const parameters = allocate(layout.length);
  const gradients = allocate(layout.length);
  fill(parameters);
  const running = createOptimizer(optimizer, { parameters, gradients, groups, allocate });
  const take = (count: number, from = 0, active?: (group: number) => boolean) => {
    for (let step = from; step < from + count; step++) {
      const own = createRandom(100 + step);
      for (const { start, length } of layout.slots)
        for (let i = start; i < start + length; i++) gradients[i] = own.normal();
      gradients.fill(0, 3 * IDLE_ROW, 3 * IDLE_ROW + 3);
      running.step({
        learningRate: 1e-2 * (step + 1),
        gradientScale: 0.7,
        ...(active === undefined ? {} : { active }),
      });
    }
  };
  return { parameters, gradients, running, take };
}

describe.each(OPTIMIZER_NAMES)("%s", (name) => {
  const optimizer = optimizerOf(name);

  it("goes on from a saved state as if it had not stopped, to the bit", () => {
    const unbroken = start(optimizer);
    unbroken.take(6);
    const first = start(optimizer);
    first.take(3);
    const second = start(optimizer);
    second.parameters.set(first.parameters);
    for (const [key, values] of first.running.state) second.running.state.get(key)?.set(values.slice());
    second.take(3, 3);
    expect(second.parameters).toEqual(unbroken.parameters);
    expect([...second.running.state]).toEqual([...unbroken.running.state]);
    // What is kept matters: without it the same steps lead elsewhere.
    const forgetful = start(optimizer);
    forgetful.parameters.set(first.parameters);
    forgetful.take(3, 3);
    expect(forgetful.parameters).not.toEqual(unbroken.parameters);
  });

  it("treats rows without gradient as its record says", () => {
    const { parameters, take } = start(optimizer);
    const row = () => parameters.slice(3 * IDLE_ROW, 3 * IDLE_ROW + 3);
    const before = row();
    take(4);
    const answer = optimizer.idleRows(optimizer.options.parse({}), 0.1);
    const share = [1, 2, 3, 4].reduce((product, step) => product * (1 - 1e-2 * step * 0.1), 1);
    const factor = { decay: share, stay: 1, involved: Number.NaN }[answer];
    if (answer === "involved") expect([...row()]).not.toEqual([...before]);
    else for (const [i, value] of row().entries()) expect(value / before[i]).toBeCloseTo(factor, 6);
    expect(parameters[0]).not.toBeCloseTo(start(optimizer).parameters[0], 4);
  });

  it("moves a group by its own rate, and none that is not active", () => {
    const whole = start(optimizer);
    const part = start(optimizer);
    const before = part.parameters.slice();
    whole.take(2);
    part.take(2, 0, (group) => group === 1);
    const of = (values: Float32Array, slot = bias) => values.slice(slot.start, slot.start + slot.length);
    expect(of(part.parameters)).toEqual(of(whole.parameters));
    expect(of(part.parameters)).not.toEqual(of(before));
    expect(of(part.parameters, weight)).toEqual(of(before, weight));
    expect([...(part.running.state.get("step") ?? [])]).toEqual([0, 2]);
    // In no group at all.
    expect(of(whole.parameters, alone)).toEqual(of(before, alone));

    const still = start(optimizer);
    const running = createOptimizer(optimizer, {
      ...{ parameters: still.parameters, gradients: still.gradients.fill(1) },
      groups: [groups[0], { ...groups[1], rateScale: 0 }],
    });
    running.step({ learningRate: 1 });
    expect(of(still.parameters)).toEqual(of(before));
  });

  it("keeps its state in the memory of the parameters when asked to", () => {
    const memory = createFlatMemory(4096);
    const { parameters, running } = start(optimizer, memory.allocate);
    for (const [key, values] of running.state) if (key !== "step") expect(values.buffer).toBe(parameters.buffer);
  });

  it("has a source, and options with a description and a default each", () => {
    expect(optimizer.name).toBe(name);
    expect(optimizer.source).toMatch(/\w{5}/);
    expect(Object.isFrozen(optimizer)).toBe(true);
    expect(() => optimizer.options.parse({})).not.toThrow();
    for (const [option, field] of Object.entries(optimizer.options.shape)) {
      expect(Object.hasOwn(optimizerFields, option)).toBe(true);
      expect((field as { description?: string }).description, option).toMatch(/\w{3,}/);
    }
  });
});

describe("createOptimizer", () => {
  const adamw = optimizerOf("adamw");
  const base = { parameters: new Float32Array(5), gradients: new Float32Array(5), groups: [] };
  const group = (from: number, length: number, weightDecay = 0) => ({
    tensors: [{ name: `${from}`, shape: [length], start: from, length }],
    weightDecay,
  });

  it.each<[string, () => unknown]>([
    [
      "adamw gradients: expected 5 elements, one for each parameter, got 4",
      () => createOptimizer(adamw, { ...base, gradients: new Float32Array(4) }),
    ],
    [
      "adamw adamBeta2: expected a number below 1, got 1",
      () => createOptimizer(adamw, { ...base, options: { adamBeta2: 1 } }),
    ],
    [
      "adamw adamEpsilon: expected a number above 0, got 0",
      () => createOptimizer(adamw, { ...base, options: { adamEpsilon: 0 } }),
    ],
    ["got one from 3 to 6", () => createOptimizer(adamw, { ...base, groups: [group(3, 3)] })],
    [
      "got one from 2 to 4 after one up to 3",
      () => createOptimizer(adamw, { ...base, groups: [group(2, 2), group(0, 3)] }),
    ],
    [
      "weightDecay: expected a number, 0 or more, got -1",
      () => createOptimizer(adamw, { ...base, groups: [group(0, 1, -1)] }),
    ],
    [
      "rateScale: expected a number, 0 or more, got NaN",
      () => createOptimizer(adamw, { ...base, groups: [{ ...group(0, 1), rateScale: Number.NaN }] }),
    ],
    [
      "learningRate: expected a number, 0 or more, got NaN",
      () => createOptimizer(adamw, base).step({ learningRate: Number.NaN }),
    ],
  ])("says what is wrong: %s", (message, attempt) => {
    expect(attempt).toThrow(message);
  });
});
