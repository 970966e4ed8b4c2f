/** A head built in code, recorded step by step, so that it can be stored as JSON and built again without the code. */
import { z } from "zod";
import { fail } from "../base/errors.js";
import { createGraph, type Graph, reachableNodes, type Value } from "../graph/graph.js";
import type { Attributes } from "../graph/op.js";
import type { Dim } from "../graph/shape.js";
import { withLayersIn } from "../nn/functional.js";
import { createScope, type Scope } from "../nn/scope.js";
import { OPERATORS } from "../ops/registry.js";
import { type ChosenHead, chooseHead, defineHead, type Head, type HeadInputs, pooledOutput } from "./head.js";

/** What a head is built from, and how many outputs it must have. */
export interface HeadContext {
  /** The last hidden state of every token, [B, T, D]. */
  readonly sequence: Value;
  /** What the encoder's own pooler makes of the first token, [B, D]. @throws E_CONFIG for an encoder without one */
  readonly pooled: Value;
  /** 1 on tokens, 0 on padding, [B, T] int64. */
  readonly attentionMask: Value;
  /** The outputs C that the task needs. */
  readonly outputs: number;
}

/** A head in code: logits [B, C] from what the encoder gives. */
export type HeadFunction = (context: HeadContext) => Value;

const SEQUENCE = "sequence";
const POOLED = "pooled";
const MASK = "attention_mask";

const dims = z.array(z.union([z.number().int().positive(), z.string()]));
const step = z.union([
  z.strictObject({ input: z.enum([SEQUENCE, POOLED, MASK]) }),
  z.strictObject({
    parameter: z.string(),
    shape: z.array(z.number().int().positive()),
    initializer: z.union([z.strictObject({ normal: z.number().positive() }), z.enum(["zeros", "ones"])]),
    decay: z.boolean(),
  }),
  z.strictObject({ dropout: z.number().gt(0).lt(1), shape: dims }),
  z.strictObject({
    constant: z.array(z.number()),
    dtype: z.enum(["float32", "int64", "int32", "bool"]),
    shape: z.array(z.number().int().min(0)),
  }),
  z.strictObject({
    operator: z.string(),
    inputs: z.array(z.number().int().min(0)),
    attributes: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), dims])),
  }),
]);
type Step = z.output<typeof step>;

/** The steps in their order; an operator names its inputs by the numbers of the values before it. */
const recording = z.strictObject({ outputs: z.number().int().positive(), steps: z.array(step), result: z.number() });
type Recording = z.output<typeof recording>;

/** The head that builds again what was recorded. */
export const recordedHead: Head = defineHead<Recording>({
  name: "recorded",
  summary: "a head that was built in code",
  options: recording,
  build(scope, inputs, outputs, recorded) {
    if (outputs !== recorded.outputs)
      fail("E_CONFIG", {
        option: "head",
        expected: `a head of ${outputs} outputs`,
        got: `one that was built for ${recorded.outputs}`,
        fix: "pass the function that builds it",
      });
    return replay(scope, inputs, recorded);
  },
  source: "its own recording",
});

/**
 * Builds `build` for an encoder of `hidden` = D and records it.
 *
 * @throws E_SHAPE when it gives no [B, outputs]
 */
