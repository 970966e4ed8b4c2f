/**
 * What must hold of every operator record: its shape rule tells what its reference computes, its gradient
 * is the derivative of its reference, onnxruntime computes what its reference says, its error samples throw.
 */
import { describe, expect, it } from "vitest";
import { differentiate } from "../../src/autodiff/differentiate.js";
import { createRandom } from "../../src/base/random.js";
import { isDifferentiable } from "../../src/graph/dtype.js";
import { evaluate } from "../../src/graph/evaluate.js";
import { createGraph, type Value } from "../../src/graph/graph.js";
import type { Attributes, Op, ReferenceTensor, Sample } from "../../src/graph/op.js";
import { printModel } from "../../src/onnx/print-model.js";
import { writeModel } from "../../src/onnx/write-model.js";
import { gradientAlgebra } from "../../src/ops/algebra.js";
import { mul } from "../../src/ops/arithmetic.js";
import { reshape } from "../../src/ops/movement.js";
import { reduceSum } from "../../src/ops/reduction.js";
import { OPERATORS } from "../../src/ops/registry.js";
import { nodeRuntime } from "../../src/runtime/node/onnxruntime.js";
import { fillSample, toRuntime } from "./samples.js";

/** Central differences in float64 with a step of 1e-5 are exact to about 1e-9 of the largest term. */
const GRADIENT_TOLERANCE = 1e-6;
/** float32 kernels against float64: a few units in the last place of sums of tens of terms. */
const RUNTIME_TOLERANCE = 1e-5;

interface Case {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly feeds: Record<string, ReferenceTensor>;
}

function build(op: Op, sample: Sample<Attributes>): Case {
  const random = createRandom(7).fork(op.name);
  const graph = createGraph();
  const feeds: Record<string, ReferenceTensor> = {};
  const inputs = sample.inputs.map((input, index) => {
    const name = `x${index}`;
    feeds[name] = fillSample(input, random);
    return graph.input(name, input.dtype ?? "float32", input.shape);
  });
  return { inputs, outputs: graph.apply(op, inputs, sample.attributes), feeds };
}

/** Σ over all elements of each float output, weighted at random: a scalar that every element reaches. */
function weightedSum({ outputs, feeds }: Case, name: string): Value {
  const random = createRandom(11).fork(name);
  const sums = outputs
    .filter((output) => isDifferentiable(output.dtype))
    .slice(0, 1)
    .map((output, index) => {
      const weightName = `weight${index}`;
      const shape = output.shape as readonly number[];
      feeds[weightName] = fillSample({ shape }, random);
      const weighted = mul(output, output.graph.input(weightName, "float32", shape));
      return reshape(
        shape.length === 0
          ? weighted
          : reduceSum(
              weighted,
              shape.map((_, axis) => axis),
            ),
        [],
      );
    });
  return sums[0];
}

