import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { differentiate } from "../autodiff/differentiate.js";
import { createGraph, type Graph, type Value } from "../graph/graph.js";
import { multiplyDims } from "../graph/shape.js";
import { gelu } from "../ops/activation.js";
import { gradientAlgebra } from "../ops/algebra.js";
import { add, exp, mul, scalar } from "../ops/arithmetic.js";
import { toFloat } from "../ops/conversion.js";
import { linear } from "../ops/linear.js";
import { lookup } from "../ops/lookup.js";
import { reshape } from "../ops/movement.js";
import { layerNorm } from "../ops/normalization.js";
import { expand, reduceSum } from "../ops/reduction.js";
import { crossEntropy } from "../ops/softmax.js";
import { nodeRuntime } from "../runtime/node/onnxruntime.js";
import type { Tensor } from "../runtime/session.js";
import { printModel } from "./print-model.js";
import { writeModel } from "./write-model.js";

const float = (shape: readonly number[], ...values: number[]): Tensor => ({
  dtype: "float32",
  shape,
  data: Float32Array.from(values),
});
const int64 = (shape: readonly number[], ...values: (number | bigint)[]): Tensor => ({
  dtype: "int64",
  shape,
  data: BigInt64Array.from(values, BigInt),
});

async function run(model: Uint8Array | string, feeds: Record<string, Tensor>): Promise<Record<string, Tensor>> {
  const session = await nodeRuntime.createSession(model, { threads: 1 });
  const results = await session.run(feeds, Object.fromEntries(session.outputNames.map((name) => [name, undefined])));
  await session.close();
  return results;
}

/** A bag-of-words classifier of 4 words, 2 wide, 3 classes: lookup, GELU, a sum over tokens, a dense layer, the loss. */
function smallModel(): Record<string, Value> {
  const graph = createGraph();
  const ids = graph.input("ids", "int64", ["B", "T"]);
  const table = graph.input("table", "float32", [4, 2], { kind: "parameter" });
  const weight = graph.input("weight", "float32", [3, 2], { kind: "parameter" });
  const bias = graph.input("bias", "float32", [3], { kind: "parameter" });
  const sums = reshape(reduceSum(gelu(lookup(table, ids)), [1]), ["B", 2]);
  const logits = linear(sums, weight, bias);
  const loss = crossEntropy(
    logits,
    graph.input("labels", "int64", ["B"]),
    graph.input("example_weights", "float32", ["B"]),
  );
  const parameters = [table, weight, bias];
  const [dTable, dWeight, dBias] = differentiate(loss, parameters, gradientAlgebra);
  return { loss, logits, "gradient.table": dTable, "gradient.weight": dWeight, "gradient.bias": dBias };
}

describe("a small model", () => {
  const model = writeModel(smallModel(), { metadata: { format: "textune" } });

  it("is written as the golden text says", async () => {
    await expect(`${printModel(model)}\n`).toMatchFileSnapshot("../../tests/golden/small-model.txt");
  });

  it("runs on onnxruntime, with the loss and gradients that follow by hand", async () => {
    // Word 3 is large, so that its GELU is the identity; word 0 is zero. Row 0 sums to (10, 20), row 1 to (0, 0).
    const results = await run(model, {
      ids: int64([2, 2], 3, 0, 0, 0),
      table: float([4, 2], 0, 0, 5, 5, 5, 5, 10, 20),
      weight: float([3, 2], 0.1, 0, 0, 0.1, 0, 0),
      bias: float([3], 0, 0, 0),
      labels: int64([2], 1, 2),
      example_weights: float([2], 0.5, 0.5),
    });
    expectClose(results.logits.data, [1, 2, 0, 0, 0, 0]);
    const exps = [Math.E, Math.E ** 2, 1];
    const total = exps.reduce((a, b) => a + b);
    const first = exps.map((value, k) => 0.5 * (value / total - (k === 1 ? 1 : 0)));
    const second = [0, 1, 2].map((k) => 0.5 * (1 / 3 - (k === 2 ? 1 : 0)));
    expectClose(results.loss.data, [0.5 * Math.log(total / exps[1]) + 0.5 * Math.log(3)]);
    expectClose(
      results["gradient.bias"].data,
      first.map((value, k) => value + second[k]),
    );
    expectClose(
      results["gradient.weight"].data,
      first.flatMap((value) => [10 * value, 20 * value]),
    );
    // Word 0 stands once in row 0 and twice in row 1, and GELU'(0) = 1/2; words 1 and 2 do not occur.
    const dSums = [first, second].map((dLogits) => [0.1 * dLogits[0], 0.1 * dLogits[1]]);
    const zeroWord = [0, 1].map((d) => 0.5 * dSums[0][d] + 2 * 0.5 * dSums[1][d]);
    expectClose(results["gradient.table"].data, [...zeroWord, 0, 0, 0, 0, ...dSums[0]]);
  });
});

