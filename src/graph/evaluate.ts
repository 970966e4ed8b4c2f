/**
 * The reference interpreter: runs a graph in float64 through the reference of each operator.
 *
 * Slow and exact: it is what gradients and onnxruntime are checked against.
 */
import { fail } from "../base/errors.js";
import { reachableNodes, type Value } from "./graph.js";
import type { ReferenceTensor } from "./op.js";
import { sizeOf } from "./shape.js";

/** The values of `outputs` for `feeds` (input name to tensor); throws E_GRAPH for an input that is not fed. */
export function evaluate(
  outputs: readonly Value[],
  feeds: Readonly<Record<string, ReferenceTensor>>,
): ReferenceTensor[] {
  const known = new Map<Value, ReferenceTensor>();
  const tensorOf = (value: Value): ReferenceTensor => {
    const { origin } = value;
    if (origin.kind === "node") return known.get(value) as ReferenceTensor;
    if (origin.kind === "constant") {
      const shape = value.shape as readonly number[];
      const data = new Float64Array(sizeOf(shape));
      if (origin.values.length === 1) data.fill(origin.values[0]);
      else data.set(origin.values);
      return { shape, data };
    }
    const fed = feeds[origin.name];
    if (fed === undefined)
      fail("E_GRAPH", { where: `input "${origin.name}"`, expected: "a tensor for it", got: "none" });
    return fed;
  };
  for (const node of reachableNodes(outputs)) {
    const results = node.op.reference(node.inputs.map(tensorOf), node.attributes);
    for (const [index, output] of node.outputs.entries()) known.set(output, results[index]);
  }
  return outputs.map(tensorOf);
}
