/** Rows of a table by index: embeddings and their gradient. */
import type { Value } from "../graph/graph.js";
import { applyOne } from "../graph/graph.js";
import { defineOp, type Op } from "../graph/op.js";
import { type Dim, multiplyDims } from "../graph/shape.js";
import { tensor } from "./reference.js";
import { expectDType, expectRank, expectShape } from "./rules.js";

/** y[...] = table[ids[...]]: table [V, D] float32, ids [...] int64 in [0, V); y [..., D]. */
export const Lookup: Op = defineOp({
  name: "Lookup",
  onnx: { type: "Gather", attributes: () => ({ axis: { int: 0 } }) },
  infer: ([table, ids]) => {
    expectDType(table, "float32", "table");
    expectRank(table, 2, "table");
    expectDType(ids, "int64", "ids");
    return [{ dtype: "float32", shape: [...ids.shape, table.shape[1]] }];
  },
  // y = table[ids]  =>  dtable[v] = Σ dy over the places where ids = v
  gradient: ({ inputs: [table, ids], outputGradients: [dy], wanted }) => [
    wanted[0] && dy ? applyOne(ScatterRows, [ids, dy], { rows: table.shape[0] }) : undefined,
    undefined,
  ],
  reference: ([table, ids]) => {
    const width = table.shape[1];
    const y = tensor([...ids.shape, width]);
    for (const [at, id] of ids.data.entries())
      y.data.set(table.data.subarray(id * width, (id + 1) * width), at * width);
    return [y];
  },
  slice: ({ axis }, node) =>
    axis < node.inputs[1].shape.length ? { inputs: ["whole", axis] } : { inputs: [1, "whole"] },
  samples: [
    { inputs: [{ shape: [5, 3] }, { shape: [2, 4], dtype: "int64", fill: { below: 5 } }], attributes: {} },
    { inputs: [{ shape: [5, 3] }, { shape: [7], dtype: "int64", fill: { below: 5 } }], attributes: {} },
  ],
  errors: [{ inputs: [{ shape: [5, 3] }, { shape: [4] }], attributes: {}, code: "E_DTYPE", why: "float32 indices" }],
  source: "torch.nn.Embedding; https://onnx.ai/onnx/operators/onnx__Gather.html",
});

/** y[v] = Σ x[i] over i with ids[i] = v: ids [...] int64, x [..., D] float32; y [rows, D]. */
export const ScatterRows: Op = defineOp<{ rows: Dim }>({
  name: "ScatterRows",
  // Not ScatterND: onnxruntime adds its rows from several threads at once and loses some where an id repeats.
  onnx: ({ emit, node, inputs: [ids, x], outputs: [y] }) => {
    const [idType, xType] = node.inputs;
    const count = multiplyDims(idType.shape);
    const width = xType.shape[xType.shape.length - 1];
    const [zeros] = emit.node("Expand", [emit.constant("float32", [1, 1], [0]), emit.dims(node.outputs[0].shape)]);
    const [indices] = emit.node("Expand", [emit.reshape(ids, idType.shape, [count, 1]), emit.dims([count, width])]);
    const updates = emit.reshape(x, xType.shape, [count, width]);
    emit.node("ScatterElements", [zeros, indices, updates], {
      outputs: [y],
      attributes: { axis: { int: 0 }, reduction: { string: "add" } },
    });
  },
  infer: ([ids, x], { rows }) => {
    expectDType(ids, "int64", "ids");
    expectDType(x, "float32", "x");
    expectShape({ dtype: "float32", shape: x.shape.slice(0, -1) }, ids.shape, "leading axes of x");
    return [{ dtype: "float32", shape: [rows, x.shape[x.shape.length - 1]] }];
  },
  // y[v] = Σ x  =>  dx = dy[ids]
  gradient: ({ inputs: [ids], outputGradients: [dy] }) => [undefined, dy && lookup(dy, ids)],
  reference: ([ids, x], { rows }) => {
    const width = x.shape[x.shape.length - 1];
    const y = tensor([rows as number, width]);
    for (const [at, id] of ids.data.entries()) {
      for (let d = 0; d < width; d++) y.data[id * width + d] += x.data[at * width + d];
    }
    return [y];
  },
  samples: [
    { inputs: [{ shape: [2, 4], dtype: "int64", fill: { below: 3 } }, { shape: [2, 4, 3] }], attributes: { rows: 5 } },
    // Enough rows on few ids for threads to meet.
    { inputs: [{ shape: [1024], dtype: "int64", fill: { below: 3 } }, { shape: [1024, 16] }], attributes: { rows: 4 } },
  ],
  errors: [
    {
      inputs: [{ shape: [3], dtype: "int64", fill: { below: 3 } }, { shape: [2, 3] }],
      attributes: { rows: 5 },
      code: "E_SHAPE",
      why: "3 ids for 2 rows",
    },
  ],
  source: "gradient of torch.nn.Embedding.weight; https://onnx.ai/onnx/operators/onnx__ScatterElements.html",
});

export const lookup = (table: Value, ids: Value): Value => applyOne(Lookup, [table, ids]);
