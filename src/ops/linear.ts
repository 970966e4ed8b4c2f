/** Matrix products: where nearly all of the time goes. */
import { fail } from "../base/errors.js";
import type { Value } from "../graph/graph.js";
import { applyOne } from "../graph/graph.js";
import { defineOp, type Op, type ReferenceTensor, type TensorType } from "../graph/op.js";
import { type Dim, formatShape, multiplyDims, sameShape, sizeOf } from "../graph/shape.js";
import { sumLeading } from "./reduction.js";
import { tensor } from "./reference.js";
import { expectDType, expectRank, expectShape } from "./rules.js";

interface MatMulAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly scale: number;
  readonly [name: string]: boolean | number;
}

/**
 * y = scale · op(A) op(B) on the last two axes, op a transposition or nothing.
 * A and B have the same leading axes, or B lacks the first ones of A's: A [B, H, T, K] times B [H, K, R], or [K, R].
 */
export const MatMul: Op = defineOp<MatMulAttributes>({
  name: "MatMul",
  onnx: ({ emit, node, inputs, outputs, attributes: { transposeA, transposeB, scale } }) => {
    if (!transposeA && !transposeB && scale === 1) {
      emit.node("MatMul", inputs, { outputs });
      return;
    }
    if (emit.device !== "cpu" || emit.operators === "standard") {
      // FusedMatMul has no GPU kernel: the standard operators keep the product on the device. On the CPU onnxruntime
      // joins them again.
      const swap = (input: string, rank: number): string => {
        const axes = Array.from({ length: rank }, (_, axis) => axis);
        return emit.node("Transpose", [input], {
          attributes: { perm: { ints: [...axes.slice(0, -2), rank - 1, rank - 2] } },
        })[0];
      };
      const [a, b] = inputs.map((input, i) =>
        [transposeA, transposeB][i] ? swap(input, node.inputs[i].shape.length) : input,
      );
      if (scale === 1) {
        emit.node("MatMul", [a, b], { outputs });
        return;
      }
      const [product] = emit.node("MatMul", [a, b]);
      emit.node("Mul", [product, emit.constant("float32", [], [scale])], { outputs });
      return;
    }
    emit.node("FusedMatMul", inputs, {
      outputs,
      domain: "com.microsoft",
      attributes: { transA: { int: Number(transposeA) }, transB: { int: Number(transposeB) }, alpha: { float: scale } },
    });
  },
  infer: ([a, b], { transposeA, transposeB }) => {
    for (const [name, input] of [
      ["A", a],
      ["B", b],
    ] as const) {
      expectDType(input, "float32", name);
      if (input.shape.length < 2)
        fail("E_SHAPE", { where: name, expected: "at least 2 axes", got: formatShape(input.shape) });
    }
    const batch = a.shape.slice(0, -2);
    const other = b.shape.slice(0, -2);
    const own = batch.slice(Math.max(0, batch.length - other.length));
    if (!sameShape(own, other)) {
      fail("E_SHAPE", { where: "leading axes", expected: formatShape(own), got: formatShape(other) });
    }
    const [m, k] = lastTwo(a, transposeA);
    const [inner, n] = lastTwo(b, transposeB);
    if (k !== inner) fail("E_SHAPE", { where: "inner axes", expected: "equal sizes", got: `${k} and ${inner}` });
    return [{ dtype: "float32", shape: [...batch, m, n] }];
  },
  // y = s A B        =>  dA = s dy Bᵀ, dB = s Aᵀ dy
  // y = s Aᵀ B       =>  dA = s B dyᵀ
  // y = s A Bᵀ       =>  dB = s dyᵀ A
  gradient: ({ inputs: [a, b], outputGradients: [dy], wanted }, { transposeA: ta, transposeB: tb, scale }) => {
    if (dy === undefined) return [undefined, undefined];
    const da = () =>
      ta ? matMul(b, dy, { transposeA: tb, transposeB: true, scale }) : matMul(dy, b, { transposeB: !tb, scale });
    const db = () => {
      // For B without the first axes of A, the reverse walk sums over these.
      if (b.shape.length > 2 || a.shape.length === 2) {
        return tb
          ? matMul(dy, a, { transposeA: true, transposeB: ta, scale })
          : matMul(a, dy, { transposeA: !ta, scale });
      }
      if (ta || scale !== 1) {
        fail("E_GRADIENT", {
          where: "MatMul",
          expected: "a plain product where B is one matrix for all",
          got: "a transposed or scaled A",
        });
      }
      return tb ? outerProduct(dy, a) : outerProduct(a, dy);
    };
    return [wanted[0] ? da() : undefined, wanted[1] ? db() : undefined];
  },
  reference: ([a, b], { transposeA, transposeB, scale }) => [multiply(a, b, transposeA, transposeB, scale)],
  slice: ({ axis }, node, { transposeA, transposeB }) => {
    const rank = node.outputs[0].shape.length;
    if (axis === rank - 2) return { inputs: [transposeA ? rank - 1 : rank - 2, "whole"] };
    const rankB = node.inputs[1].shape.length;
    if (axis === rank - 1) return { inputs: ["whole", transposeB ? rankB - 2 : rankB - 1] };
    const axisB = axis - rank + rankB;
    return { inputs: [axis, axisB < 0 ? "whole" : axisB] };
  },
  samples: [
    { inputs: [{ shape: [3, 4] }, { shape: [4, 2] }], attributes: { transposeA: false, transposeB: false, scale: 1 } },
    {
      inputs: [{ shape: [2, 3, 4] }, { shape: [2, 5, 4] }],
      attributes: { transposeA: false, transposeB: true, scale: 0.5 },
    },
    {
      inputs: [{ shape: [2, 4, 3] }, { shape: [2, 4, 5] }],
      attributes: { transposeA: true, transposeB: false, scale: 1 },
    },
    {
      inputs: [{ shape: [2, 4, 3] }, { shape: [2, 5, 4] }],
      attributes: { transposeA: true, transposeB: true, scale: 2 },
    },
    {
      inputs: [{ shape: [2, 3, 4] }, { shape: [4, 5] }],
      attributes: { transposeA: false, transposeB: false, scale: 1 },
    },
    {
      inputs: [{ shape: [2, 3, 4] }, { shape: [5, 4] }],
      attributes: { transposeA: false, transposeB: true, scale: 1 },
    },
    {
      inputs: [{ shape: [3, 2, 5, 4] }, { shape: [2, 6, 4] }],
      attributes: { transposeA: false, transposeB: true, scale: 0.5 },
    },
    {
      inputs: [{ shape: [3, 2, 5, 4] }, { shape: [2, 4, 6] }],
      attributes: { transposeA: false, transposeB: false, scale: 1 },
    },
  ],
  errors: [
    {
      inputs: [{ shape: [3, 4] }, { shape: [3, 2] }],
      attributes: { transposeA: false, transposeB: false, scale: 1 },
      code: "E_SHAPE",
      why: "4 is not 3",
    },
    {
      inputs: [{ shape: [2, 3, 4] }, { shape: [3, 4, 2] }],
      attributes: { transposeA: false, transposeB: false, scale: 1 },
      code: "E_SHAPE",
      why: "batches differ",
    },
  ],
  source: "https://onnx.ai/onnx/operators/onnx__MatMul.html; onnxruntime ContribOperators.md FusedMatMul",
});

