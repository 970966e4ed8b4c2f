/** What depends on how far a key stands from its query: the operators of relative positions. */
import { fail } from "../base/errors.js";
import type { Value } from "../graph/graph.js";
import { applyOne } from "../graph/graph.js";
import { defineOp, type Emitter, type Op } from "../graph/op.js";
import { type Dim, divideDim, formatShape, multiplyDims, type Shape } from "../graph/shape.js";
import { tensor } from "./reference.js";
import { expectDType, expectRank } from "./rules.js";

/**
 * y[r] = table[M + r - T], the entries of the distances -T … T - 1: ids [B, T] int64, of which only T is read; `table`
 * has an integer for each distance -M … M - 1, T ≤ M; y [2T] int64.
 */
export const OfDistances: Op = defineOp<{ table: readonly number[] }>({
  name: "OfDistances",
  onnx: ({ emit, node, outputs: [y], attributes: { table } }) => {
    const middle = emit.constant("int64", [1], [table.length / 2]);
    const tokens = emit.dims([node.inputs[0].shape[1]]);
    const [start] = emit.node("Sub", [middle, tokens]);
    const [end] = emit.node("Add", [middle, tokens]);
    emit.node("Slice", [emit.constant("int64", [table.length], table), start, end], { outputs: [y] });
  },
  infer: ([ids], { table }) => {
    expectDType(ids, "int64", "ids");
    expectRank(ids, 2, "ids");
    const tokens = ids.shape[1];
    if (typeof tokens === "number" && 2 * tokens > table.length)
      fail("E_SHAPE", { where: "ids", expected: `at most ${table.length / 2} tokens`, got: String(tokens) });
    return [{ dtype: "int64", shape: [multiplyDims([2, tokens])] }];
  },
  gradient: { none: "an integer has no gradient" },
  reference: ([ids], { table }) => {
    const tokens = ids.shape[1];
    const start = table.length / 2 - tokens;
    return [tensor([2 * tokens], Float64Array.from(table.slice(start, start + 2 * tokens)))];
  },
  samples: [
    {
      inputs: [{ shape: [2, 3], dtype: "int64", fill: { below: 9 } }],
      attributes: { table: [9, 7, 5, 3, 2, 4, 6, 8] },
    },
    {
      inputs: [{ shape: [1, 4], dtype: "int64", fill: { below: 9 } }],
      attributes: { table: [9, 7, 5, 3, 2, 4, 6, 8] },
    },
  ],
  errors: [
    { inputs: [{ shape: [2, 3] }], attributes: { table: [1, 2, 3, 4, 5, 6] }, code: "E_DTYPE", why: "float32 ids" },
    {
      inputs: [{ shape: [2, 3], dtype: "int64", fill: { below: 9 } }],
      attributes: { table: [1, 2, 3, 4] },
      code: "E_SHAPE",
      why: "a distance of 3 is not in the table",
    },
  ],
  source: "transformers modeling_deberta_v2.py build_relative_position, by distance",
});

interface Rows {
  /** The row of the whole matrix that is the first of x. */
  readonly first: number;
  readonly [name: string]: number;
}

/**
 * From scores by distance to scores by key: y[…, i, j] = x[…, i, T + j - i], x [..., N, 2T], y [..., N, T]. Row i of x is
 * row `first` + i of the whole matrix, which has T rows.
 */
