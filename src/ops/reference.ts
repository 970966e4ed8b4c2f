/** Building blocks of the float64 references: broadcasting, index arithmetic, row-wise maps. */
import type { ReferenceTensor } from "../graph/op.js";
import { broadcastShapes, sizeOf } from "../graph/shape.js";

export function tensor(
  shape: readonly number[],
  data: Float64Array = new Float64Array(sizeOf(shape)),
): ReferenceTensor {
  return { shape, data };
}

/** `f` of each element. */
export function mapElements(x: ReferenceTensor, f: (value: number) => number): ReferenceTensor {
  return tensor(x.shape, x.data.map(f));
}

/** `f` of each pair of elements, by NumPy's broadcasting. */
export function zipElements(
  a: ReferenceTensor,
  b: ReferenceTensor,
  f: (x: number, y: number) => number,
): ReferenceTensor {
  const shape = broadcastShapes(a.shape, b.shape) as number[];
  const result = tensor(shape);
  for (let at = 0; at < result.data.length; at++) {
    result.data[at] = f(a.data[broadcastOffset(at, shape, a.shape)], b.data[broadcastOffset(at, shape, b.shape)]);
  }
  return result;
}

/** The offset in a tensor of shape `from` that stretches to element `offset` of shape `to`. */
export function broadcastOffset(offset: number, to: readonly number[], from: readonly number[]): number {
  let rest = offset;
  let stride = 1;
  let result = 0;
  for (let axis = to.length - 1; axis >= 0; axis--) {
    const position = rest % to[axis];
    rest = Math.floor(rest / to[axis]);
    const size = from[axis - to.length + from.length] ?? 1;
    if (size !== 1) result += position * stride;
    stride *= size;
  }
  return result;
}

/** The index of element `offset` on each axis of `shape`. */
export function unravel(offset: number, shape: readonly number[]): number[] {
  const index: number[] = new Array(shape.length);
  let rest = offset;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = rest % shape[axis];
    rest = Math.floor(rest / shape[axis]);
  }
  return index;
}

/** The offset of `index` in a tensor of `shape`. */
export function ravel(index: readonly number[], shape: readonly number[]): number {
  return index.reduce((offset, position, axis) => offset * shape[axis] + position, 0);
}

/** Calls `f` with each row of the last axis of `x` and the row to fill of the result, which has x's shape. */
export function mapRows(
  x: ReferenceTensor,
  f: (row: Float64Array, result: Float64Array, at: number) => void,
): ReferenceTensor {
  const width = x.shape[x.shape.length - 1];
  const result = tensor(x.shape);
  for (let at = 0; at * width < x.data.length; at++) {
    const range = [at * width, (at + 1) * width] as const;
    f(x.data.subarray(...range), result.data.subarray(...range), at);
  }
  return result;
}