/** y = x Wᵀ + b: x [..., I], W [O, I] as PyTorch and Hugging Face store it, b [O]; y [..., O]. */
export const Linear: Op = defineOp({
  name: "Linear",
  onnx: ({ emit, node, inputs: [x, w, b], outputs: [y] }) => {
    const { shape } = node.inputs[0];
    const output = node.outputs[0].shape;
    const rows = multiplyDims(shape.slice(0, -1));
    const gemm = (matrix: string, options: { outputs?: string[] }) =>
      emit.node("Gemm", [matrix, w, b], { ...options, attributes: { transB: { int: 1 } } });
    if (shape.length === 2) {
      gemm(x, { outputs: [y] });
      return;
    }
    const [product] = gemm(emit.reshape(x, shape, [rows, shape[shape.length - 1]]), {});
    emit.reshape(product, [rows, output[output.length - 1]], output, y);
  },
  infer: ([x, w, b]) => {
    for (const input of [x, w, b]) expectDType(input, "float32", "input");
    expectRank(w, 2, "weight");
    if (x.shape.length < 2) fail("E_SHAPE", { where: "x", expected: "at least 2 axes", got: formatShape(x.shape) });
    const width = x.shape[x.shape.length - 1];
    if (width !== w.shape[1])
      fail("E_SHAPE", { where: "weight", expected: `${width} columns`, got: formatShape(w.shape) });
    expectShape(b, [w.shape[0]], "bias");
    return [{ dtype: "float32", shape: [...x.shape.slice(0, -1), w.shape[0]] }];
  },
  // y = x Wᵀ + b  =>  dx = dy W, dW = dyᵀ x, db = Σ dy
  gradient: ({ inputs: [x, w], outputGradients: [dy], wanted }) => [
    wanted[0] && dy ? matMul(dy, w) : undefined,
    wanted[1] && dy ? outerProduct(dy, x) : undefined,
    wanted[2] && dy ? sumLeading(dy) : undefined,
  ],
  reference: ([x, w, b]) => {
    const y = multiply(x, w, false, true, 1);
    for (let at = 0; at < y.data.length; at++) y.data[at] += b.data[at % b.data.length];
    return [y];
  },
  slice: ({ axis }, node) =>
    axis === node.outputs[0].shape.length - 1 ? undefined : { inputs: [axis, "whole", "whole"] },
  samples: [
    { inputs: [{ shape: [5, 3] }, { shape: [4, 3] }, { shape: [4] }], attributes: {} },
    { inputs: [{ shape: [2, 3, 4] }, { shape: [5, 4] }, { shape: [5] }], attributes: {} },
  ],
  errors: [
    {
      inputs: [{ shape: [5, 3] }, { shape: [3, 4] }, { shape: [3] }],
      attributes: {},
      code: "E_SHAPE",
      why: "the weight is transposed",
    },
    {
      inputs: [{ shape: [5, 3] }, { shape: [4, 3] }, { shape: [3] }],
      attributes: {},
      code: "E_SHAPE",
      why: "the bias is too short",
    },
  ],
  source: "torch.nn.Linear; https://onnx.ai/onnx/operators/onnx__Gemm.html",
});

