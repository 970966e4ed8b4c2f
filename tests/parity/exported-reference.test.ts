/** Exported models are what onnx's checker accepted, and onnxruntime computes of them what onnx's numpy evaluator does. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { nodeRuntime } from "../../src/runtime/node/onnxruntime.js";
import { EXPORTED_IDS, exportedBert } from "../support/exported-bert.js";

interface Golden {
  readonly sha256: string;
  /** [2, 3], for the models of the standard's operators. */
  readonly logits?: readonly (readonly number[])[];
}
const golden = JSON.parse(readFileSync(new URL("../golden/exported-models.json", import.meta.url), "utf8")) as Readonly<
  Record<string, Golden>
>;
const models = exportedBert();

/** Halves are rounded in another order; 8-bit steps that fall between two numbers may go either way. */
const TOLERANCE: Readonly<Record<string, number>> = { fp32: 1e-5, fp16: 5e-3, q8: 2e-3, int8: 2e-3, uint8: 2e-3 };
/** onnxruntime also rounds the inputs of 4-bit layers, to 8 bits. */
const TOLERANCE_4_BITS = 0.03;

it("there is a golden of each model", () => {
  expect(Object.keys(golden).sort()).toEqual([...models.keys()].sort());
});

describe.each([...models])("%s", (name, bytes) => {
  // Where a change of what is written is meant: scripts/golden/exported_models.py checks and computes it anew.
  it("is the file that passed onnx's checker", () => {
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(golden[name].sha256);
  });

  it("gives the logits of the numpy evaluator", async () => {
    const flat = BigInt64Array.from(EXPORTED_IDS.flat(), BigInt);
    const shape = [EXPORTED_IDS.length, EXPORTED_IDS[0].length];
    const session = await nodeRuntime.createSession(bytes, { threads: 1 });
    const { logits } = await session.run(
      {
        input_ids: { dtype: "int64", shape, data: flat },
        attention_mask: { dtype: "int64", shape, data: flat.map((id) => (id === 0n ? 0n : 1n)) },
        token_type_ids: { dtype: "int64", shape, data: new BigInt64Array(flat.length) },
      },
      { logits: undefined },
    );
    await session.close();
    const [dtype] = name.split(" ");
    const expected = golden[`${dtype} standard`].logits?.flat() ?? [];
    const tolerance = TOLERANCE[dtype] ?? TOLERANCE_4_BITS;
    expect(logits.shape).toEqual([2, 3]);
    for (const [i, value] of expected.entries())
      expect(Math.abs((logits.data as Float32Array)[i] - value)).toBeLessThan(tolerance);
  });
});
