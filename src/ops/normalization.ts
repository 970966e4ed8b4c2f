/** Layer normalisation over the last axis. */
import { fail } from "../base/errors.js";
import type { Value } from "../graph/graph.js";
import { applyOne } from "../graph/graph.js";
import { defineOp, type Op } from "../graph/op.js";
import { multiplyDims } from "../graph/shape.js";
import { mapRows, tensor } from "./reference.js";
import { expectDType, expectShape, sliceRows } from "./rules.js";

/**
 * y = (x - mean) / sqrt(variance + epsilon) · gamma + beta over the last axis, the variance biased.
 * x [..., D], gamma [D], beta [D]; y [..., D], mean [..., 1], inverseDeviation [..., 1].
 */
export const LayerNorm: Op = defineOp<{ epsilon: number }>({
  name: "LayerNorm",
  onnx: {
    type: "LayerNormalization",
    attributes: ({ epsilon }) => ({ axis: { int: -1 }, epsilon: { float: epsilon } }),
  },
  infer: ([x, gamma, beta]) => {
    for (const input of [x, gamma, beta]) expectDType(input, "float32", "input");
    const width = x.shape[x.shape.length - 1];
    expectShape(gamma, [width], "gamma");
    expectShape(beta, [width], "beta");
    const statistics = { dtype: "float32", shape: [...x.shape.slice(0, -1), 1] } as const;
    return [{ dtype: "float32", shape: x.shape }, statistics, statistics];
  },
  gradient: ({ inputs: [x, gamma], outputs: [y, mean, inverseDeviation], outputGradients: [dy, dMean, dInverse] }) => {
    if (dy === undefined || dMean !== undefined || dInverse !== undefined) {
      fail("E_GRADIENT", {
        where: "LayerNorm",
        expected: "a gradient of y alone",
        got: "one of mean or inverseDeviation",
      });
    }
    return y.graph.apply(LayerNormGradient, [x, gamma, mean, inverseDeviation, dy]);
  },
  reference: ([x, gamma, beta], { epsilon }) => {
    const rows = [...x.shape.slice(0, -1), 1];
    const means = tensor(rows);
    const deviations = tensor(rows);
    const y = mapRows(x, (row, result, at) => {
      const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
      const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
      means.data[at] = mean;
      deviations.data[at] = 1 / Math.sqrt(variance + epsilon);
      for (let i = 0; i < row.length; i++)
        result[i] = (row[i] - mean) * deviations.data[at] * gamma.data[i] + beta.data[i];
    });
    return [y, means, deviations];
  },
  slice: sliceRows,
  samples: [
    { inputs: [{ shape: [3, 5] }, { shape: [5], fill: "positive" }, { shape: [5] }], attributes: { epsilon: 1e-12 } },
    { inputs: [{ shape: [2, 3, 4] }, { shape: [4], fill: "positive" }, { shape: [4] }], attributes: { epsilon: 0.1 } },
  ],
  errors: [
    {
      inputs: [{ shape: [3, 5] }, { shape: [4] }, { shape: [5] }],
      attributes: { epsilon: 1e-12 },
      code: "E_SHAPE",
      why: "gamma is too short",
    },
  ],
  source: "arXiv:1607.06450; https://onnx.ai/onnx/operators/onnx__LayerNormalization.html",
});

/**
 * With n = (x - mean) · inverseDeviation and g = dy · gamma:
 * dx = inverseDeviation (g - mean(g) - n mean(g n)), dgamma = Σ dy n, dbeta = Σ dy.
 * Inputs: x, gamma, mean, inverseDeviation, dy.
 */
