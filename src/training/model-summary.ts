/** What a model consists of, read off its graph: every layer with its output shape and its parameters. */
import type { Node, Value } from "../graph/graph.js";
import { formatShape } from "../graph/shape.js";
import type { Parameter, Place } from "../nn/scope.js";

/** One layer, or one block of layers. */
export interface LayerSummary {
  /** As in the weight file, or for a layer without parameters its operator and a number: "softmax_1". */
  readonly name: string;
  /** "Dense", "Embedding", "LayerNormalization", "Dropout", "Gelu", … */
  readonly type: string;
  /** As in "[B, T, 384]": B rows of T tokens. */
  readonly outputShape: string;
  /** Numbers that it learned or may learn; those of a layer that shares its weights with an earlier one stand there. */
  readonly parameters: number;
  /** How many of them are trained. */
  readonly trainable: number;
  /** The layers whose output it reads, by name. */
  readonly inputs: readonly string[];
  /** "embeddings", "layer 1", …, "pooler", or "head". */
  readonly block: string;
}

/** What a model consists of. */
export interface ModelSummary {
  /** What it was opened from, and its architecture. */
  readonly name: string;
  readonly modelType: string;
  /** In an order in which each comes after those it reads; first what is put in. */
  readonly layers: readonly LayerSummary[];
  readonly parameters: number;
  readonly trainable: number;
  /** Of all parameters as float32. */
  readonly bytes: number;
}

/** What the operators are called that make a layer of their own; the others only move numbers about. */
const TYPES: Readonly<Record<string, string>> = {
  ...{ Linear: "Dense", Lookup: "Embedding", LayerNorm: "LayerNormalization", MatMul: "MatMul", Softmax: "Softmax" },
  ...{ Gelu: "Gelu", Tanh: "Tanh", Relu: "Relu", Sigmoid: "Sigmoid", Add: "Add", ReduceMax: "Max", ReduceSum: "Sum" },
};

/**
 * The layers between the inputs of a graph and `output`.
 *
 * @param trained whether a parameter is trained
 */
export function layersOf(
  output: Value,
  nodes: readonly Node[],
  parameters: readonly Parameter[],
  trained: (parameter: Parameter) => boolean,
): readonly LayerSummary[] {
  const byValue = new Map(parameters.map((parameter) => [parameter.value, parameter]));
  const claimed = new Set<Parameter>();
  /** For each value, the layers that it comes from with no other layer between. */
  const sources = new Map<Value, readonly string[]>();
  const counts = new Map<string, number>();
  /** Those without parameters get their block in the end. */
  const layers: LayerSummary[] = [];
  const sourcesOf = (value: Value): readonly string[] => {
    const { origin } = value;
    if (origin.kind === "input" && origin.role.kind === "data" && !sources.has(value)) {
      layers.push({
        ...{ name: origin.name, type: "Input", outputShape: formatShape(value.shape), block: "inputs" },
        ...{ parameters: 0, trainable: 0, inputs: [] },
      });
      sources.set(value, [origin.name]);
    }
    return sources.get(value) ?? [];
  };
  const isMask = (value: Value): boolean => value.origin.kind === "input" && value.origin.role.kind === "dropout";

  for (const node of nodes) {
    const inputs = [...new Set(node.inputs.flatMap(sourcesOf))];
    const type = typeOf(node, inputs, isMask, byValue);
    if (type === undefined) {
      for (const value of node.outputs) sources.set(value, inputs);
      continue;
    }
    const read = node.inputs.flatMap((value) => byValue.get(value) ?? []);
    const owned = read.filter((parameter) => !claimed.has(parameter));
    for (const parameter of owned) claimed.add(parameter);
    const base = read.length > 0 ? pathOf(read[0].name) : type.toLowerCase();
    const times = (counts.get(base) ?? 0) + 1;
    counts.set(base, times);
    const name = read.length > 0 && times === 1 ? base : `${base}_${times}`;
    layers.push({
      ...{ name, type, inputs, outputShape: formatShape((node.outputs[0] as Value).shape) },
      ...{ parameters: sizeOf(owned), trainable: sizeOf(owned.filter(trained)) },
      block: read.length > 0 ? blockOf(read[0].place) : "",
    });
    for (const value of node.outputs) sources.set(value, [name]);
  }
  const needed = neededBy(sources.get(output) ?? [], layers);
  const shown = inBlocks(layers.filter(({ name }) => needed.has(name)));
  const data = output.graph.inputs.flatMap(({ origin }) => (origin.kind === "input" ? origin.name : []));
  const isInput = ({ type }: LayerSummary): boolean => type === "Input";
  return [
    ...shown.filter(isInput).sort((a, b) => data.indexOf(a.name) - data.indexOf(b.name)),
    ...shown.filter((layer) => !isInput(layer)),
  ];
}

