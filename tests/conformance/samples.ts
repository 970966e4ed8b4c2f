/** Fills the sample inputs of operator records. */
import type { Random } from "../../src/base/random.js";
import type { DType } from "../../src/graph/dtype.js";
import type { ReferenceTensor, SampleTensor } from "../../src/graph/op.js";
import { sizeOf } from "../../src/graph/shape.js";
import type { Tensor } from "../../src/runtime/session.js";

/** A tensor as `sample` asks for; values are float32 numbers, so that float32 and float64 runs see the same. */
export function fillSample({ shape, fill = "normal" }: SampleTensor, random: Random): ReferenceTensor {
  const draw = (): number => {
    if (typeof fill === "object")
      return "below" in fill ? random.integer(fill.below) : fill.deviation * random.normal();
    if (fill === "mask") return random.integer(2);
    if (fill === "positive") return 0.5 + 1.5 * random.float();
    if (fill === "unit") return 1.8 * random.float() - 0.9;
    return random.normal();
  };
  return { shape, data: Float64Array.from({ length: sizeOf(shape) }, () => Math.fround(draw())) };
}

/** The tensor as onnxruntime takes it. */
export function toRuntime(tensor: ReferenceTensor, dtype: DType): Tensor {
  const { shape, data } = tensor;
  if (dtype === "int64") return { dtype, shape, data: BigInt64Array.from(data, BigInt) };
  if (dtype === "int32") return { dtype, shape, data: Int32Array.from(data) };
  if (dtype === "bool") return { dtype, shape, data: Uint8Array.from(data) };
  return { dtype, shape, data: Float32Array.from(data) };
}
