/**
 * Every operator record, broken in every way that follows from its parts: each gradient that its rule returns, each
 * node, attribute and constant that its lowering writes, its shape rule, its reference, its checks, its slice rule.
 */
import { isDifferentiable } from "../../src/graph/dtype.js";
import { createGraph, type Node } from "../../src/graph/graph.js";
import type { Emitter, LoweringContext, OnnxAttribute, Op, ReferenceTensor } from "../../src/graph/op.js";
import { mul, neg, scalar } from "../../src/ops/arithmetic.js";

export interface OperatorMutant {
  readonly op: Op;
  /** What was done to it. */
  readonly what: string;
  /** Part of the title of the test that has to be red; undefined where nothing was broken and all have to be green. */
  readonly caughtBy: string | undefined;
}

const GRADIENT_TEST = "the gradient is the derivative";
const RUNTIME_TEST = "onnxruntime agrees";
const SHAPE_TEST = "the shape rule agrees";
const ERROR_TEST = "refuses";
const SLICE_TEST = "sliced early";
const SLICE_PASSES_TEST = "lets a slice through";

/** `op` as it is, then broken in every way. */
export function operatorMutants(op: Op): OperatorMutant[] {
  const mutants = [...brokenGradients(op), ...brokenLowerings(op), ...brokenTypes(op), ...brokenSlices(op)];
  return [{ op, what: "unchanged", caughtBy: undefined }, ...mutants].map((mutant) => ({
    ...mutant,
    op: { ...mutant.op, name: `${op.name}: ${mutant.what}` },
  }));
}

function brokenGradients(op: Op): OperatorMutant[] {
  const rule = op.gradient;
  if (typeof rule !== "function") return [];
  const inputs = op.samples.reduce((most, { inputs: given }) => Math.max(most, given.length), 0);
  const differentiated = Array.from({ length: inputs }, (_, i) => i).filter((i) =>
    op.samples.some(({ inputs: given }) => {
      const input = given[i];
      return input !== undefined && isDifferentiable(input.dtype ?? "float32") && input.differentiate !== false;
    }),
  );
  return differentiated.flatMap((input) =>
    [
      { how: "1 % too large", change: (g: Parameters<typeof neg>[0]) => mul(g, scalar(g, 1.01)) },
      { how: "of the wrong sign", change: neg },
    ].map(({ how, change }) => ({
      op: {
        ...op,
        gradient: (...given: Parameters<typeof rule>) =>
          rule(...given).map((gradient, i) => (i === input && gradient !== undefined ? change(gradient) : gradient)),
      },
      what: `gradient of input ${input + 1} ${how}`,
      caughtBy: GRADIENT_TEST,
    })),
  );
}

/** One thing that a lowering wrote, and what to write instead. */
interface Change {
  readonly what: string;
  readonly call: number;
  readonly kind: "type" | "operands" | "constant" | { readonly attribute: string };
}

/** Operators of ONNX in whose place another of the same arity can stand. */
const OTHER_TYPE: Readonly<Record<string, string>> = {
  Add: "Sub",
  Sub: "Add",
  Mul: "Add",
  Div: "Mul",
  Neg: "Identity",
  Exp: "Identity",
  Log: "Identity",
  Sqrt: "Identity",
  Tanh: "Identity",
  Erf: "Tanh",
  Gelu: "QuickGelu",
  Sigmoid: "Tanh",
  Softplus: "Identity",
  ReduceLogSumExp: "ReduceSum",
  Softmax: "LogSoftmax",
  LogSoftmax: "Softmax",
};
function brokenLowerings(op: Op): OperatorMutant[] {
  const changes = new Map<string, Change>();
  for (const sample of op.samples) for (const change of changesOf(op, sample)) changes.set(change.what, change);
  return [...changes.values()].map((change) => ({
    op: { ...op, onnx: (context) => lower(op, { ...context, emit: changed(context.emit, change) }) },
    what: `lowering: ${change.what}`,
    caughtBy: RUNTIME_TEST,
  }));
}

function lower(op: Op, context: LoweringContext<Op["samples"][number]["attributes"]>): void {
  const { onnx } = op;
  const { emit, inputs, outputs, attributes } = context;
  if (typeof onnx === "function") onnx(context);
  else
    emit.node(onnx.type, inputs, {
      outputs,
      domain: onnx.domain ?? "",
      attributes: onnx.attributes?.(attributes) ?? {},
    });
}

