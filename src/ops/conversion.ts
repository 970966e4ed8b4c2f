/** Conversions between element types. */

import { fail } from "../base/errors.js";
import type { Value } from "../graph/graph.js";
import { applyOne } from "../graph/graph.js";
import { defineOp, type Op } from "../graph/op.js";
import { tensor } from "./reference.js";
import { expectDType } from "./rules.js";

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

/** y[..., c] is 1 where ids[...] = c and 0 elsewhere: ids [...] int64 in [0, classes), y [..., classes] float32. */
export const OneHot: Op = defineOp<{ classes: number }>({
  name: "OneHot",
  onnx: ({ emit, node, inputs: [ids], outputs: [y], attributes: { classes } }) => {
    const { shape } = node.inputs[0];
    const all = emit.constant(
      "int64",
      [classes],
      Array.from({ length: classes }, (_, i) => i),
    );
    const [equal] = emit.node("Equal", [emit.reshape(ids, shape, [...shape, 1]), all]);
    emit.node("Cast", [equal], { outputs: [y], attributes: { to: { int: FLOAT } } });
  },
  infer: ([ids], { classes }) => {
    expectDType(ids, "int64", "ids");
    return [{ dtype: "float32", shape: [...ids.shape, classes] }];
  },
  gradient: { none: "an integer has no gradient" },
  reference: ([ids], { classes }) => {
    const y = tensor([...ids.shape, classes]);
    for (const [at, id] of ids.data.entries()) y.data[at * classes + id] = 1;
    return [y];
  },
  slice: ({ axis }, node) => (axis < node.inputs[0].shape.length ? { inputs: [axis] } : undefined),
  samples: [{ inputs: [{ shape: [2, 3], dtype: "int64", fill: { below: 4 } }], attributes: { classes: 4 } }],
  errors: [{ inputs: [{ shape: [2] }], attributes: { classes: 2 }, code: "E_DTYPE", why: "float32 ids" }],
  source: "torch.nn.functional.one_hot, as float32",
});

/**
 * Integers or booleans as float32.
 *
 * @example
 * const real = toFloat(mask); // [B, T], 1 on tokens and 0 on padding
 */
export const toFloat = (x: Value): Value => applyOne(ToFloat, [x]);
export const oneHot = (ids: Value, classes: number): Value => applyOne(OneHot, [ids], { classes });
