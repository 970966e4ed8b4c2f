import { describe, expect, it } from "vitest";
import { TextuneError } from "../../base/errors.js";
import { createGraph, type Value } from "../../graph/graph.js";
import { writeModel } from "../../onnx/write-model.js";
import { add, exp, mul } from "../../ops/arithmetic.js";
import { toFloat } from "../../ops/conversion.js";
import { lookup } from "../../ops/lookup.js";
import type { Tensor } from "../session.js";
import { nodeRuntime } from "./onnxruntime.js";

const float = (data: Float32Array): Tensor => ({ dtype: "float32", shape: [data.length], data });

function vectorModel(make: (x: Value) => Value): Uint8Array {
  return writeModel({ y: make(createGraph().input("x", "float32", ["N"])) });
}

async function errorOf(work: Promise<unknown>): Promise<TextuneError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TextuneError);
  return error as TextuneError;
}

/** One E_RUNTIME line that says who complains; no stack, no path of the machine that onnxruntime was built on. */
function expectOneLine(error: TextuneError, about: string | RegExp): void {
  expect(error.code).toBe("E_RUNTIME");
  expect(error.message).toMatch(/^onnxruntime: expected [^\n]+, got [^\n]+$/);
  expect(error.message).toMatch(about);
  expect(error.message).not.toMatch(/\/\w+\/\w+\//);
  expect(error.cause).toBeInstanceOf(Error);
}

describe("errors of onnxruntime become one line", () => {
  it("for bytes that are no model", async () => {
    expectOneLine(await errorOf(nodeRuntime.createSession(Uint8Array.of(1, 2, 3, 4))), /model that it accepts/);
  });

  it("for a file that is not there", async () => {
    expectOneLine(await errorOf(nodeRuntime.createSession("missing.onnx")), /missing\.onnx/);
  });

  it("for a tensor of the wrong element type or rank, naming the input", async () => {
    const session = await nodeRuntime.createSession(vectorModel(exp));
    const ids: Tensor = { dtype: "int64", shape: [1], data: BigInt64Array.of(1n) };
    expectOneLine(await errorOf(session.run({ x: ids }, { y: undefined })), /int64.*float|float.*int64/);
    const square: Tensor = { dtype: "float32", shape: [1, 1], data: Float32Array.of(1) };
    expectOneLine(await errorOf(session.run({ x: square }, { y: undefined })), /rank.*x|x.*rank/i);
    await session.close();
  });

  it("for a run that fails: an id beyond the table", async () => {
    const graph = createGraph();
    const table = graph.input("table", "float32", [2, 1]);
    const session = await nodeRuntime.createSession(
      writeModel({ y: lookup(table, graph.input("ids", "int64", ["N"])) }),
    );
    const feeds = {
      table: { dtype: "float32", shape: [2, 1], data: Float32Array.of(5, 6) },
      ids: { dtype: "int64", shape: [1], data: BigInt64Array.of(2n) },
    } as const;
    expectOneLine(await errorOf(session.run(feeds, { y: undefined })), /idx=2|range|bounds/);
    // The session goes on.
    const { y } = await session.run({ ...feeds, ids: { ...feeds.ids, data: BigInt64Array.of(1n) } }, { y: undefined });
    expect([...y.data]).toEqual([6]);
    await session.close();
  });

  it("for a tensor whose data do not fill its shape", async () => {
    const session = await nodeRuntime.createSession(vectorModel(exp));
    const short: Tensor = { dtype: "float32", shape: [3], data: Float32Array.of(1) };
    expectOneLine(await errorOf(session.run({ x: short }, { y: undefined })), /tensor for "x", got .*size\(3\)/);
    expectOneLine(await errorOf(session.run({ x: float(Float32Array.of(1)) }, { y: short })), /tensor for "y"/);
    await session.close();
  });

  it("for a run without an input", async () => {
    const session = await nodeRuntime.createSession(vectorModel(exp));
    expectOneLine(await errorOf(session.run({}, { y: undefined })), /x/);
    await session.close();
  });
});

describe.each([
  { where: "one array buffer", buffer: () => new ArrayBuffer(4096) },
  { where: "a WebAssembly.Memory", buffer: () => new WebAssembly.Memory({ initial: 1, maximum: 1 }).buffer },
])("a run reads and writes views of $where in place", ({ buffer }) => {
  it("and nothing beside them", async () => {
    const all = new Float32Array(buffer(), 0, 64).fill(-1);
    const x = all.subarray(8, 12);
    x.set([1, 2, 3, 4]);
    const y = all.subarray(40, 44);
    const session = await nodeRuntime.createSession(vectorModel((value) => add(value, value)));
    const results = await session.run({ x: float(x) }, { y: float(y) });
    expect(results.y.data).toBe(y);
    expect([...y]).toEqual([2, 4, 6, 8]);

    x.set([10, 20, 30, 40]); // the next run sees what was written between
    await session.run({ x: float(x) }, { y: float(y) });
    expect([...y]).toEqual([20, 40, 60, 80]);
    expect([...all].filter((value) => value === -1)).toHaveLength(56);
    await session.close();
  });
});

it("allocates the outputs that are not given a place, of every element type", async () => {
  const graph = createGraph();
  const ids = graph.input("ids", "int64", [2]);
  const session = await nodeRuntime.createSession(writeModel({ same: ids, real: toFloat(ids) }));
  const results = await session.run(
    { ids: { dtype: "int64", shape: [2], data: BigInt64Array.of(-3n, 2n ** 40n) } },
    { same: undefined, real: undefined },
  );
  expect(results.same).toEqual({ dtype: "int64", shape: [2], data: BigInt64Array.of(-3n, 2n ** 40n) });
  expect(results.real).toEqual({ dtype: "float32", shape: [2], data: Float32Array.of(-3, 2 ** 40) });
  await session.close();
});

it("computes only what is asked for", async () => {
  const graph = createGraph();
  const x = graph.input("x", "float32", ["N"]);
  const session = await nodeRuntime.createSession(writeModel({ y: exp(x), z: mul(x, x) }));
  expect(session.outputNames).toEqual(["y", "z"]);
  expect(Object.keys(await session.run({ x: float(Float32Array.of(3)) }, { z: undefined }))).toEqual(["z"]);
  await session.close();
});

it("frees sessions: memory does not grow with how many there were", async () => {
  const graph = createGraph();
  const weight = graph.input("weight", "float32", [250_000], { kind: "parameter" });
  const x = graph.input("x", "float32", [250_000]);
  const model = writeModel(
    { y: add(x, weight) },
    { weights: new Map([["weight", new Float32Array(250_000).fill(1)]]) },
  );
  const session = async (): Promise<void> => {
    const one = await nodeRuntime.createSession(model, { threads: 1 });
    await one.close();
  };
  for (let i = 0; i < 20; i++) await session();
  const before = process.memoryUsage.rss();
  for (let i = 0; i < 200; i++) await session();
  // Each holds its megabyte of weights: 200 MB if they stayed.
  expect(process.memoryUsage.rss() - before).toBeLessThan(60e6);
});
