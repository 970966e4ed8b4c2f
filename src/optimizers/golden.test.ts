/** Ten steps of every optimizer, over groups with their own rate and decay: see scripts/golden/optimizers.py. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { layOut, viewOf } from "../runtime/flat-layout.js";
import { createOptimizer, type ParameterGroup } from "./create-optimizer.js";
import { clipFactor, globalNorm } from "./gradient-norm.js";
import { OPTIMIZER_NAMES, type OptimizerName, optimizerOf } from "./registry.js";

interface Golden {
  readonly maxNorm: number;
  readonly tensors: readonly { readonly name: string; readonly shape: number[]; readonly group: number }[];
  readonly groups: readonly { readonly weightDecay: number; readonly rateScale: number }[];
  readonly learningRates: readonly number[];
  readonly initial: readonly number[];
  readonly gradients: readonly (readonly number[])[];
  readonly cases: readonly {
    readonly name: OptimizerName;
    readonly options: Readonly<Record<string, unknown>>;
    readonly parameters: Readonly<Record<string, readonly number[]>>;
  }[];
}
const golden: Golden = JSON.parse(readFileSync(new URL("../../tests/golden/optimizers.json", import.meta.url), "utf8"));
const layout = layOut(golden.tensors);

function put(target: Float32Array, values: readonly number[]): void {
  let from = 0;
  for (const slot of layout.slots) {
    viewOf(target, slot).set(values.slice(from, from + slot.length));
    from += slot.length;
  }
}

/** The largest error over its tolerance, over all steps: at most 1 when the numbers are the reference's. */
function worstError(
  { name, options, parameters: expected }: Golden["cases"][0],
  change: (groups: readonly ParameterGroup[]) => readonly ParameterGroup[] = (groups) => groups,
): number {
  const parameters = new Float32Array(layout.length);
  const gradients = new Float32Array(layout.length);
  put(parameters, golden.initial);
  const groups = golden.groups.map((group, index) => ({
    ...group,
    tensors: layout.slots.filter((_, slot) => golden.tensors[slot].group === index),
  }));
  const optimizer = createOptimizer(optimizerOf(name), { parameters, gradients, groups: change(groups), options });
  let worst = 0;
  for (const [index, learningRate] of golden.learningRates.entries()) {
    put(gradients, golden.gradients[index]);
    optimizer.step({ learningRate, gradientScale: clipFactor(globalNorm(gradients), golden.maxNorm) });
    const got = layout.slots.flatMap((slot) => [...viewOf(parameters, slot)]);
    for (const [i, value] of (expected[index + 1] ?? []).entries()) {
      // float32 has 24 bits; a step rounds some eight times, in another order, and the errors of the steps add up.
      const tolerance = (Math.abs(value) + 2e-3) * 2 ** -24 * (index + 4);
      worst = Math.max(worst, Math.abs(got[i] - value) / tolerance);
    }
  }
  return worst;
}

describe("ten steps", () => {
  it.each(golden.cases)("of $name $options are those of the reference", (entry) => {
    expect(worstError(entry)).toBeLessThan(1);
  });

  it.each(golden.cases)("of $name $options with other rates, decays or options are not", (entry) => {
    expect(worstError(entry, (groups) => groups.map((group) => ({ ...group, rateScale: 1 })))).toBeGreaterThan(20);
    expect(worstError(entry, (groups) => groups.map((group) => ({ ...group, weightDecay: 0 })))).toBeGreaterThan(20);
    for (const [option, value] of Object.entries(entry.options)) {
      // Without momentum, Nesterov's is none.
      if (option === "nesterov" && entry.options.momentum === 0) continue;
      const other =
        typeof value === "boolean" ? !value : option === "adamEpsilon" ? 1e-6 : 0.5 * (value as number) + 0.1;
      expect(worstError({ ...entry, options: { ...entry.options, [option]: other } }), option).toBeGreaterThan(20);
    }
  });

  it("are there of every optimizer", () => {
    expect(new Set(golden.cases.map(({ name }) => name))).toEqual(new Set(OPTIMIZER_NAMES));
  });
});