export const ByKey: Op = defineOp<Rows>({
  name: "ByKey",
  // Without its first T elements the matrix, row by row, is one of 2T - 1 columns whose first T are the result.
  onnx: ({ emit, node, inputs: [x], outputs: [y], attributes: { first } }) => {
    const from = node.inputs[0].shape;
    const to = node.outputs[0].shape;
    const rank = from.length;
    const [rows, keys] = to.slice(-2);
    const flat = [...from.slice(0, -2), multiplyDims(from.slice(-2))];
    const cut = paddingOf(
      emit,
      rank - 1,
      negative(emit, leading(emit, keys, first)),
      trailing(emit, rows, keys, first),
    );
    const [shifted] = emit.node("Pad", [emit.reshape(x, from, flat), cut]);
    const [matrix] = emit.node("Reshape", [shifted, shapeOf(emit, from.slice(0, -2), rows, shorter(emit, keys))]);
    const vector = (value: number): string => emit.constant("int64", [1], [value]);
    emit.node("Slice", [matrix, vector(0), emit.dims([keys]), vector(rank - 1)], { outputs: [y] });
  },
  infer: ([x], { first }) => {
    expectDType(x, "float32", "x");
    const [rows, distances] = x.shape.slice(-2);
    const keys = divideDim(distances ?? 1, 2);
    if (keys === undefined || x.shape.length < 2)
      fail("E_SHAPE", { where: "x", expected: "rows of 2T", got: formatShape(x.shape) });
    checkRows(rows, keys, first);
    return [{ dtype: "float32", shape: [...x.shape.slice(0, -1), keys] }];
  },
  gradient: ({ outputGradients: [dy] }, { first }) => [dy && applyOne(ByDistance, [dy], { first })],
  reference: ([x], { first }) => {
    const [rows, distances] = x.shape.slice(-2);
    const keys = distances / 2;
    const y = tensor([...x.shape.slice(0, -1), keys]);
    for (const at of y.data.keys()) {
      const row = Math.floor(at / keys);
      y.data[at] = x.data[row * distances + keys + (at % keys) - (row % rows) - first];
    }
    return [y];
  },
  slice: ({ axis, start }, node, { first }) => {
    const rank = node.outputs[0].shape.length;
    if (axis === rank - 1) return undefined;
    return { inputs: [axis], attributes: { first: axis === rank - 2 ? first + start : first } };
  },
  samples: [
    { inputs: [{ shape: [2, 3, 6] }], attributes: { first: 0 } },
    { inputs: [{ shape: [2, 2, 8] }], attributes: { first: 1 } },
    { inputs: [{ shape: [2, 2, 1, 8] }], attributes: { first: 0 } },
  ],
  errors: [
    { inputs: [{ shape: [3, 5] }], attributes: { first: 0 }, code: "E_SHAPE", why: "5 columns are not 2T" },
    { inputs: [{ shape: [3, 6] }], attributes: { first: 1 }, code: "E_SHAPE", why: "row 3 of 3" },
  ],
  source: "arXiv:1809.04281 section 3.4.1, the relative shift; arXiv:2006.03654 for both directions",
});