/** Σ over rows of aᵀ b: a [..., M], b [..., N] with the same leading axes; [M, N]. The gradient of a weight. */
export const OuterProduct: Op = defineOp({
  name: "OuterProduct",
  onnx: ({ emit, node, inputs, outputs }) => {
    const matrices = inputs.map((input, index) => {
      const { shape } = node.inputs[index];
      return emit.reshape(input, shape, [multiplyDims(shape.slice(0, -1)), shape[shape.length - 1]]);
    });
    emit.node("Gemm", matrices, { outputs, attributes: { transA: { int: 1 } } });
  },
  infer: ([a, b]) => {
    expectDType(a, "float32", "a");
    expectDType(b, "float32", "b");
    if (a.shape.length < 2) fail("E_SHAPE", { where: "a", expected: "at least 2 axes", got: formatShape(a.shape) });
    expectShape({ dtype: "float32", shape: b.shape.slice(0, -1) }, a.shape.slice(0, -1), "leading axes of b");
    return [{ dtype: "float32", shape: [a.shape[a.shape.length - 1], b.shape[b.shape.length - 1]] }];
  },
  // y = aᵀ b  =>  da = b dyᵀ, db = a dy
  gradient: ({ inputs: [a, b], outputGradients: [dy], wanted }) => [
    wanted[0] && dy ? matMul(b, dy, { transposeB: true }) : undefined,
    wanted[1] && dy ? matMul(a, dy) : undefined,
  ],
  reference: ([a, b]) => [multiply(flatten(a), flatten(b), true, false, 1)],
  samples: [
    { inputs: [{ shape: [5, 3] }, { shape: [5, 4] }], attributes: {} },
    { inputs: [{ shape: [2, 3, 4] }, { shape: [2, 3, 5] }], attributes: {} },
  ],
  errors: [
    { inputs: [{ shape: [5, 3] }, { shape: [4, 3] }], attributes: {}, code: "E_SHAPE", why: "5 rows are not 4" },
  ],
  source: "gradient of torch.nn.Linear.weight",
});

function lastTwo({ shape }: TensorType, transposed: boolean): [Dim, Dim] {
  const [rows, columns] = shape.slice(-2);
  return transposed ? [columns, rows] : [rows, columns];
}

function flatten(x: ReferenceTensor): ReferenceTensor {
  const width = x.shape[x.shape.length - 1];
  return { shape: [x.data.length / width, width], data: x.data };
}

function multiply(a: ReferenceTensor, b: ReferenceTensor, ta: boolean, tb: boolean, scale: number): ReferenceTensor {
  const [m, k] = lastTwo({ dtype: "float32", shape: a.shape }, ta) as [number, number];
  const [, n] = lastTwo({ dtype: "float32", shape: b.shape }, tb) as [number, number];
  const batch = a.shape.slice(0, -2);
  const matricesOfB = sizeOf(b.shape.slice(0, -2));
  const y = tensor([...batch, m, n]);
  for (let at = 0; at < sizeOf(batch); at++) {
    const A = a.data.subarray(at * m * k);
    const B = b.data.subarray((at % matricesOfB) * k * n);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let p = 0; p < k; p++) sum += A[ta ? p * m + i : i * k + p] * B[tb ? j * k + p : p * n + j];
        y.data[at * m * n + i * n + j] = scale * sum;
      }
    }
  }
  return y;
}

/**
 * scale · op(a) op(b) on the last two axes.
 *
 * @example
 * const similarities = matMul(sequence, sequence, { transposeB: true }); // [B, T, T]
 */
export const matMul = (
  a: Value,
  b: Value,
  options: { transposeA?: boolean; transposeB?: boolean; scale?: number } = {},
): Value => applyOne(MatMul, [a, b], { transposeA: false, transposeB: false, scale: 1, ...options });
/**
 * x Wᵀ + b: x [..., I], weight [O, I], bias [O]; [..., O]. `dense` declares weight and bias itself.
 *
 * @example
 * const logits = (weight: Value, bias: Value) => linear(x, weight, bias);
 */
export const linear = (x: Value, weight: Value, bias: Value): Value => applyOne(Linear, [x, weight, bias]);
export const outerProduct = (a: Value, b: Value): Value => applyOne(OuterProduct, [a, b]);
