/** A graph as text, one line a value, to read and to compare. */

import { reachableNodes, type Value } from "./graph.js";
import type { Attributes } from "./op.js";
import { formatShape } from "./shape.js";

/** The part of a graph that `outputs` need, in the order in which it is computed. */
export function printGraph(outputs: Readonly<Record<string, Value>>): string {
  const values = Object.values(outputs);
  const nodes = reachableNodes(values);
  const used = new Set([...nodes.flatMap((node) => node.inputs), ...values]);
  const lines: string[] = [];
  const inputs = values[0]?.graph.inputs ?? [];
  for (const value of inputs) {
    if (used.has(value)) lines.push(`${label(value)} = input ${typeOf(value)}`);
  }
  for (const node of nodes) {
    const results = node.outputs.map((output) => `${label(output)}`).join(", ");
    const types = node.outputs.map(typeOf).join(", ");
    lines.push(
      `${results} = ${node.op.name}(${node.inputs.map(label).join(", ")}${attributesOf(node.attributes)}) ${types}`,
    );
  }
  for (const [name, value] of Object.entries(outputs)) lines.push(`return ${name} = ${label(value)}`);
  return lines.join("\n");
}

function label(value: Value): string {
  const { origin } = value;
  if (origin.kind === "input") return origin.name;
  if (origin.kind === "node") return `%${value.id}`;
  const shown = origin.values.slice(0, 4).join(" ");
  return `{${shown}${origin.values.length > 4 ? " …" : ""}}`;
}

function typeOf(value: Value): string {
  return `${value.dtype}${formatShape(value.shape)}`;
}

function attributesOf(attributes: Attributes): string {
  const entries = Object.entries(attributes);
  return entries.length === 0
    ? ""
    : `; ${entries.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(" ")}`;
}