/** x[…, i, j] put at y[…, i, T + j - i], zeros elsewhere: the reverse of {@link ByKey}; x [..., N, T], y [..., N, 2T]. */
export const ByDistance: Op = defineOp<Rows>({
  name: "ByDistance",
  onnx: ({ emit, node, inputs: [x], outputs: [y], attributes: { first } }) => {
    const from = node.inputs[0].shape;
    const to = node.outputs[0].shape;
    const outer = from.slice(0, -2);
    const [rows, keys] = from.slice(-2);
    const one = emit.constant("int64", [1], [1]);
    // Rows of zeros and x side by side: Pad takes several times as long.
    const zeros = (sizes: readonly string[]): string => {
      const [shape] = emit.node("Concat", sizes, { attributes: { axis: { int: 0 } } });
      return emit.node("Expand", [emit.constant("float32", [1], [0]), shape])[0];
    };
    const sized = (leadingAxes: Shape, last: string): string[] =>
      leadingAxes.length > 0 ? [emit.dims(leadingAxes), last] : [last];
    const beside = (parts: readonly string[], axis: number): string =>
      emit.node("Concat", parts, { attributes: { axis: { int: axis } } })[0];
    const [rest] = emit.node("Sub", [emit.dims([keys]), one]);
    const wide = beside([x, zeros(sized(from.slice(0, -1), rest))], from.length - 1);
    const [count] = emit.node("Mul", [emit.dims([rows]), shorter(emit, keys)]);
    const flatShape = outer.length > 0 ? beside(sized(outer, count), 0) : count;
    const [flat] = emit.node("Reshape", [wide, flatShape]);
    const shifted = beside([zeros(sized(outer, leading(emit, keys, first))), flat], outer.length);
    const flatTo = [...outer, multiplyDims(to.slice(-2))];
    if (rows === keys && first === 0) {
      emit.reshape(shifted, flatTo, to, y);
      return;
    }
    const axis = emit.constant("int64", [1], [outer.length]);
    const zero = emit.constant("int64", [1], [0]);
    const [cut] = emit.node("Slice", [shifted, zero, emit.dims(flatTo.slice(-1)), axis]);
    emit.reshape(cut, flatTo, to, y);
  },
  infer: ([x], { first }) => {
    expectDType(x, "float32", "x");
    if (x.shape.length < 2) fail("E_SHAPE", { where: "x", expected: "rows of T", got: formatShape(x.shape) });
    const [rows, keys] = x.shape.slice(-2);
    checkRows(rows, keys, first);
    return [{ dtype: "float32", shape: [...x.shape.slice(0, -1), multiplyDims([2, keys])] }];
  },
  gradient: ({ outputGradients: [dy] }, { first }) => [dy && applyOne(ByKey, [dy], { first })],
  reference: ([x], { first }) => {
    const [rows, keys] = x.shape.slice(-2);
    const y = tensor([...x.shape.slice(0, -1), 2 * keys]);
    for (const [at, value] of x.data.entries()) {
      const row = Math.floor(at / keys);
      y.data[row * 2 * keys + keys + (at % keys) - (row % rows) - first] = value;
    }
    return [y];
  },
  samples: [
    { inputs: [{ shape: [2, 3, 3] }], attributes: { first: 0 } },
    { inputs: [{ shape: [2, 2, 4] }], attributes: { first: 1 } },
    { inputs: [{ shape: [1, 4] }], attributes: { first: 0 } },
  ],
  errors: [{ inputs: [{ shape: [3, 3] }], attributes: { first: 1 }, code: "E_SHAPE", why: "row 3 of 3" }],
  source: "gradient of ByKey",
});

function checkRows(rows: Dim, keys: Dim, first: number): void {
  if (typeof rows !== "number" || typeof keys !== "number" || first + rows <= keys) return;
  fail("E_SHAPE", { where: "rows", expected: `rows of 0 … ${keys - 1}`, got: `${first} … ${first + rows - 1}` });
}

/** T - first: the elements before the result in the flat matrix. */
function leading(emit: Emitter, keys: Dim, first: number): string {
  return first === 0
    ? emit.dims([keys])
    : emit.node("Sub", [emit.dims([keys]), emit.constant("int64", [1], [first])])[0];
}

/** T - first - N: the rows of the whole matrix after those of x, each of which leaves an element to fill. */
function trailing(emit: Emitter, rows: Dim, keys: Dim, first: number): string {
  return emit.node("Sub", [leading(emit, keys, first), emit.dims([rows])])[0];
}

/** 2T - 1. */
function shorter(emit: Emitter, keys: Dim): string {
  return emit.node("Sub", [emit.dims([multiplyDims([2, keys])]), emit.constant("int64", [1], [1])])[0];
}

const negative = (emit: Emitter, value: string): string => emit.node("Neg", [value])[0];

/** The pads of the last of `rank` axes alone. */
function paddingOf(emit: Emitter, rank: number, before: string, after: string): string {
  const zeros = emit.constant("int64", [rank - 1], new Array<number>(rank - 1).fill(0));
  return emit.node("Concat", rank === 1 ? [before, after] : [zeros, before, zeros, after], {
    attributes: { axis: { int: 0 } },
  })[0];
}

function shapeOf(emit: Emitter, outer: Shape, rows: Dim, columns: string): string {
  return emit.node("Concat", [emit.dims([...outer, rows]), columns], { attributes: { axis: { int: 0 } } })[0];
}

export const ofDistances = (ids: Value, table: readonly number[]): Value => applyOne(OfDistances, [ids], { table });
/** Scores by key of the whole matrix: x [..., T, 2T]; [..., T, T]. */
export const byKey = (x: Value): Value => applyOne(ByKey, [x], { first: 0 });
