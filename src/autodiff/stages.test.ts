import { describe, expect, it } from "vitest";
import { evaluate } from "../graph/evaluate.js";
import { createGraph, reachableNodes, type Value } from "../graph/graph.js";
import type { ReferenceTensor } from "../graph/op.js";
import { tanh } from "../ops/activation.js";
import { gradientAlgebra } from "../ops/algebra.js";
import { add, mul } from "../ops/arithmetic.js";
import { reshape } from "../ops/movement.js";
import { reduceSum } from "../ops/reduction.js";
import { differentiate } from "./differentiate.js";
import { differentiateInStages, type Stage } from "./stages.js";

/** loss = Σ tanh(c tanh(b tanh(a x))), with a checkpoint after each of the first two layers; `shared` is a factor of the last one too. */
function threeLayers(shared?: "a" | "b") {
  const graph = createGraph();
  const x = graph.input("x", "float32", [3]);
  const parameters = ["a", "b", "c"].map((name) => graph.input(name, "float32", [3], { kind: "parameter" }));
  const [a, b, c] = parameters;
  const first = tanh(mul(a, x));
  const second = tanh(mul(b, first));
  const third = tanh(mul(shared === undefined ? c : mul(shared === "a" ? a : b, c), second));
  const loss = reshape(reduceSum(third, [0]), []);
  return { loss, checkpoints: [first, second], parameters, third };
}

const values: Record<string, ReferenceTensor> = {
  x: { shape: [3], data: Float64Array.of(0.3, -0.7, 1.1) },
  a: { shape: [3], data: Float64Array.of(0.9, 0.4, -1.2) },
  b: { shape: [3], data: Float64Array.of(-0.5, 1.5, 0.8) },
  c: { shape: [3], data: Float64Array.of(1.3, 0.2, -0.6) },
};

/** Runs the stages as a trainer does; the gradients by parameter name. */
function run(stages: readonly Stage[]): { outputs: Record<string, ReferenceTensor>; gradients: Map<string, number[]> } {
  const outputs: Record<string, ReferenceTensor> = { ...values };
  const gradients = new Map<string, number[]>();
  for (const stage of stages) {
    const names = Object.keys(stage.outputs);
    const results = evaluate([...Object.values(stage.outputs), ...stage.gradients.values()], outputs);
    for (const [index, name] of names.entries()) outputs[name] = results[index];
    for (const [index, value] of [...stage.gradients.keys()].entries())
      gradients.set(nameOf(value), [...results[names.length + index].data]);
  }
  return { outputs, gradients };
}

const nameOf = ({ origin }: Value): string => (origin.kind === "input" ? origin.name : "");

describe("stages", () => {
  it("give the loss, the other outputs and the gradients of the whole graph", () => {
    const { loss, checkpoints, parameters, third } = threeLayers();
    const [whole, top, ...expected] = evaluate(
      [loss, third, ...differentiate(loss, parameters, gradientAlgebra)],
      values,
    );
    const stages = differentiateInStages({
      loss,
      others: { third },
      checkpoints,
      trained: parameters,
      algebra: gradientAlgebra,
    });
    const { outputs, gradients } = run(stages);
    expect(outputs.loss.data).toEqual(whole.data);
    expect(outputs.third.data).toEqual(top.data);
    expect([...gradients.keys()].sort()).toEqual(["a", "b", "c"]);
    for (const [index, name] of ["a", "b", "c"].entries()) {
      for (const [i, value] of (gradients.get(name) as number[]).entries())
        expect(value).toBeCloseTo(expected[index].data[i], 14);
    }
  });

  it("compute a layer before the last one twice, and the last one once", () => {
    const { loss, checkpoints, parameters } = threeLayers();
    const stages = differentiateInStages({
      loss,
      others: {},
      checkpoints,
      trained: parameters,
      algebra: gradientAlgebra,
    });
    const forward = stages.map(({ outputs, gradients }) => {
      const nodes = reachableNodes([...Object.values(outputs), ...gradients.values()]);
      return nodes.filter(({ op }) => op.name === "Tanh").length;
    });
    expect(forward).toEqual([1, 1, 1, 1, 1]);
  });

  it("end at the lowest trained value", () => {
    const { loss, checkpoints, parameters } = threeLayers();
    const trained = [parameters[2]];
    const stages = differentiateInStages({ loss, others: {}, checkpoints, trained, algebra: gradientAlgebra });
    expect(stages.map(({ outputs }) => Object.keys(outputs))).toEqual([["checkpoint.0"], ["checkpoint.1"], ["loss"]]);
    expect([...run(stages).gradients.keys()]).toEqual(["c"]);
  });

  it("are one without checkpoints, with the gradients of differentiate", () => {
    const { loss, parameters } = threeLayers();
    const stages = differentiateInStages({
      loss,
      others: {},
      checkpoints: [],
      trained: parameters,
      algebra: gradientAlgebra,
    });
    expect(stages).toHaveLength(1);
    expect([...stages[0].gradients.values()]).toEqual(differentiate(loss, parameters, gradientAlgebra));
  });

  it.each(["a", "b"] as const)("add up the gradients of a parameter that several of them read: %s", (name) => {
    const { loss, checkpoints, parameters } = threeLayers(name);
    const expected = evaluate(differentiate(loss, parameters, gradientAlgebra), values);
    const { gradients } = run(
      differentiateInStages({ loss, others: {}, checkpoints, trained: parameters, algebra: gradientAlgebra }),
    );
    expect([...gradients.keys()].sort()).toEqual(["a", "b", "c"]);
    for (const [index, own] of ["a", "b", "c"].entries()) {
      for (const [i, value] of (gradients.get(own) as number[]).entries())
        expect(value).toBeCloseTo(expected[index].data[i], 14);
    }
  });

  it("refuse a checkpoint that is read past the next one", () => {
    const { loss, checkpoints, parameters } = threeLayers();
    const skipping = add(loss, reshape(reduceSum(checkpoints[0], [0]), []));
    const build = () =>
      differentiateInStages({
        loss: skipping,
        others: {},
        checkpoints,
        trained: parameters,
        algebra: gradientAlgebra,
      });
    expect(build).toThrow('"checkpoint.0": expected to be read in one stage');
  });
});
