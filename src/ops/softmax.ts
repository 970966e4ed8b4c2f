/** Softmax over the last axis, its logarithm, and the cross-entropy of a classifier. */
import type { Value } from "../graph/graph.js";
import { applyOne } from "../graph/graph.js";
import { defineOp, type Op, type Sample } from "../graph/op.js";
import { exp, mul, sub } from "./arithmetic.js";
import { reduceSum } from "./reduction.js";
import { mapRows, tensor } from "./reference.js";
import { expectDType, expectRank, expectShape, inferElementwise, sliceRows } from "./rules.js";

const WRONG_DTYPE = {
  inputs: [{ shape: [2], dtype: "int64" as const, fill: { below: 2 } }],
  attributes: {},
  code: "E_DTYPE" as const,
  why: "int64 is not float32",
};

const ROW_SAMPLES: readonly Sample<Record<string, never>>[] = [
  { inputs: [{ shape: [2, 3, 5] }], attributes: {} },
  { inputs: [{ shape: [4, 3], fill: { deviation: 1e4 } }], attributes: {} },
];

/** log Σ e^x; the largest is taken out first, so that nothing overflows. */
function logSumExpOf(row: Float64Array): number {
  const top = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return top + Math.log(row.reduce((sum, x) => sum + Math.exp(x - top), 0));
}

function softmaxRow(row: Float64Array, result: Float64Array): void {
  const top = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  let sum = 0;
  for (let i = 0; i < row.length; i++) {
    result[i] = Math.exp(row[i] - top);
    sum += result[i];
  }
  for (let i = 0; i < row.length; i++) result[i] /= sum;
}

/** y = e^x / Σ e^x along the last axis. */
export const Softmax: Op = defineOp({
  name: "Softmax",
  onnx: { type: "Softmax", attributes: () => ({ axis: { int: -1 } }) },
  infer: inferElementwise,
  gradient: ({ outputs: [y], outputGradients: [dy] }) => [dy && applyOne(SoftmaxGradient, [y, dy])],
  reference: ([x]) => [mapRows(x, softmaxRow)],
  slice: sliceRows,
  samples: ROW_SAMPLES,
  errors: [WRONG_DTYPE],
  source: "https://onnx.ai/onnx/operators/onnx__Softmax.html",
});

/** dx = y (dy - Σ dy y) along the last axis. Inputs: y = softmax(x), dy. */
export const SoftmaxGradient: Op = defineOp({
  name: "SoftmaxGradient",
  onnx: ({ emit, inputs: [y, dy], outputs: [dx] }) => {
    const [product] = emit.node("Mul", [y, dy]);
    const [sum] = emit.node("ReduceSum", [product, emit.constant("int64", [1], [-1])], {
      attributes: { keepdims: { int: 1 } },
    });
    const [centred] = emit.node("Sub", [dy, sum]);
    emit.node("Mul", [y, centred], { outputs: [dx] });
  },
  infer: inferElementwise,
  gradient: { none: "second derivatives are not offered" },
  reference: ([y, dy]) => [
    mapRows(dy, (row, result, at) => {
      const from = at * row.length;
      const sum = row.reduce((total, value, i) => total + value * y.data[from + i], 0);
      for (let i = 0; i < row.length; i++) result[i] = y.data[from + i] * (row[i] - sum);
    }),
  ],
  slice: ({ axis }, node) => (axis === node.outputs[0].shape.length - 1 ? undefined : { inputs: [axis, axis] }),
  samples: [{ inputs: [{ shape: [2, 3, 5] }, { shape: [2, 3, 5] }], attributes: {} }],
  errors: [{ inputs: [{ shape: [2, 3] }, { shape: [2, 4] }], attributes: {}, code: "E_SHAPE", why: "y and dy differ" }],
  source: "derivative of softmax, dy/dx = diag(y) - y yᵀ",
});

