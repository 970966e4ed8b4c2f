import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { differentiate } from "../autodiff/differentiate.js";
import { createRandom } from "../base/random.js";
import { evaluate } from "../graph/evaluate.js";
import { createGraph, type Value } from "../graph/graph.js";
import type { ReferenceTensor } from "../graph/op.js";
import { writeModel } from "../onnx/write-model.js";
import { gradientAlgebra } from "../ops/algebra.js";
import { nodeRuntime } from "../runtime/node/onnxruntime.js";
import type { Tensor } from "../runtime/session.js";
import { balancedClassWeights } from "./class-weights.js";
import type { TargetKind } from "./define-loss.js";
import { chooseLoss, LOSSES } from "./registry.js";

interface Case {
  readonly name: string;
  readonly loss: string;
  readonly targetKind: TargetKind;
  readonly options: Record<string, unknown>;
  readonly outputs: number;
  readonly logits: readonly number[];
  readonly targets: readonly number[];
  readonly value: number;
  readonly gradient: readonly number[];
}

const golden = JSON.parse(readFileSync(new URL("../../tests/golden/losses.json", import.meta.url), "utf8")) as {
  readonly cases: readonly Case[];
  readonly balanced: { readonly counts: number[]; readonly weights: number[] };
};

interface Feeds {
  readonly logits: ReferenceTensor;
  readonly targets: ReferenceTensor;
  readonly example_weights: ReferenceTensor;
}

/** The graph of a case over `rows` rows, its outputs the loss and the gradient of the logits. */
function build({ loss, targetKind, options, outputs }: Case, rows: number): { loss: Value; gradient: Value } {
  const graph = createGraph();
  const logits = graph.input("logits", "float32", [rows, outputs]);
  const targets =
    targetKind === "class"
      ? graph.input("targets", "int64", [rows])
      : graph.input("targets", "float32", [rows, outputs]);
  const weights = graph.input("example_weights", "float32", [rows]);
  const value = chooseLoss(loss, targetKind, outputs, options).build(logits, targets, weights);
  const [gradient] = differentiate(value, [logits], gradientAlgebra);
  return { loss: value, gradient };
}

/** Rows `from` to `to` of a case; a row has the weight 1 / `total`. */
function feedsOf({ targetKind, outputs, logits, targets }: Case, from: number, to: number, total: number): Feeds {
  const width = targetKind === "class" ? 1 : outputs;
  const shape = targetKind === "class" ? [to - from] : [to - from, outputs];
  return {
    logits: { shape: [to - from, outputs], data: Float64Array.from(logits.slice(from * outputs, to * outputs)) },
    targets: { shape, data: Float64Array.from(targets.slice(from * width, to * width)) },
    example_weights: { shape: [to - from], data: new Float64Array(to - from).fill(1 / total) },
  };
}

const rowsOf = ({ logits, outputs }: Case): number => logits.length / outputs;
const totalWeightOf = (one: Case, from: number, to: number): number => {
  const { data } = feedsOf(one, from, to, 1).targets;
  return chooseLoss(one.loss, one.targetKind, one.outputs, one.options).totalWeight(data, to - from);
};

describe.each(golden.cases.map((one) => [`${one.loss}, ${one.name}`, one] as const))("%s", (_, one) => {
  const rows = rowsOf(one);
  const whole = feedsOf(one, 0, rows, totalWeightOf(one, 0, rows));

  it("has PyTorch's value and gradient in float64", () => {
    const { loss, gradient } = build(one, rows);
    const [value, derivative] = evaluate([loss, gradient], { ...whole });
    expectClose(value.data, [one.value], 1e-12);
    expectClose(derivative.data, one.gradient, 1e-12);
  });

  it("has them in onnxruntime", async () => {
    const session = await nodeRuntime.createSession(writeModel({ ...build(one, rows) }), { threads: 1 });
    const float = ({ shape, data }: ReferenceTensor): Tensor => ({
      dtype: "float32",
      shape,
      data: Float32Array.from(data),
    });
    const classIds = BigInt64Array.from(one.targetKind === "class" ? one.targets : [], BigInt);
    const results = await session.run(
      {
        logits: float(whole.logits),
        targets:
          one.targetKind === "class"
            ? { dtype: "int64", shape: whole.targets.shape, data: classIds }
            : float(whole.targets),
        example_weights: float(whole.example_weights),
      },
      { loss: undefined, gradient: undefined },
    );
    await session.close();
    expectClose(results.loss.data as Float32Array, [one.value], 1e-6);
    expectClose(results.gradient.data as Float32Array, one.gradient, 1e-6);
  });

  it("sums to the same over two parts that share the total weight", () => {
    const cut = 1;
    const total = totalWeightOf(one, 0, cut) + totalWeightOf(one, cut, rows);
    const parts = [
      [0, cut],
      [cut, rows],
    ].map(([from, to]) => {
      const { loss, gradient } = build(one, to - from);
      return evaluate([loss, gradient], { ...feedsOf(one, from, to, total) });
    });
    expectClose([parts[0][0].data[0] + parts[1][0].data[0]], [one.value], 1e-12);
    expectClose([...parts[0][1].data, ...parts[1][1].data], one.gradient, 1e-12);
  });
});