describe("sizes that are known at run time only", () => {
  const build = (make: (graph: Graph, x: Value) => Value): Uint8Array => {
    const graph = createGraph();
    return writeModel({ y: make(graph, graph.input("x", "float32", ["B", "T", 2])) });
  };
  const x = (b: number, t: number): Tensor => ({
    dtype: "float32",
    shape: [b, t, 2],
    data: Float32Array.from({ length: b * t * 2 }, (_, i) => i),
  });

  it("one session serves every batch size and length", async () => {
    const model = build((_, value) => add(reshape(value, ["B", "2*T"]), scalar(value, 1)));
    for (const [b, t] of [
      [1, 1],
      [3, 2],
      [2, 5],
    ] as const) {
      const { y } = await run(model, { x: x(b, t) });
      expect(y.shape).toEqual([b, 2 * t]);
      expect([...y.data]).toEqual([...x(b, t).data].map((value) => Number(value) + 1));
    }
  });

  it("products of sizes are computed where no shape has them", async () => {
    const rows = multiplyDims([3, "B", "T"]);
    const model = build((graph, value) =>
      mul(expand(graph.constant("float32", [], [2]), [rows, "T"]), reshape(reduceSum(value, [0, 1, 2]), [1, 1])),
    );
    const { y } = await run(model, { x: x(2, 2) });
    expect(y.shape).toEqual([12, 2]);
    expect([...y.data].every((value) => value === 2 * 28)).toBe(true); // 0 + 1 + … + 7
    const text = printModel(model);
    expect(text.match(/= Shape\(/g)).toHaveLength(2); // B and T are each read off x once
  });

  it("a reshape with several unknown sizes takes them from where they are", async () => {
    const model = build((_, value) => reshape(reshape(value, ["2*B*T"]), ["T", "B", 2]));
    const { y } = await run(model, { x: x(3, 2) });
    expect(y.shape).toEqual([2, 3, 2]);
  });

  it("a dimension that no input has is an error", () => {
    const graph = createGraph();
    const y = expand(graph.constant("float32", [], [2]), ["N", "M"]);
    expect(() => writeModel({ y })).toThrow("dimension N: expected an input that has it, got none");
  });
});

describe("writeModel", () => {
  it("keeps int64 values exact, beyond 2^32 and below zero", async () => {
    const graph = createGraph();
    const numbers = [0, -1, 2 ** 40 + 1, Number.MAX_SAFE_INTEGER, -(2 ** 33)];
    const { numbers: written, sum } = await run(
      writeModel({ numbers: graph.constant("int64", [5], numbers), sum: toFloat(graph.input("x", "int64", [1])) }),
      { x: int64([1], 2 ** 40) },
    );
    expect([...written.data].map(Number)).toEqual(numbers);
    expect(sum.data[0]).toBe(2 ** 40);
  });

  it("leaves out what no output needs: inputs, nodes, and further outputs of a node", () => {
    const graph = createGraph();
    const x = graph.input("x", "float32", [2, 4]);
    const weight = graph.input("weight", "float32", [4]);
    exp(graph.input("unread", "float32", [2]));
    const text = printModel(writeModel({ y: layerNorm(x, weight, weight, 1e-12) }));
    expect(text).toMatch(/^y = LayerNormalization\(x, weight, weight; axis=-1 epsilon=1e-12\)$/m);
    expect(text).not.toMatch(/unread|Exp/);
  });

  it("keeps the first output of an operator where only a later one is read", async () => {
    const graph = createGraph();
    const [x, gamma, beta] = ["x", "gamma", "beta"].map((name) => graph.input(name, "float32", [2]));
    const { origin } = layerNorm(x, gamma, beta, 0);
    const mean = origin.kind === "node" ? origin.outputs[1] : x;
    const results = await run(writeModel({ mean }), {
      x: float([2], 3, 5),
      gamma: float([2], 1, 1),
      beta: float([2], 0, 0),
    });
    expect([...results.mean.data]).toEqual([4]);
  });

  it("names an output that two names share, an input or a constant that is returned as it is", async () => {
    const graph = createGraph();
    const x = graph.input("x", "float32", [1]);
    const y = exp(x);
    const model = writeModel({ y, again: y, same: x, seven: graph.constant("float32", [1], [7]) });
    const results = await run(model, { x: float([1], 0) });
    expect(Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data[0]]))).toEqual({
      y: 1,
      again: 1,
      same: 0,
      seven: 7,
    });
  });

  it("keeps constants of one value but different types apart", async () => {
    const graph = createGraph();
    const x = graph.input("x", "float32", [1, 2]);
    const scaled = mul(x, graph.constant("float32", [1], [1])); // beside the axes of the sum, int64 [1] {1}
    expect([...(await run(writeModel({ y: reduceSum(scaled, [1]) }), { x: float([1, 2], 3, 4) })).y.data]).toEqual([7]);
  });

  it("writes equal constants once", () => {
    const graph = createGraph();
    const x = graph.input("x", "float32", [2]);
    const text = printModel(writeModel({ y: mul(add(x, scalar(x, 3)), add(exp(x), scalar(x, 3))) }));
    expect(text.match(/= float32\[\] \{3\}/g)).toHaveLength(1);
  });
});

