/** Weights by name, whatever file they come from. */
import { fail } from "../base/errors.js";
import { bfloatToFloat, halfToFloat } from "../base/float16.js";

/** Weights by name, read one at a time. */
export interface WeightReader {
  readonly names: readonly string[];
  /** @throws E_WEIGHTS for a name that is not there */
  shape(name: string): readonly number[];
  /** The values as float32; 16-bit floats exactly, float64 rounded. @throws E_WEIGHTS for integers */
  read(name: string): Promise<Float32Array>;
  close(): Promise<void>;
}

/** A tensor whose place in a file is known and checked. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly read: () => Promise<Float32Array>;
}

/** The tensors of the file at `path` as a reader; `close` closes the file. */
export function readerOf(
  path: string,
  tensors: ReadonlyMap<string, StoredTensor>,
  close: () => Promise<void>,
): WeightReader {
  const tensorOf = (name: string): StoredTensor =>
    tensors.get(name) ??
    fail("E_WEIGHTS", { where: path, expected: `a weight "${name}"`, got: `none among ${tensors.size}` });
  return {
    names: [...tensors.keys()],
    shape: (name) => tensorOf(name).shape,
    read: (name) => tensorOf(name).read(),
    close,
  };
}

/** Bytes of an element of each type that becomes float32. */
export const FLOAT_BYTES = { float32: 4, float16: 2, bfloat16: 2, float64: 8 } as const;
export type FloatType = keyof typeof FLOAT_BYTES;

/** Little-endian values as float32. Those of float32 are a view of `bytes` where it is aligned. */
export function decodeFloats(type: FloatType, bytes: Uint8Array<ArrayBuffer>): Float32Array {
  const { buffer, byteOffset, byteLength } = aligned(bytes, FLOAT_BYTES[type]);
  if (type === "float32") return new Float32Array(buffer, byteOffset, byteLength / 4);
  if (type === "float64") return Float32Array.from(new Float64Array(buffer, byteOffset, byteLength / 8));
  const bits = new Uint16Array(buffer, byteOffset, byteLength / 2);
  const values = new Float32Array(bits.length);
  (type === "float16" ? halfToFloat : bfloatToFloat)(bits, values);
  return values;
}

/** Typed arrays begin at multiples of their element's size only. */
function aligned(bytes: Uint8Array<ArrayBuffer>, alignment: number): Uint8Array<ArrayBuffer> {
  return bytes.byteOffset % alignment === 0 ? bytes : bytes.slice();
}

/** The product of `shape`, or undefined where it is no whole number that can be counted. */
export function countOf(shape: readonly unknown[]): number | undefined {
  let count = 1;
  for (const dim of shape) {
    if (!Number.isSafeInteger(dim) || (dim as number) < 0) return undefined;
    count *= dim as number;
  }
  return Number.isSafeInteger(count) ? count : undefined;
}

/** Complains of a file whose content cannot be right. */
export function damaged(where: string, expected: string, got: string, cause?: unknown): never {
  return fail("E_WEIGHTS", { where, expected, got, fix: "the file is damaged or of another kind: get it anew" }, cause);
}

/** Complains of a weight whose elements are no floats. */
export function notFloats(where: string, got: string): never {
  return fail("E_WEIGHTS", {
    where,
    expected: "float32, float16, bfloat16 or float64",
    got,
    fix: "convert the weights to one of these",
  });
}

/** [rows, columns] as [columns, rows]. Square tiles, so that both sides stay in the processor's cache. */
export function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  // Without columns there could be any number of rows.
  if (values.length === 0) return result;
  const TILE = 32;
  for (let top = 0; top < rows; top += TILE) {
    const bottom = Math.min(top + TILE, rows);
    for (let left = 0; left < columns; left += TILE) {
      const right = Math.min(left + TILE, columns);
      for (let row = top; row < bottom; row++) {
        for (let column = left; column < right; column++) result[column * rows + row] = values[row * columns + column];
      }
    }
  }
  return result;
}
