/**
 * Slices early: where only a part of a value is read, computes only that part.
 *
 * A head that reads one token needs, from the last layer, the keys and values of all tokens but the
 * query, the attention and the feed-forward of one. The pass finds this from what is demanded: walking
 * from the outputs back, a value of which every reader takes the same slice is computed as that slice,
 * as far as the slice rules of the operators let it through. Dropout masks shrink with what they mask.
 */
import type { Node, Value } from "../graph/graph.js";
import { reachableNodes } from "../graph/graph.js";
import type { AxisSlice } from "../graph/op.js";

type Demand = AxisSlice | "whole";

/** The operator that cuts a slice; `src/ops/movement.ts` provides it. */
export interface Slicing {
  /** The name of the operator that the pass looks for. */
  readonly operator: string;
  slice(x: Value, axis: number, start: number, size: number): Value;
}

/** `outputs` computed with slices taken as early as possible; the graph gets the new nodes, the old ones go unread. */
export function sliceEarly(outputs: readonly Value[], slicing: Slicing): Value[] {
  const demands = findDemands(outputs, slicing.operator);
  const rebuilt = new Map<Value, Value>();

  // What stands for `value` in the new graph: computed whole, or as the slice that all its readers take.
  const current = (value: Value): Value => {
    const known = rebuilt.get(value);
    if (known !== undefined) return known;
    const demand = demands.get(value) ?? "whole";
    const { origin, graph } = value;
    if (demand === "whole" || origin.kind !== "input" || origin.role.kind !== "dropout") return value;
    const shape = value.shape.map((dim, axis) => (axis === demand.axis ? demand.size : dim));
    const small = graph.input(`${origin.name}.part`, value.dtype, shape, origin.role);
    rebuilt.set(value, small);
    return small;
  };
  const as = (value: Value, wanted: Demand): Value => {
    if (wanted === "whole" || sameDemand(demands.get(value) ?? "whole", wanted)) return current(value);
    return slicing.slice(current(value), wanted.axis, wanted.start, wanted.size);
  };

  for (const node of reachableNodes(outputs)) {
    const demand = demands.get(node.outputs[0]) ?? "whole";
    const plan = planOf(node, demand, slicing.operator);
    const inputs = node.inputs.map((input, index) => as(input, plan.inputs[index]));
    if (plan.isCut) {
      rebuilt.set(node.outputs[0], inputs[0]);
      continue;
    }
    const results = node.outputs[0].graph.apply(node.op, inputs, plan.attributes);
    for (const [index, output] of node.outputs.entries()) rebuilt.set(output, results[index]);
  }
  return outputs.map((output) => rebuilt.get(output) ?? output);
}

/** What the readers of each value need of it. */
function findDemands(outputs: readonly Value[], cut: string): Map<Value, Demand> {
  const demands = new Map<Value, Demand>(outputs.map((output) => [output, "whole"]));
  const demand = (value: Value, wanted: Demand): void => {
    const known = demands.get(value);
    demands.set(value, known === undefined || sameDemand(known, wanted) ? wanted : "whole");
  };
  for (const node of reachableNodes(outputs).reverse()) {
    const own = combine(node.outputs.map((output) => demands.get(output)));
    for (const output of node.outputs) demands.set(output, own);
    if (planOf(node, own, cut).blocked) for (const output of node.outputs) demands.set(output, "whole");
    const plan = planOf(node, demands.get(node.outputs[0]) ?? "whole", cut);
    for (const [index, input] of node.inputs.entries()) demand(input, plan.inputs[index]);
  }
  // Constants and inputs that are no dropout masks exist whole; their readers cut them.
  for (const value of demands.keys()) {
    const { origin } = value;
    if (origin.kind === "constant" || (origin.kind === "input" && origin.role.kind !== "dropout"))
      demands.set(value, "whole");
  }
  return demands;
}

interface Plan {
  readonly inputs: readonly Demand[];
  readonly attributes: Node["attributes"];
  /** The node is itself a slice whose input is then cut as demanded. */
  readonly isCut: boolean;
  /** The demanded slice cannot pass the node: it has to be computed whole. */
  readonly blocked: boolean;
}

function planOf(node: Node, demand: Demand, cut: string): Plan {
  const whole: Plan = {
    inputs: node.inputs.map(() => "whole"),
    attributes: node.attributes,
    isCut: false,
    blocked: demand !== "whole",
  };
  if (demand === "whole") {
    if (node.op.name !== cut) return whole;
    const { axis, start, size } = node.attributes as unknown as AxisSlice;
    return { ...whole, inputs: [{ axis, start, size }], isCut: true };
  }
  const rule = node.op.slice?.(demand, node, node.attributes);
  if (rule === undefined) return whole;
  return {
    inputs: rule.inputs.map((axis) => (axis === "whole" ? "whole" : { ...demand, axis })),
    attributes: rule.attributes ?? node.attributes,
    isCut: false,
    blocked: false,
  };
}

function combine(demands: readonly (Demand | undefined)[]): Demand {
  const present = demands.filter((demand) => demand !== undefined);
  const first = present[0] ?? "whole";
  return present.every((demand) => sameDemand(demand, first)) ? first : "whole";
}

function sameDemand(a: Demand, b: Demand): boolean {
  if (a === "whole" || b === "whole") return a === b;
  return a.axis === b.axis && a.start === b.start && a.size === b.size;
}
