/**
 * The graph: inputs, constants and operator applications as plain data.
 *
 * A graph only grows. Applying an operator to the same inputs with the same attributes returns the
 * values made before, so common subexpressions never stand twice; what no output needs is left out
 * when the graph is written.
 */
import { fail, TextuneError } from "../base/errors.js";
import type { Attributes, Graph, Node, Op, TensorType, Value } from "./op.js";
import { formatShape } from "./shape.js";

// Whoever builds a graph finds values and functions in one place; operators and values name each other,
// so their types stand together in op.ts.
export type { Graph, Node, Value } from "./op.js";

/** A graph without anything in it. */
export function createGraph(): Graph {
  const inputs: Value[] = [];
  const nodes: Node[] = [];
  const names = new Set<string>();
  const made = new Map<string, readonly Value[]>();
  let values = 0;

  const graph: Graph = {
    inputs,
    nodes,
    input(name, dtype, shape, role = { kind: "data" }) {
      if (names.has(name))
        fail("E_GRAPH", { where: `graph input "${name}"`, expected: "a new name", got: "one that is taken" });
      names.add(name);
      const value: Value = { id: values++, graph, dtype, shape, origin: { kind: "input", name, role }, index: 0 };
      inputs.push(value);
      return value;
    },
    constant(dtype, shape, contents) {
      const key = `constant ${dtype} ${formatShape(shape)} ${contents.join(",")}`;
      const known = made.get(key);
      if (known !== undefined) return known[0];
      const value: Value = {
        id: values++,
        graph,
        dtype,
        shape,
        origin: { kind: "constant", values: contents },
        index: 0,
      };
      made.set(key, [value]);
      return value;
    },
    apply(op, operands, attributes = {}) {
      for (const operand of operands) {
        if (operand.graph !== graph)
          fail("E_GRAPH", { where: op.name, expected: "inputs of one graph", got: "inputs of two" });
      }
      const key = `${op.name} ${operands.map((operand) => operand.id).join(",")} ${JSON.stringify(attributes)}`;
      const known = made.get(key);
      if (known !== undefined) return known;
      const types = inferTypes(op, operands, attributes);
      const outputs: Value[] = [];
      const node: Node = { kind: "node", id: nodes.length, op, inputs: [...operands], attributes, outputs };
      for (const [index, type] of types.entries()) {
        outputs.push({ id: values++, graph, dtype: type.dtype, shape: type.shape, origin: node, index });
      }
      nodes.push(node);
      made.set(key, outputs);
      return outputs;
    },
  };
  return graph;
}

/** The output types of `op` on `inputs`; the message of a misfit names the operator and what it was given. */
export function inferTypes(op: Op, inputs: readonly TensorType[], attributes: Attributes): readonly TensorType[] {
  try {
    return op.infer(inputs, attributes);
  } catch (error) {
    if (!(error instanceof TextuneError)) throw error;
    const given = inputs.map((input) => `${input.dtype}${formatShape(input.shape)}`).join(", ");
    throw new TextuneError(error.code, `${op.name}(${given}): ${error.message}`, error);
  }
}

/**
 * The nodes that `outputs` need, in an order in which each stands after its inputs; what only the values of `known`
 * need is left out.
 */
export function reachableNodes(outputs: readonly Value[], known?: { has(value: Value): boolean }): Node[] {
  const needed = new Set<Node>();
  const open = [...outputs];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    const { origin } = value;
    if (origin.kind !== "node" || needed.has(origin) || known?.has(value)) continue;
    needed.add(origin);
    open.push(...origin.inputs);
  }
  return [...needed].sort((a, b) => a.id - b.id);
}

/** The only output of an operator that has one. */
export function applyOne(op: Op, inputs: readonly Value[], attributes?: Attributes): Value {
  return inputs[0].graph.apply(op, inputs, attributes)[0];
}