export const LayerNormGradient: Op = defineOp({
  name: "LayerNormGradient",
  // The row means are products with gamma / D, the sums over rows products with ones: both run in the
  // matrix kernels, so that g itself is formed once and n · dy serves two sums.
  onnx: ({ emit, node, inputs: [x, gamma, mean, inverse, dy], outputs: [dx, dgamma, dbeta] }) => {
    const { shape } = node.inputs[0];
    const rows = multiplyDims(shape.slice(0, -1));
    const width = shape[shape.length - 1];
    const statistics = node.inputs[2].shape;
    const matrix = (value: string) => emit.reshape(value, shape, [rows, width]);
    const [centred] = emit.node("Sub", [x, mean]);
    const [normal] = emit.node("Mul", [centred, inverse]);
    const [product] = emit.node("Mul", [dy, normal]);
    if (dgamma !== "" || dbeta !== "") {
      const [ones] = emit.node("Expand", [emit.constant("float32", [1, 1], [1]), emit.dims([1, rows])]);
      for (const [summand, result] of [
        [product, dgamma],
        [dy, dbeta],
      ]) {
        if (result === "") continue;
        const [sum] = emit.node("MatMul", [ones, matrix(summand)]);
        emit.reshape(sum, [1, width], [width], result);
      }
    }
    if (dx === "") return;
    const [share] = emit.node("Mul", [gamma, emit.constant("float32", [], [1 / (width as number)])]);
    const column = emit.reshape(share, [width], [width, 1]);
    const [meanG] = emit.node("MatMul", [matrix(dy), column]);
    const [meanGN] = emit.node("MatMul", [matrix(product), column]);
    const [g] = emit.node("Mul", [dy, gamma]);
    const [along] = emit.node("Mul", [normal, emit.reshape(meanGN, [rows, 1], statistics)]);
    const [level] = emit.node("Sub", [g, emit.reshape(meanG, [rows, 1], statistics)]);
    const [rest] = emit.node("Sub", [level, along]);
    emit.node("Mul", [rest, inverse], { outputs: [dx] });
  },
  infer: ([x, gamma, mean, inverse, dy]) => {
    for (const input of [x, gamma, mean, inverse, dy]) expectDType(input, "float32", "input");
    expectShape(dy, x.shape, "dy");
    expectShape(mean, [...x.shape.slice(0, -1), 1], "mean");
    expectShape(inverse, mean.shape, "inverseDeviation");
    return [
      { dtype: "float32", shape: x.shape },
      { dtype: "float32", shape: gamma.shape },
      { dtype: "float32", shape: gamma.shape },
    ];
  },
  gradient: { none: "second derivatives are not offered" },
  reference: ([x, gamma, mean, inverse, dy]) => {
    const width = gamma.data.length;
    const dgamma = tensor(gamma.shape);
    const dbeta = tensor(gamma.shape);
    const dx = mapRows(x, (row, result, at) => {
      const n = row.map((value) => (value - mean.data[at]) * inverse.data[at]);
      const d = dy.data.subarray(at * width, (at + 1) * width);
      const g = d.map((value, i) => value * gamma.data[i]);
      const meanG = g.reduce((sum, value) => sum + value, 0) / width;
      const meanGN = g.reduce((sum, value, i) => sum + value * n[i], 0) / width;
      for (let i = 0; i < width; i++) {
        result[i] = inverse.data[at] * (g[i] - meanG - n[i] * meanGN);
        dgamma.data[i] += d[i] * n[i];
        dbeta.data[i] += d[i];
      }
    });
    return [dx, dgamma, dbeta];
  },
  samples: [
    {
      inputs: [
        { shape: [2, 3, 4] },
        { shape: [4], fill: "positive" },
        { shape: [2, 3, 1] },
        { shape: [2, 3, 1], fill: "positive" },
        { shape: [2, 3, 4] },
      ],
      attributes: {},
    },
  ],
  errors: [
    {
      inputs: [{ shape: [3, 4] }, { shape: [4] }, { shape: [3, 1] }, { shape: [3, 1] }, { shape: [3, 5] }],
      attributes: {},
      code: "E_SHAPE",
      why: "dy is not of x's shape",
    },
  ],
  source: "derivative of layer normalisation; arXiv:1607.06450 supplementary",
});

/** Layer normalisation of the last axis of x [..., D] with gamma [D] and beta [D]. */
export const layerNorm = (x: Value, gamma: Value, beta: Value, epsilon: number): Value =>
  applyOne(LayerNorm, [x, gamma, beta], { epsilon });
