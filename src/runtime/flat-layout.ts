/** Many tensors in one flat buffer, each a view that sessions read and write in place. */
import { sizeOf } from "../graph/shape.js";
import type { Tensor } from "./session.js";

/** A float32 tensor by name. */
export interface NamedShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Where a tensor stands in a flat buffer, in floats. */
export interface Slot extends NamedShape {
  readonly start: number;
  readonly length: number;
}

export interface FlatLayout {
  readonly slots: readonly Slot[];
  /** Floats of the whole buffer. */
  readonly length: number;
}

/** Tensors stand at multiples of this many floats: 64 bytes, a cache line and the widest vector. */
const ALIGNMENT = 16;

/** Tensors one after the other, in order. The gaps between them are never read or written by a session. */
export function layOut(tensors: readonly NamedShape[]): FlatLayout {
  let end = 0;
  const slots = tensors.map(({ name, shape }) => {
    const start = end;
    const length = sizeOf(shape);
    end = Math.ceil((start + length) / ALIGNMENT) * ALIGNMENT;
    return { name, shape, start, length };
  });
  return { slots, length: end };
}

/** The floats of one tensor, a view of `buffer`. */
export function viewOf(buffer: Float32Array, slot: Slot): Float32Array {
  return buffer.subarray(slot.start, slot.start + slot.length);
}

/** The tensors of a layout as views of `buffer`, by name. */
export function tensorsOf(
  buffer: Float32Array,
  layout: FlatLayout,
  nameOf: (name: string) => string = (name) => name,
): Record<string, Tensor> {
  return Object.fromEntries(
    layout.slots.map((slot) => [
      nameOf(slot.name),
      { dtype: "float32", shape: slot.shape, data: viewOf(buffer, slot) } satisfies Tensor,
    ]),
  );
}