describe.each(OPERATORS.map((op) => [op.name, op] as const))("%s", (_name, op) => {
  it.each(op.samples.map((sample, index) => [index + 1, sample] as const))(
    "sample %i: the shape rule agrees with the reference",
    (_index, sample) => {
      const { outputs, feeds } = build(op, sample);
      const results = evaluate(outputs, feeds);
      expect(results.map((result) => result.shape)).toEqual(outputs.map((output) => output.shape));
      for (const { shape, data } of results) expect(data.length).toBe(shape.reduce((size, dim) => size * dim, 1));
    },
  );

  it.each(op.samples.map((sample, index) => [index + 1, sample] as const))(
    "sample %i: onnxruntime agrees with the reference, by its own operators, by the standard's and by those of GPUs",
    async (_index, sample) => {
      const { inputs, outputs, feeds } = build(op, sample);
      const named = Object.fromEntries(outputs.map((output, index) => [`y${index}`, output]));
      const fed = Object.fromEntries(
        inputs.map((input, index) => [`x${index}`, toRuntime(feeds[`x${index}`], input.dtype)]),
      );
      const own = writeModel(named);
      const standard = writeModel(named, { operators: "standard" });
      expect(printModel(standard)).not.toContain("com.microsoft");
      const gpu = writeModel(named, { device: "gpu" });
      // Neither has a kernel on GPUs that does what the graph says.
      expect(printModel(gpu)).not.toMatch(/FusedMatMul|RotaryEmbedding/);
      // What is written for GPUs is run on the CPU here.
      for (const model of [own, standard, ...(Buffer.compare(own, gpu) === 0 ? [] : [gpu])]) {
        const session = await nodeRuntime.createSession(model, { threads: 2 });
        const used = Object.fromEntries(session.inputNames.map((name) => [name, fed[name]]));
        const results = await session.run(
          used,
          Object.fromEntries(Object.keys(named).map((name) => [name, undefined])),
        );
        await session.close();
        for (const [index, expected] of evaluate(outputs, feeds).entries()) {
          const result = results[`y${index}`];
          expect(result.shape).toEqual(expected.shape);
          expect(maxDifference(Float64Array.from(result.data as Float32Array, Number), expected.data)).toBeLessThan(
            RUNTIME_TOLERANCE,
          );
        }
      }
    },
  );

  const rule = op.gradient;
  if (typeof rule === "function") {
    it.each(op.samples.map((sample, index) => [index + 1, sample] as const))(
      "sample %i: the gradient is the derivative of the reference",
      (_index, sample) => {
        const built = build(op, sample);
        const loss = weightedSum(built, op.name);
        const wrt = built.inputs.filter(
          (input, index) => isDifferentiable(input.dtype) && sample.inputs[index].differentiate !== false,
        );
        expect(wrt.length).toBeGreaterThan(0);
        const gradients = evaluate(differentiate(loss, wrt, gradientAlgebra), built.feeds);
        for (const [index, input] of wrt.entries()) {
          expect(gradients[index].shape).toEqual(input.shape);
          const { origin } = input;
          const name = origin.kind === "input" ? origin.name : "";
          const direction = fillSample({ shape: input.shape as number[] }, createRandom(13).fork(name)).data;
          const along = (step: number): number => {
            const moved = {
              shape: built.feeds[name].shape,
              data: built.feeds[name].data.map((value, i) => value + step * direction[i]),
            };
            return evaluate([loss], { ...built.feeds, [name]: moved })[0].data[0];
          };
          const step = 1e-5;
          const measured = (along(step) - along(-step)) / (2 * step);
          const derived = gradients[index].data.reduce((sum, value, i) => sum + value * direction[i], 0);
          expect(Math.abs(derived - measured)).toBeLessThan(GRADIENT_TOLERANCE * Math.max(1, Math.abs(measured)));
        }
      },
    );
  } else {
    it("refuses to be differentiated and says why", () => {
      expect(rule.none).toMatch(/\w+ \w+/);
      const built = build(op, op.samples[0]);
      // Where no output is a float, no loss reaches it.
      if (!built.outputs.some(({ dtype }) => isDifferentiable(dtype))) return;
      expect(() => differentiate(weightedSum(built, op.name), built.inputs, gradientAlgebra)).toThrow(
        expect.objectContaining({ code: "E_GRADIENT", message: expect.stringContaining(`none, as ${rule.none}`) }),
      );
    });
  }

  it.each(op.errors.map((sample) => [sample.why, sample] as const))("refuses: %s", (_why, sample) => {
    const graph = createGraph();
    const inputs = sample.inputs.map((input, index) => graph.input(`x${index}`, input.dtype ?? "float32", input.shape));
    expect(() => graph.apply(op, inputs, sample.attributes)).toThrow(
      expect.objectContaining({ code: sample.code, message: expect.stringContaining(op.name) }),
    );
  });
});

function maxDifference(a: Float64Array, b: Float64Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]) / Math.max(1, Math.abs(b[i]))), 0);
}
