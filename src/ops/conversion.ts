/** Conversions between element types. */

import { fail } from "../base/errors.js";
import type { Value } from "../graph/graph.js";
import { applyOne } from "../graph/graph.js";
import { defineOp, type Op } from "../graph/op.js";

/** ONNX's TensorProto.DataType of float32. */
const FLOAT = 1;

/** Integers or booleans as float32. */
export const ToFloat: Op = defineOp({
  name: "ToFloat",
  onnx: { type: "Cast", attributes: () => ({ to: { int: FLOAT } }) },
  infer: ([x]) => {
    if (x.dtype === "float32") fail("E_DTYPE", { where: "input", expected: "integers or booleans", got: "float32" });
    return [{ dtype: "float32", shape: x.shape }];
  },
  gradient: { none: "an integer has no gradient" },
  reference: ([x]) => [x],
  slice: ({ axis }) => ({ inputs: [axis] }),
  samples: [
    { inputs: [{ shape: [2, 3], dtype: "int64", fill: { below: 9 } }], attributes: {} },
    { inputs: [{ shape: [4], dtype: "bool", fill: "mask" }], attributes: {} },
  ],
  errors: [{ inputs: [{ shape: [2] }], attributes: {}, code: "E_DTYPE", why: "it is float32 already" }],
  source: "https://onnx.ai/onnx/operators/onnx__Cast.html",
});

export const toFloat = (x: Value): Value => applyOne(ToFloat, [x]);
