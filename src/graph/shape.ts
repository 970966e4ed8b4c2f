/**
 * Symbolic shapes.
 *
 * A dimension is a number, or a product of a number and named dimensions written "B", "B*T" or "4*B*T".
 * Axis letters used throughout: B batch, T tokens, D hidden, H heads, K head dimension, F feed-forward,
 * V vocabulary, C classes, L layers.
 */
import { fail } from "../base/errors.js";

/** A size that is known (a number ≥ 0) or named (a product in canonical form: number first, names sorted). */
export type Dim = number | string;
export type Shape = readonly Dim[];
/** The sizes of named dimensions in one run. */
export type Bindings = Readonly<Record<string, number>>;

interface Product {
  readonly factor: number;
  readonly names: readonly string[];
}

function parse(dim: Dim): Product {
  if (typeof dim === "number") return { factor: dim, names: [] };
  const parts = dim.split("*");
  const first = Number(parts[0]);
  return Number.isNaN(first) ? { factor: 1, names: parts } : { factor: first, names: parts.slice(1) };
}

function write({ factor, names }: Product): Dim {
  if (names.length === 0 || factor === 0) return factor;
  const sorted = [...names].sort();
  return (factor === 1 ? sorted : [String(factor), ...sorted]).join("*");
}

/** The product of `dims`, in canonical form. */
export function multiplyDims(dims: Shape): Dim {
  const products = dims.map(parse);
  return write({
    factor: products.reduce((product, { factor }) => product * factor, 1),
    names: products.flatMap(({ names }) => names),
  });
}

/** `dividend / divisor`, or undefined where it is no whole product. */
export function divideDim(dividend: Dim, divisor: Dim): Dim | undefined {
  const above = parse(dividend);
  const below = parse(divisor);
  const names = [...above.names];
  for (const name of below.names) {
    const at = names.indexOf(name);
    if (at < 0) return undefined;
    names.splice(at, 1);
  }
  const factor = above.factor / below.factor;
  return Number.isInteger(factor) ? write({ factor, names }) : undefined;
}

/** The names in `dim`, each as often as it occurs. */
export function dimNames(dim: Dim): readonly string[] {
  return parse(dim).names;
}

/** The size of `dim` in a run; throws E_SHAPE for a name without a binding. */
export function resolveDim(dim: Dim, bindings: Bindings): number {
  const { factor, names } = parse(dim);
  return names.reduce((size, name) => {
    const bound = bindings[name];
    if (bound === undefined) fail("E_SHAPE", { where: `dimension ${name}`, expected: "a size for it", got: "none" });
    return size * bound;
  }, factor);
}

/** Every dimension of `shape` as a number. */
export function resolveShape(shape: Shape, bindings: Bindings): number[] {
  return shape.map((dim) => resolveDim(dim, bindings));
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}

/** The number of elements of `shape`. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, dim) => size * dim, 1);
}

/** "[B, T, 384]", or "[]" for a scalar. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/**
 * The shape of an element-wise result by NumPy's rule: aligned at the last axis, a 1 stretches.
 * Undefined where the shapes do not fit; a name fits only itself and 1.
 */
export function broadcastShapes(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const result: Dim[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const left = a[a.length - rank + axis] ?? 1;
    const right = b[b.length - rank + axis] ?? 1;
    if (left !== right && left !== 1 && right !== 1) return undefined;
    result.push(left === 1 ? right : left);
  }
  return result;
}

/** Axis in [0, rank) for `axis` in [-rank, rank); throws E_SHAPE outside. */
export function normalizeAxis(axis: number, rank: number, where: string): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    fail("E_SHAPE", { where, expected: `an axis in [${-rank}, ${rank})`, got: String(axis) });
  }
  return axis < 0 ? axis + rank : axis;
}