/**
 * Layers without parameters in the block of those before them, but what stands between the encoder and the first
 * parameters of pooler or head in the block of these.
 */
function inBlocks(layers: readonly LayerSummary[]): readonly LayerSummary[] {
  const hasBlock = ({ block }: LayerSummary): boolean => block !== "" && block !== "inputs";
  return layers.map((layer, i) => {
    if (layer.block !== "") return layer;
    const before = layers.slice(0, i).findLast(hasBlock)?.block ?? "embeddings";
    const after = layers.slice(i).find(hasBlock)?.block ?? "head";
    const isUpper = after === "head" || after === "pooler";
    const isActivation = before === "pooler" && layer.type !== "Dropout";
    return { ...layer, block: isUpper && !isActivation ? after : before };
  });
}

/** One entry for each block, in order. */
export function blocksOf(layers: readonly LayerSummary[]): readonly LayerSummary[] {
  const home = new Map(layers.map(({ name, block, type }) => [name, type === "Input" ? name : block]));
  return [...new Set(home.values())].map((name) => {
    const own = layers.filter((layer) => home.get(layer.name) === name);
    const last = own.at(-1) as LayerSummary;
    const sum = (count: (layer: LayerSummary) => number): number => own.reduce((all, layer) => all + count(layer), 0);
    const inputs = own.flatMap((layer) => layer.inputs.map((input) => home.get(input) as string));
    return {
      ...{ name, block: last.block, outputShape: last.outputShape },
      type: own.length === 1 ? last.type : `${own.length} layers`,
      ...{ parameters: sum(({ parameters }) => parameters), trainable: sum(({ trainable }) => trainable) },
      inputs: [...new Set(inputs)].filter((input) => input !== name),
    };
  });
}

function typeOf(
  { op, inputs }: Node,
  from: readonly string[],
  isMask: (value: Value) => boolean,
  byValue: ReadonlyMap<Value, Parameter>,
): string | undefined {
  if (inputs.some(isMask)) return "Dropout";
  const type = TYPES[op.name];
  if (inputs.some((value) => byValue.has(value))) return type ?? op.name;
  // A sum with a constant, or of what comes from one layer, is part of that layer's arithmetic.
  return op.name === "Add" && from.length < 2 ? undefined : type;
}

function neededBy(outputs: readonly string[], layers: readonly LayerSummary[]): Set<string> {
  const needed = new Set(outputs);
  for (const { name, inputs } of layers.slice().reverse())
    if (needed.has(name)) for (const one of inputs) needed.add(one);
  return needed;
}

function pathOf(parameter: string): string {
  return parameter.includes(".") ? parameter.slice(0, parameter.lastIndexOf(".")) : parameter;
}

function blockOf(place: Place): string {
  if (typeof place !== "number") return place;
  return place === 0 ? "embeddings" : `layer ${place}`;
}

function sizeOf(parameters: readonly Parameter[]): number {
  return parameters.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
}