describe("weights inside the model", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "textune-onnx-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const graph = createGraph();
  const x = graph.input("x", "float32", ["B", 2]);
  const y = linear(
    x,
    graph.input("weight", "float32", [2, 2], { kind: "parameter" }),
    graph.input("bias", "float32", [2], { kind: "parameter" }),
  );
  const weight = Float32Array.of(1, 2, 3, 4);
  const bias = Float32Array.of(10, 20);
  const expected = [10 + 5 + 12, 20 + 15 + 24];

  it("stand in the file itself and are no inputs any more", async () => {
    const padded = Float32Array.of(99, ...bias, 99).subarray(1, 3); // a view of a larger buffer
    const session = await nodeRuntime.createSession(
      writeModel(
        { y },
        {
          weights: new Map([
            ["weight", weight],
            ["bias", padded],
          ]),
        },
      ),
    );
    expect(session.inputNames).toEqual(["x"]);
    expect([...(await session.run({ x: float([1, 2], 5, 6) }, { y: undefined })).y.data]).toEqual(expected);
    await session.close();
  });

  it("or beside it, at an offset of another file", async () => {
    const weights = new Map([
      ["weight", { file: "weights.bin", offset: 8, length: 16 }],
      ["bias", { file: "weights.bin", offset: 24, length: 8 }],
    ]);
    const bytes = Buffer.concat([Buffer.alloc(8, 0xff), Buffer.from(weight.buffer), Buffer.from(bias.buffer)]);
    await writeFile(join(folder, "weights.bin"), bytes);
    await writeFile(join(folder, "model.onnx"), writeModel({ y }, { weights }));
    expect([...(await run(join(folder, "model.onnx"), { x: float([1, 2], 5, 6) })).y.data]).toEqual(expected);
  });
});

function expectClose(actual: ArrayLike<number | bigint>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries())
    expect(Math.abs(Number(actual[i]) - value), `element ${i}`).toBeLessThan(2e-6 * Math.max(1, Math.abs(value)));
}
