/** The dropout masks of a training graph, drawn anew for every step. */
import { fillDropoutMask } from "../base/dropout-mask.js";
import { createFlatMemory } from "../base/flat-memory.js";
import type { Value } from "../graph/graph.js";
import { type Bindings, resolveShape, sizeOf } from "../graph/shape.js";
import type { Tensor } from "../runtime/session.js";

/** Which masks: those of part `part` of step `step`. */
export interface MaskKey {
  readonly step: number;
  readonly part: number;
}

/** Fills the masks among `names`; the tensors are valid until the next call. */
export type DropoutMasks = (key: MaskKey, bindings: Bindings, names: readonly string[]) => Record<string, Tensor>;

/**
 * The masks among `inputs`. A mask depends on the seed, the key and its place among them alone, so that a resumed run
 * draws what an unbroken one does, and a layer that is computed anew what it had before.
 */
export function createDropoutMasks(inputs: readonly Value[], seed: number): DropoutMasks {
  const masks = inputs.flatMap(({ origin, shape }) =>
    origin.kind === "input" && origin.role.kind === "dropout"
      ? [{ name: origin.name, probability: origin.role.probability, shape }]
      : [],
  );
  const places = new Map(masks.map(({ name }, place) => [name, place]));
  let buffer = new Float32Array(0);
  return ({ step, part }, bindings, names) => {
    const wanted = names.flatMap((name) => {
      const place = places.get(name);
      return place === undefined ? [] : [{ ...masks[place], place, dims: resolveShape(masks[place].shape, bindings) }];
    });
    const total = wanted.reduce((sum, { dims }) => sum + sizeOf(dims), 0);
    if (buffer.length < total) buffer = createFlatMemory(4 * total).allocate(total);
    let end = 0;
    return Object.fromEntries(
      wanted.map(({ name, probability, place, dims }) => {
        const data = buffer.subarray(end, end + sizeOf(dims));
        end += data.length;
        fillDropoutMask(data, probability, [seed, step], part * masks.length + place);
        return [name, { dtype: "float32", shape: dims, data } satisfies Tensor];
      }),
    );
  };
}
