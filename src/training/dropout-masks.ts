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

/**
 * A function that fills the masks among `inputs`: it depends on the seed, the key and the place in the graph alone, so
 * that a resumed run draws what an unbroken one does. The tensors are valid until the next call.
 */
export function createDropoutMasks(
  inputs: readonly Value[],
  seed: number,
): (key: MaskKey, bindings: Bindings) => Record<string, Tensor> {
  const masks = inputs.flatMap(({ origin, shape }) =>
    origin.kind === "input" && origin.role.kind === "dropout"
      ? [{ name: origin.name, probability: origin.role.probability, shape }]
      : [],
  );
  let buffer = new Float32Array(0);
  return ({ step, part }, bindings) => {
    const shapes = masks.map(({ shape }) => resolveShape(shape, bindings));
    const total = shapes.reduce((sum, shape) => sum + sizeOf(shape), 0);
    if (buffer.length < total) buffer = createFlatMemory(4 * total).allocate(total);
    let end = 0;
    return Object.fromEntries(
      masks.map(({ name, probability }, index) => {
        const shape = shapes[index];
        const data = buffer.subarray(end, end + sizeOf(shape));
        end += data.length;
        fillDropoutMask(data, probability, [seed, step], part * masks.length + index);
        return [name, { dtype: "float32", shape, data } satisfies Tensor];
      }),
    );
  };
}
