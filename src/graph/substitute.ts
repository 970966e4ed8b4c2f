/** Parts of a graph taken for themselves: other values put in the place of some, or a copy with inputs of its own. */
import { createGraph, reachableNodes, type Value } from "./graph.js";

/** `outputs` computed with `replacements` in the place of values; the graph gets the new nodes. */
export function substitute(outputs: readonly Value[], replacements: ReadonlyMap<Value, Value>): Value[] {
  const current = new Map(replacements);
  const now = (value: Value): Value => current.get(value) ?? value;
  for (const node of reachableNodes(outputs, replacements)) {
    const results = node.outputs[0].graph.apply(node.op, node.inputs.map(now), node.attributes);
    // A node of which one output is replaced may be needed for another one.
    for (const [index, output] of node.outputs.entries())
      if (!replacements.has(output)) current.set(output, results[index]);
  }
  return outputs.map(now);
}

/** A copy of a part of a graph. */
export interface Extract {
  /** The outputs, named `o0`, `o1`, … in the order in which they were given. */
  readonly outputs: Readonly<Record<string, Value>>;
  /** The inputs that stand behind `i0`, `i1`, … of the copy. */
  readonly inputs: readonly Value[];
}

/**
 * What `outputs` need, in a graph of its own whose inputs are named by the order in which they are read. Parts that
 * compute the same of different inputs, like two layers of an encoder, have equal extracts.
 */
export function extract(outputs: readonly Value[]): Extract {
  const graph = createGraph();
  const inputs: Value[] = [];
  const copies = new Map<Value, Value>();
  const copyOf = (value: Value): Value => {
    const known = copies.get(value);
    if (known !== undefined) return known;
    const { origin, dtype, shape } = value;
    if (origin.kind === "node") throw new Error("a node is copied before what reads it");
    const copy =
      origin.kind === "constant"
        ? graph.constant(dtype, shape as readonly number[], origin.values)
        : graph.input(`i${inputs.push(value) - 1}`, dtype, shape, origin.role);
    copies.set(value, copy);
    return copy;
  };
  for (const node of reachableNodes(outputs)) {
    const results = graph.apply(node.op, node.inputs.map(copyOf), node.attributes);
    for (const [index, output] of node.outputs.entries()) copies.set(output, results[index]);
  }
  return { outputs: Object.fromEntries(outputs.map((output, index) => [`o${index}`, copyOf(output)])), inputs };
}