/** Everything that the lowering of a sample writes, each as a change to be made. */
function changesOf(op: Op, sample: Op["samples"][number]): Change[] {
  const graph = createGraph();
  const inputs = sample.inputs.map((input, i) => graph.input(`x${i}`, input.dtype ?? "float32", input.shape));
  const node = graph.apply(op, inputs, sample.attributes)[0].origin as Node;
  const changes: Change[] = [];
  let call = 0;
  const emit: Emitter = {
    device: "cpu",
    operators: "onnxruntime",
    node(type, operands, { outputs = [""], attributes = {} } = {}) {
      const at = call++;
      const other = OTHER_TYPE[type];
      if (other !== undefined) changes.push({ what: `${type} ${at} is ${other}`, call: at, kind: "type" });
      const ordered = type === "Sub" || type === "Div" || type === "MatMul";
      if (ordered && operands[0] !== operands[1])
        changes.push({ what: `operands of ${type} ${at} swapped`, call: at, kind: "operands" });
      for (const name of Object.keys(attributes)) {
        changes.push({ what: `${name} of ${type} ${at} changed`, call: at, kind: { attribute: name } });
      }
      return outputs.map((output, i) => output || `t${at}.${i}`);
    },
    constant(dtype, shape, values) {
      const at = call++;
      changes.push({ what: `constant ${at} (${dtype}) changed`, call: at, kind: "constant" });
      return `c ${dtype} ${shape.join()} ${values.join()}`;
    },
    dims: () => "dims",
    reshape: (input, _from, to, output) => output ?? `${input} as ${to.join()}`,
  };
  const names = node.outputs.map((_, i) => `y${i}`);
  lower(op, { emit, node, attributes: sample.attributes, inputs: inputs.map((_, i) => `x${i}`), outputs: names });
  return changes;
}

/** `emit` with one of the calls made otherwise. */
function changed(emit: Emitter, { call, kind }: Change): Emitter {
  let calls = 0;
  return {
    ...emit,
    node(type, operands, options = {}) {
      if (calls++ !== call || kind === "constant") return emit.node(type, operands, options);
      if (kind === "operands") return emit.node(type, [operands[1], operands[0]], options);
      if (kind !== "type") {
        const { attributes = {} } = options;
        const value = attributes[kind.attribute];
        return emit.node(type, operands, {
          ...options,
          attributes: { ...attributes, [kind.attribute]: otherValue(value) },
        });
      }
      return emit.node(OTHER_TYPE[type] ?? type, operands, options);
    },
    constant(dtype, shape, values) {
      const own = calls++ === call && kind === "constant";
      if (!own) return emit.constant(dtype, shape, values);
      const last = values.length - 1;
      const other =
        dtype === "float32"
          ? values.map((value) => 1.01 * value + 0.01)
          : values.map((v, i) => (i === last ? v + 1 : v));
      return emit.constant(dtype, shape, other);
    },
  };
}

function otherValue(attribute: OnnxAttribute): OnnxAttribute {
  if ("int" in attribute) return { int: attribute.int === 0 ? 1 : 0 };
  if ("float" in attribute) return { float: 1.01 * attribute.float };
  if ("ints" in attribute) return { ints: [...attribute.ints].reverse() };
  return { string: { add: "mul", constant: "edge" }[attribute.string] ?? "none" };
}

function brokenTypes(op: Op): OperatorMutant[] {
  return [
    {
      op: {
        ...op,
        infer: (...given) => op.infer(...given).map((type) => ({ ...type, shape: [...type.shape, 1] })),
      },
      what: "shape rule with an axis too many",
      caughtBy: SHAPE_TEST,
    },
    {
      op: {
        ...op,
        infer: (inputs, attributes) => {
          try {
            return op.infer(inputs, attributes);
          } catch {
            return [inputs[0]];
          }
        },
      },
      what: "shape rule without its checks",
      caughtBy: ERROR_TEST,
    },
    {
      op: { ...op, reference: (...given) => op.reference(...given).map(distorted) },
      what: "reference 1 % off",
      caughtBy: RUNTIME_TEST,
    },
  ];
}

function distorted({ shape, data }: ReferenceTensor): ReferenceTensor {
  return { shape, data: data.map((value) => 1.01 * value + 0.01) };
}

function brokenSlices(op: Op): OperatorMutant[] {
  const rule = op.slice;
  if (rule === undefined) return [];
  const mutants: OperatorMutant[] = [
    {
      op: { ...op, slice: (slice, ...rest) => rule({ ...slice, axis: 0 }, ...rest) },
      what: "slice rule that takes every axis for the first",
      caughtBy: SLICE_TEST,
    },
    {
      op: { ...op, slice: () => undefined },
      what: "slice rule that always stops",
      caughtBy: SLICE_PASSES_TEST,
    },
  ];
  if (stopsSomewhere(op)) {
    mutants.push({
      op: {
        ...op,
        slice: (slice, node, attributes) =>
          rule(slice, node, attributes) ?? { inputs: node.inputs.map(() => slice.axis) },
      },
      what: "slice rule that never stops",
      caughtBy: SLICE_TEST,
    });
  }
  return mutants;
}

/** Whether there is an axis of a sample along which the rule lets no slice through. */
function stopsSomewhere(op: Op): boolean {
  return op.samples.some((sample) => {
    const graph = createGraph();
    const inputs = sample.inputs.map((input, i) => graph.input(`x${i}`, input.dtype ?? "float32", input.shape));
    const [output] = graph.apply(op, inputs, sample.attributes);
    return output.shape.some(
      (_, axis) => op.slice?.({ axis, start: 0, size: 1 }, output.origin as Node, sample.attributes) === undefined,
    );
  });
}