/** y = x - log Σ e^x along the last axis  =>  dx = dy - e^y Σ dy. */
export const LogSoftmax: Op = defineOp({
  name: "LogSoftmax",
  onnx: { type: "LogSoftmax", attributes: () => ({ axis: { int: -1 } }) },
  infer: inferElementwise,
  gradient: ({ outputs: [y], outputGradients: [dy] }) => [dy && sub(dy, mul(exp(y), reduceSum(dy, [-1])))],
  reference: ([x]) => [
    mapRows(x, (row, result) => {
      const total = logSumExpOf(row);
      for (let i = 0; i < row.length; i++) result[i] = row[i] - total;
    }),
  ],
  slice: sliceRows,
  samples: ROW_SAMPLES,
  errors: [WRONG_DTYPE],
  source: "https://onnx.ai/onnx/operators/onnx__LogSoftmax.html",
});

/** y = log Σ e^x along the last axis, which stays as an axis of size 1  =>  dx = dy softmax(x). */
export const LogSumExp: Op = defineOp({
  name: "LogSumExp",
  onnx: ({ emit, inputs: [x], outputs: [y] }) => {
    emit.node("ReduceLogSumExp", [x, emit.constant("int64", [1], [-1])], {
      outputs: [y],
      attributes: { keepdims: { int: 1 } },
    });
  },
  infer: ([x]) => {
    expectDType(x, "float32", "input");
    return [{ dtype: "float32", shape: [...x.shape.slice(0, -1), 1] }];
  },
  gradient: ({ inputs: [x], outputGradients: [dy] }) => [dy && mul(dy, softmax(x))],
  reference: ([x]) => {
    const width = x.shape[x.shape.length - 1];
    const y = tensor([...x.shape.slice(0, -1), 1]);
    for (let at = 0; at < y.data.length; at++) y.data[at] = logSumExpOf(x.data.subarray(at * width, (at + 1) * width));
    return [y];
  },
  slice: sliceRows,
  samples: ROW_SAMPLES,
  errors: [WRONG_DTYPE],
  source: "https://onnx.ai/onnx/operators/onnx__ReduceLogSumExp.html",
});

function inferCrossEntropy([logits, labels, weights]: Parameters<Op["infer"]>[0]): void {
  expectDType(logits, "float32", "logits");
  expectRank(logits, 2, "logits");
  expectDType(labels, "int64", "labels");
  expectShape(labels, [logits.shape[0]], "labels");
  expectDType(weights, "float32", "weights");
  expectShape(weights, [logits.shape[0]], "weights");
}

/**
 * loss = Σ_i weights_i · -log softmax(logits_i)[labels_i]: logits [B, C], labels [B] int64 in [0, C),
 * weights [B] float32; loss []. With weights 1/B it is the mean over the batch; a batch that is computed
 * in parts keeps the exact sum.
 */
export const CrossEntropy: Op = defineOp({
  name: "CrossEntropy",
  onnx: ({ emit, node, inputs: [logits, labels, weights], outputs: [loss] }) => {
    const [logProbabilities] = emit.node("LogSoftmax", [logits], { attributes: { axis: { int: -1 } } });
    const [rows] = node.inputs[0].shape;
    const [chosen] = emit.node("GatherElements", [logProbabilities, emit.reshape(labels, [rows], [rows, 1])], {
      attributes: { axis: { int: 1 } },
    });
    const [weighted] = emit.node("Mul", [emit.reshape(chosen, [rows, 1], [rows]), weights]);
    const [sum] = emit.node("ReduceSum", [weighted, emit.constant("int64", [1], [0])], {
      attributes: { keepdims: { int: 0 } },
    });
    emit.node("Neg", [sum], { outputs: [loss] });
  },
  infer: (inputs) => {
    inferCrossEntropy(inputs);
    return [{ dtype: "float32", shape: [] }];
  },
  gradient: ({ inputs: [logits, labels, weights], outputGradients: [dy] }) => [
    dy && applyOne(CrossEntropyGradient, [logits, labels, weights, dy]),
    undefined,
    undefined,
  ],
  reference: ([logits, labels, weights]) => {
    const classes = logits.shape[1];
    const loss = tensor([]);
    for (const [at, label] of labels.data.entries()) {
      const row = logits.data.subarray(at * classes, (at + 1) * classes);
      loss.data[0] += weights.data[at] * (logSumExpOf(row) - row[label]);
    }
    return [loss];
  },
  samples: [
    {
      inputs: [
        { shape: [4, 3] },
        { shape: [4], dtype: "int64", fill: { below: 3 } },
        { shape: [4], fill: "positive", differentiate: false },
      ],
      attributes: {},
    },
    {
      inputs: [
        { shape: [4, 3], fill: { deviation: 1e4 } },
        { shape: [4], dtype: "int64", fill: { below: 3 } },
        { shape: [4], fill: "positive", differentiate: false },
      ],
      attributes: {},
    },
  ],
  errors: [
    {
      inputs: [{ shape: [4, 3] }, { shape: [3], dtype: "int64", fill: { below: 3 } }, { shape: [4] }],
      attributes: {},
      code: "E_SHAPE",
      why: "3 labels for 4 rows",
    },
  ],
  source: "torch.nn.functional.cross_entropy, with a weight per row",
});

