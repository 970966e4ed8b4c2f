/** What 8 and 4 bits do to a dense layer and a table, against the arithmetic in float64. */
import { describe, expect, it } from "vitest";
import { createRandom } from "../base/random.js";
import { createGraph } from "../graph/graph.js";
import { encodeMessage } from "../onnx/wire.js";
import { buildModel } from "../onnx/write-model.js";
import { linear } from "../ops/linear.js";
import { lookup } from "../ops/lookup.js";
import { nodeRuntime } from "../runtime/node/onnxruntime.js";
import { EXPORT_DTYPES } from "./dtypes.js";
import { OPERATOR_SETS } from "./interchange-model.js";

/** Wide enough to be quantized; the columns are no whole number of blocks of 32. */
const ROWS = 131;
const COLUMNS = 140;
const TOKENS = 20;
/** A row of zeros. */
const ZEROS = 7;

const random = createRandom(1).fork("quantization");
const draw = (length: number, deviation: number): Float32Array =>
  Float32Array.from({ length }, () => deviation * random.normal());
const weight = draw(ROWS * COLUMNS, 0.05);
// Rows of very different size, which one scale for all would lose.
for (let row = 0; row < ROWS; row++)
  for (let i = 0; i < COLUMNS; i++) weight[row * COLUMNS + i] *= row === ZEROS ? 0 : 10 ** ((row % 5) - 2);
const bias = draw(ROWS, 0.1);
const x = draw(TOKENS * COLUMNS, 1);
const bits = (array: Float32Array) => new Map([["weight", array]]);

/** y of a model over `feeds`. */
async function run(model: ReturnType<typeof buildModel>, feeds: Parameters<Session["run"]>[0]): Promise<Float32Array> {
  const session = await nodeRuntime.createSession(encodeMessage("ModelProto", model), { threads: 1 });
  const { y } = await session.run(feeds, { y: undefined });
  await session.close();
  return y.data as Float32Array;
}
type Session = Awaited<ReturnType<typeof nodeRuntime.createSession>>;

/** The error of each output, root mean square over the tokens, as a share of its standard deviation for such x. */
function errorsByRow(y: Float32Array): number[] {
  return Array.from({ length: ROWS }, (_, row) => {
    const w = weight.subarray(row * COLUMNS, (row + 1) * COLUMNS);
    let error = 0;
    for (let token = 0; token < TOKENS; token++) {
      const exact = w.reduce((sum, value, i) => sum + value * x[token * COLUMNS + i], bias[row]);
      error += (y[token * ROWS + row] - exact) ** 2 / TOKENS;
    }
    return Math.sqrt(error / w.reduce((sum, value) => sum + value * value, 0));
  });
}

describe.each(OPERATOR_SETS)("operators of %s", (operators) => {
  // Steps of 1/127 of the largest of about three deviations, and of 1/15 of the range of 32; rounding is 0.29 of a step.
  it.each([
    ["q8", 0.02],
    ["uint8", 0.02],
    ["q4", 0.15],
  ] as const)(
    "a dense layer in %s keeps each output, however small its weights, within %d of what it varies by",
    async (dtype, most) => {
      const graph = createGraph();
      const input = graph.input("x", "float32", ["B", COLUMNS]);
      const w = graph.input("weight", "float32", [ROWS, COLUMNS], { kind: "parameter" });
      const b = graph.input("bias", "float32", [ROWS], { kind: "parameter" });
      const weights = new Map([...bits(weight), ["bias", bias]]);
      const model = buildModel({ y: linear(input, w, b) }, { operators, weights });
      const converted = EXPORT_DTYPES[dtype].convert(model, operators);
      const y = await run(converted, { x: { dtype: "float32", shape: [TOKENS, COLUMNS], data: x } });
      // The row of zeros gives its bias alone.
      for (let token = 0; token < TOKENS; token++) expect(y[token * ROWS + ZEROS]).toBe(bias[ZEROS]);
      const errors = errorsByRow(y).filter((_, row) => row !== ZEROS);
      expect(Math.max(...errors)).toBeLessThan(most);
      expect(Math.max(...errors)).toBeGreaterThan(most / 100);
    },
  );
});

it("a table of 8 bits has each row within half a step of its own largest element", async () => {
  const graph = createGraph();
  const ids = graph.input("ids", "int64", ["B"]);
  const table = graph.input("weight", "float32", [ROWS, COLUMNS], { kind: "parameter" });
  const model = EXPORT_DTYPES.q8.convert(buildModel({ y: lookup(table, ids) }, { weights: bits(weight) }), "standard");
  const all = BigInt64Array.from({ length: ROWS }, (_, row) => BigInt(row));
  const y = await run(model, { ids: { dtype: "int64", shape: [ROWS], data: all } });
  for (let row = 0; row < ROWS; row++) {
    const part = weight.subarray(row * COLUMNS, (row + 1) * COLUMNS);
    const half = Math.max(...part.map(Math.abs)) / 127 / 2;
    for (const [i, value] of part.entries())
      expect(Math.abs(y[row * COLUMNS + i] - value)).toBeLessThanOrEqual(half * 1.001);
  }
});
