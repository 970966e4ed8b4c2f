import { describe, expect, it } from "vitest";
import { createGraph } from "../graph/graph.js";
import { writeModel } from "../onnx/write-model.js";
import { mul } from "../ops/arithmetic.js";
import { nodeRuntime } from "../runtime/node/onnxruntime.js";
import { createFlatMemory } from "./flat-memory.js";
import { simdAvailable } from "./kernels/instance.js";

describe.runIf(simdAvailable)("createFlatMemory", () => {
  it("hands out zeroed buffers of one memory that do not overlap and lie on cache lines", () => {
    const lengths = [1, 17, 0, 1024, 5, 3];
    const memory = createFlatMemory(lengths.reduce((a, b) => a + b) * 4);
    const views = lengths.map((length) => memory.allocate(length));
    expect(memory.inPlace).toBe(true);
    views.forEach((view, i) => {
      expect(view.length).toBe(lengths[i]);
      expect(view.byteOffset % 64).toBe(0);
      expect(view.buffer).toBe(views[0]?.buffer);
      expect(view.every((x) => x === 0)).toBe(true);
      view.fill(i + 1);
    });
    for (const [i, view] of views.entries()) expect(view.every((x) => x === i + 1)).toBe(true);
  });

  it("starts buffers that are walked together at different places of a page", () => {
    const memory = createFlatMemory(4 * 65536 * 4);
    const places = Array.from({ length: 4 }, () => memory.allocate(65536).byteOffset % 4096).sort((a, b) => a - b);
    for (let i = 1; i < 4; i++) expect((places[i] as number) - (places[i - 1] as number)).toBeGreaterThanOrEqual(512);
  });

  it("gives a buffer of its own when there is no room left", () => {
    const memory = createFlatMemory(64);
    const first = memory.allocate(16);
    const second = memory.allocate(1_000_000);
    expect(second.length).toBe(1_000_000);
    expect(second.buffer).not.toBe(first.buffer);
    expect(memory.allocate(16).buffer).toBe(first.buffer);
  });

  it("gives plain buffers when more than 4 GiB are asked for", () => {
    const memory = createFlatMemory(5 * 2 ** 30);
    expect(memory.inPlace).toBe(false);
    expect(memory.allocate(3)).toEqual(new Float32Array(3));
  });

  it("is read and written in place by onnxruntime", async () => {
    const x = createGraph().input("x", "float32", ["N"]);
    const session = await nodeRuntime.createSession(writeModel({ square: mul(x, x) }));
    const memory = createFlatMemory(1024);
    const tensor = (data: Float32Array) => ({ dtype: "float32", shape: [data.length], data }) as const;
    const [input, output] = [memory.allocate(3), memory.allocate(3)];
    input.set([2, 3, 4]);
    await session.run({ x: tensor(input) }, { square: tensor(output) });
    await session.close();
    expect([...output]).toEqual([4, 9, 16]);
  });

  it("reaches up to its last byte", () => {
    const elements = (2 ** 32 - 64 * 4096) / 4;
    const memory = createFlatMemory(elements * 4);
    const view = memory.allocate(elements);
    view[elements - 1] = 7;
    expect([memory.inPlace, view.buffer.byteLength, view[elements - 1]]).toEqual([true, 2 ** 32, 7]);
  });
});

it("refuses what is not a number of bytes", () => {
  expect(() => createFlatMemory(Number.NaN)).toThrow("createFlatMemory: expected a number of bytes, got NaN");
});