/** dlogits = weights (softmax(logits) - onehot(labels)) dloss. Inputs as {@link CrossEntropy}, then dloss []. */
export const CrossEntropyGradient: Op = defineOp({
  name: "CrossEntropyGradient",
  onnx: ({ emit, node, inputs: [logits, labels, weights, dloss], outputs: [dx] }) => {
    const [rows, classes] = node.inputs[0].shape;
    const count = classes as number;
    const classIds = emit.constant(
      "int64",
      [1, count],
      Array.from({ length: count }, (_, i) => i),
    );
    const [probabilities] = emit.node("Softmax", [logits], { attributes: { axis: { int: -1 } } });
    const [isLabel] = emit.node("Equal", [emit.reshape(labels, [rows], [rows, 1]), classIds]);
    const [oneHot] = emit.node("Cast", [isLabel], { attributes: { to: { int: 1 } } });
    const [difference] = emit.node("Sub", [probabilities, oneHot]);
    const [scale] = emit.node("Mul", [weights, dloss]);
    emit.node("Mul", [difference, emit.reshape(scale, [rows], [rows, 1])], { outputs: [dx] });
  },
  infer: ([logits, labels, weights, dloss]) => {
    inferCrossEntropy([logits, labels, weights]);
    expectShape(dloss, [], "dloss");
    return [{ dtype: "float32", shape: logits.shape }];
  },
  gradient: { none: "second derivatives are not offered" },
  reference: ([logits, labels, weights, dloss]) => [
    mapRows(logits, (row, result, at) => {
      softmaxRow(row, result);
      result[labels.data[at]] -= 1;
      for (let i = 0; i < result.length; i++) result[i] *= weights.data[at] * dloss.data[0];
    }),
  ],
  samples: [
    {
      inputs: [
        { shape: [4, 3] },
        { shape: [4], dtype: "int64", fill: { below: 3 } },
        { shape: [4], fill: "positive" },
        { shape: [] },
      ],
      attributes: {},
    },
  ],
  errors: [
    {
      inputs: [{ shape: [4, 3] }, { shape: [4], dtype: "int64", fill: { below: 3 } }, { shape: [4] }, { shape: [1] }],
      attributes: {},
      code: "E_SHAPE",
      why: "dloss is no scalar",
    },
  ],
  source: "derivative of the cross-entropy of a softmax",
});

/**
 * e^x / Σ e^x along the last axis.
 *
 * @example
 * const weights = softmax(x); // they sum to 1
 */
export const softmax = (x: Value): Value => applyOne(Softmax, [x]);
/**
 * x - log Σ e^x along the last axis: the logarithm of {@link softmax}, exact for small ones too.
 *
 * @example
 * const logProbabilities = logSoftmax(x);
 */
export const logSoftmax = (x: Value): Value => applyOne(LogSoftmax, [x]);
export const logSumExp = (x: Value): Value => applyOne(LogSumExp, [x]);
export const crossEntropy = (logits: Value, labels: Value, weights: Value): Value =>
  applyOne(CrossEntropy, [logits, labels, weights]);
