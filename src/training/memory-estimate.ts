/**
 * How much memory a training takes, before it starts: from the graph alone.
 *
 * A value of the graph takes memory from the operator that makes it to the last one that reads it. The most that is held
 * at once, with what is held all the time, is the peak. bench/memory.ts compares it with what a process really takes.
 */
import type { Value } from "../graph/graph.js";
import { reachableNodes } from "../graph/graph.js";
import { type Bindings, resolveShape, sizeOf } from "../graph/shape.js";
import type { Optimizer } from "../optimizers/define-optimizer.js";
import { gradientName, type TrainingGraph } from "./classifier-graph.js";

const BYTES = { float32: 4, int32: 4, int64: 8, bool: 1 } as const;
/** Node.js and onnxruntime themselves. */
const PROCESS = 170 * 2 ** 20;
/** onnxruntime takes memory in blocks of powers of two: it may hold twice what is in use. */
const BLOCKS = 2;

/** Bytes. */
export interface MemoryEstimate {
  /** Parameters and copies of them, gradients and their sum over parts, what the optimizer keeps. */
  readonly weights: number;
  /** The most of activations, their gradients and dropout masks that one part of a batch holds at once. */
  readonly activations: number;
  /** All of it, and the process itself. */
  readonly peak: number;
}

export interface EstimateOptions {
  readonly graph: TrainingGraph;
  readonly optimizer: Optimizer;
  /** Rows and tokens of the largest part of a batch that is computed at once. */
  readonly dims: { readonly B: number; readonly T: number };
  /** Copies of all weights beside those that are trained: the classifier's own, an average, the best. */
  readonly copies: number;
}

export function estimateMemory({ graph, optimizer, dims, copies }: EstimateOptions): MemoryEstimate {
  const all = 4 * graph.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const trained = 4 * graph.trained.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const kept = Object.keys(optimizer.state).length;
  // Gradients, and their sum over the parts of a batch.
  const weights = (1 + copies) * all + (2 + kept) * trained;
  const activations = activationBytes(graph, dims);
  return { weights, activations, peak: PROCESS + weights + BLOCKS * activations };
}

/** The most bytes that the stages of `graph` hold at once beside the weights and their gradients. */
function activationBytes(graph: TrainingGraph, dims: Bindings): number {
  const gradients = new Set(graph.trained.map(({ name }) => gradientName(name)));
  let between = 0;
  let peak = 0;
  for (const stage of graph.stages) {
    const outputs = Object.entries(stage).filter(([name]) => !gradients.has(name));
    const written = new Set(Object.entries(stage).flatMap(([name, value]) => (gradients.has(name) ? [value] : [])));
    peak = Math.max(peak, between + peakOf(Object.values(stage), written, dims));
    between += outputs.reduce((sum, [, value]) => sum + bytesOf(value, dims), 0);
  }
  return peak;
}

/** @param written values that go into memory which is there already */
function peakOf(outputs: readonly Value[], written: ReadonlySet<Value>, dims: Bindings): number {
  const nodes = reachableNodes(outputs);
  const lastReader = new Map<Value, number>();
  let masks = 0;
  for (const [place, { inputs }] of nodes.entries())
    for (const value of inputs) {
      const isMask = value.origin.kind === "input" && value.origin.role.kind === "dropout";
      if (isMask && !lastReader.has(value)) masks += bytesOf(value, dims);
      lastReader.set(value, place);
    }
  for (const value of outputs) lastReader.set(value, nodes.length);
  let held = 0;
  let most = 0;
  for (const [place, node] of nodes.entries()) {
    for (const value of node.outputs) if (lastReader.has(value) && !written.has(value)) held += bytesOf(value, dims);
    most = Math.max(most, held);
    for (const value of new Set(node.inputs))
      if (value.origin.kind === "node" && lastReader.get(value) === place && !written.has(value))
        held -= bytesOf(value, dims);
  }
  return most + masks;
}

function bytesOf({ dtype, shape }: Value, dims: Bindings): number {
  return BYTES[dtype] * sizeOf(resolveShape(shape, dims));
}