describe("losses", () => {
  it("are the same for one unit and for two classes", () => {
    const random = createRandom(5);
    const x = Array.from({ length: 12 }, () => 3 * random.normal());
    const y = x.map(() => random.integer(2));
    for (const [name, options] of [
      ["bce", {}],
      ["bce", { labelSmoothing: 0.3, classWeights: [0.2, 4] }],
      ["focal", { gamma: 1.2 }],
    ] as const) {
      const facts = { name, options, value: 0, gradient: [] };
      const unit: Case = { ...facts, loss: name, targetKind: "labels", outputs: 1, logits: x, targets: y };
      const pair: Case = {
        ...facts,
        loss: name === "bce" ? "cross_entropy" : name,
        targetKind: "class",
        outputs: 2,
        logits: x.flatMap((value) => [0, value]),
        targets: y,
      };
      const [ofUnit, ofPair] = [unit, pair].map((one) => {
        const { loss } = build(one, x.length);
        return evaluate([loss], { ...feedsOf(one, 0, x.length, totalWeightOf(one, 0, x.length)) })[0].data;
      });
      expectClose(ofUnit, ofPair, 1e-12);
    }
  });

  it("are chosen by any of their names", () => {
    for (const loss of LOSSES) {
      const kind = Object.keys(loss.forms)[0] as TargetKind;
      for (const name of [loss.name, ...loss.aliases, loss.name.toUpperCase(), loss.name.replaceAll("_", "-")])
        expect(chooseLoss(name, kind, 2).name).toBe(loss.name);
    }
    const names = LOSSES.flatMap(({ name, aliases }) => [name, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each([
    ["hinge", "class", 2, {}, /loss "hinge": expected the name of a loss.*choose one of/],
    ["focl", "class", 2, {}, /did you mean "focal"/],
    ["mse", "class", 2, {}, /targets of the kind "class", got one for numbers; choose one of cross_entropy, focal/],
    ["cross_entropy", "class", 3, { classWeights: [1, 2] }, /loss "cross_entropy", classWeights: .*3 items/],
    ["cross_entropy", "class", 2, { classWeights: [1, -2] }, /classWeights.1: /],
    ["cross_entropy", "class", 2, { classWeights: [1, Number.NaN] }, /classWeights.1: /],
    ["cross_entropy", "class", 2, { labelSmoothing: 1.5 }, /labelSmoothing: /],
    ["cross_entropy", "class", 2, { gamma: 2 }, /"gamma"/],
    ["bce", "labels", 2, { classWeights: [1, 2] }, /"classWeights"/],
    ["bce", "labels", 1, { classWeights: [1, 2], positiveWeights: [2] }, /not both/],
  ] as const)("refuse %s for %s with %i outputs and %o", (name, kind, outputs, options, message) => {
    expect(() => chooseLoss(name, kind, outputs, options)).toThrow(message);
  });

  it("have the balanced weights of scikit-learn, and 0 for a class without a row", () => {
    const { counts, weights } = golden.balanced;
    expectClose(balancedClassWeights(counts), weights, 1e-12);
    expectClose(balancedClassWeights([...counts, 0]), [...weights, 0], 1e-12);
  });
});

/** Numbers may differ by `tolerance`, relative where over 1. */
function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const limit = tolerance * Math.max(1, Math.abs(expected[i]));
    expect(Math.abs(actual[i] - expected[i]), `${i}: ${actual[i]} for ${expected[i]}`).toBeLessThanOrEqual(limit);
  }
}
