import { expect, it } from "vitest";
import { createGraph } from "../graph/graph.js";
import { localAttentionBias } from "../nn/attention.js";
import { rotaryAngles } from "../nn/rotary-angles.js";
import { encodeMessage } from "../onnx/wire.js";
import { buildModel } from "../onnx/write-model.js";
import { add, mul, scalar } from "../ops/arithmetic.js";
import { reshape } from "../ops/movement.js";
import { positions } from "../ops/positions.js";
import { nodeRuntime } from "../runtime/node/onnxruntime.js";
import { convertToFloat16 } from "./float16.js";

/** The results of a graph in float32 and in halves, for a text of `tokens` tokens. */
async function both(tokens: number, build: (ids: ReturnType<typeof positions>) => ReturnType<typeof positions>) {
  const graph = createGraph();
  const model = buildModel({ y: build(graph.input("ids", "int64", [1, "T"])) }, { operators: "standard" });
  const ids = { dtype: "int64" as const, shape: [1, tokens], data: new BigInt64Array(tokens).fill(1n) };
  const results: Float32Array[] = [];
  for (const one of [model, convertToFloat16(model)]) {
    const session = await nodeRuntime.createSession(encodeMessage("ModelProto", one), { threads: 1 });
    results.push((await session.run({ ids }, { y: undefined })).y.data as Float32Array);
    await session.close();
  }
  return results;
}

it("keeps the angles of far positions apart", async () => {
  const [float32, float16] = await both(8192, (ids) => {
    const { cos, sin } = rotaryAngles(positions(ids), 8, 10_000);
    return add(cos, mul(sin, scalar(sin, 2)));
  });
  expect(float32.length).toBe(8192 * 4);
  const largest = float32.reduce((most, value, i) => Math.max(most, Math.abs(value - float16[i])), 0);
  expect(largest).toBeLessThan(5e-3);
});

it("keeps the ends of a window of tokens where they are", async () => {
  const tokens = 2600;
  const [float32, float16] = await both(tokens, (ids) =>
    reshape(localAttentionBias(ids, positions(ids), 64), ["T", "T"]),
  );
  const differing = float32.findIndex((value, i) => value < -1 !== float16[i] < -1);
  expect(differing).toBe(-1);
  expect(float32.filter((value) => value === 0)).toHaveLength(129 * tokens - 64 * 65);
});