export function recordHead(build: HeadFunction, hidden: number, outputs: number): ChosenHead {
  const graph = createGraph();
  const { scope, declared } = createScope(graph, true);
  const inputs = new Map<string, Value>();
  const input = (name: string, dtype: "float32" | "int64", shape: readonly (string | number)[]): Value => {
    const value = inputs.get(name) ?? graph.input(name, dtype, shape);
    inputs.set(name, value);
    return value;
  };
  const result = withLayersIn(scope.child("head"), () =>
    build({
      sequence: input(SEQUENCE, "float32", ["B", "T", hidden]),
      get pooled() {
        return input(POOLED, "float32", ["B", hidden]);
      },
      attentionMask: input(MASK, "int64", ["B", "T"]),
      outputs,
    }),
  );
  const shape = result.shape.join(", ");
  if (shape !== `B, ${outputs}`)
    fail("E_SHAPE", { option: "head", expected: `logits of shape [B, ${outputs}]`, got: `[${shape}]` });
  const parameters = new Map(declared().parameters.map((parameter) => [parameter.value, parameter]));
  const steps: Step[] = [];
  const numbers = new Map<Value, number>();
  const add = (made: Step, values: readonly Value[]): void => {
    steps.push(made);
    for (const value of values) numbers.set(value, numbers.size);
  };
  const leaf = (value: Value): void => {
    const { origin, dtype, shape: own } = value;
    if (numbers.has(value) || origin.kind === "node") return;
    const parameter = parameters.get(value);
    if (parameter !== undefined) {
      const { name, initializer, decay } = parameter;
      add({ parameter: name, shape: [...parameter.shape], initializer, decay }, [value]);
    } else if (origin.kind === "constant") {
      add({ constant: [...origin.values], dtype, shape: own as number[] }, [value]);
    } else if (origin.role.kind === "dropout") {
      add({ dropout: origin.role.probability, shape: [...own] }, [value]);
    } else {
      add({ input: origin.name as typeof SEQUENCE }, [value]);
    }
  };
  for (const node of reachableNodes([result])) {
    for (const value of node.inputs) leaf(value);
    const attributes = node.attributes as Extract<Step, { operator: string }>["attributes"];
    add(
      { operator: node.op.name, inputs: node.inputs.map((value) => numbers.get(value) as number), attributes },
      node.outputs,
    );
  }
  return chooseHead(recordedHead, { outputs, steps, result: numbers.get(result) as number });
}

/** The recorded steps in the graph of `scope`; the numbers of inputs are those of recordHead. */
function replay(scope: Scope, inputs: HeadInputs, { steps, result }: Recording): Value {
  const { graph } = scope;
  const values: Value[] = [];
  const dropped = new Set<Value>();
  const [batch, tokens] = inputs.sequence.shape as [Dim, Dim];
  const dim = (recorded: Dim): Dim => (recorded === "B" ? batch : recorded === "T" ? tokens : recorded);
  for (const one of steps) values.push(...valuesOf(one, { graph, scope, inputs, values, dropped, dim }));
  return values[result] ?? failForStep("the number of a value before it", String(result));
}

interface Replay {
  readonly graph: Graph;
  readonly scope: Scope;
  readonly inputs: HeadInputs;
  readonly values: readonly Value[];
  /** Values that stand for a dropout mask where nothing is dropped. */
  readonly dropped: Set<Value>;
  /** A dimension of this graph from one of the recording. */
  readonly dim: (recorded: Dim) => Dim;
}

function valuesOf(one: Step, { graph, scope, inputs, values, dropped, dim }: Replay): readonly Value[] {
  if ("input" in one) {
    if (one.input === SEQUENCE) return [inputs.sequence];
    return [one.input === MASK ? inputs.attentionMask : pooledOutput(inputs)];
  }
  if ("parameter" in one) return [scope.parameter(one.parameter, one.shape, one.initializer, { decay: one.decay })];
  if ("dropout" in one) {
    if (scope.training) return [scope.dropoutMask(one.shape.map(dim), one.dropout)];
    // Outside of training nothing is dropped: all ones, by which nothing is multiplied below.
    const ones = graph.constant("float32", [], [1]);
    dropped.add(ones);
    return [ones];
  }
  if ("constant" in one) return [graph.constant(one.dtype, one.shape, one.constant)];
  const op =
    OPERATORS.find(({ name }) => name === one.operator) ?? failForStep("the name of an operator", one.operator);
  const operands = one.inputs.map((number) => values[number] ?? failForStep("a value before it", String(number)));
  const kept = operands.filter((operand) => !dropped.has(operand));
  if (kept.length === 1 && operands.length === 2 && op.name === "Mul") return [kept[0] as Value];
  const attributes = Object.entries(one.attributes).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map(dim) : value,
  ]);
  return graph.apply(op, operands, Object.fromEntries(attributes) as Attributes);
}

function failForStep(expected: string, got: string): never {
  return fail("E_WEIGHTS", { where: "config.json, textune.head", expected, got: `"${got}"` });
}
