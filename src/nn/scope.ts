/**
 * Where layers find their parameters and draw their dropout masks.
 *
 * A layer is a function of a scope and graph values. The scope names parameters by the path that
 * Hugging Face gives them ("bert.encoder.layer.0.output.dense.weight"), so that files need no name map.
 */
import type { Graph, Value } from "../graph/graph.js";
import type { Shape } from "../graph/shape.js";

/** How a parameter that no file holds is filled. */
export type Initializer = { readonly normal: number } | "zeros" | "ones";

/** A parameter of a model. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: Initializer;
  /** Whether weight decay applies to it. */
  readonly decay: boolean;
  /** The graph input through which its values come. */
  readonly value: Value;
}

export interface Scope {
  readonly graph: Graph;
  /** Whether dropout is applied. */
  readonly training: boolean;
  /** The scope of a part: its parameters are named below `name`. */
  child(name: string): Scope;
  /** A float32 parameter. Weight decay applies to it unless `decay` says no, as for biases and normalisations. */
  parameter(
    name: string,
    shape: readonly number[],
    initializer: Initializer,
    options?: { readonly decay?: boolean },
  ): Value;
  /** A mask of `shape` that is 0 with `probability` and 1 / (1 - probability) otherwise, new in every step. */
  dropoutMask(shape: Shape, probability: number): Value;
  /** Says that `x`, of which all that follows is computed, may be kept while what lies before it is computed anew. */
  checkpoint(x: Value): Value;
}

/** The outermost scope of a model, and what its layers declare in it, in order. */
export interface ModelScope {
  readonly scope: Scope;
  readonly parameters: readonly Parameter[];
  readonly checkpoints: readonly Value[];
}

export function createScope(graph: Graph, training: boolean): ModelScope {
  const parameters: Parameter[] = [];
  const checkpoints: Value[] = [];
  let masks = 0;
  const at = (path: string): Scope => ({
    graph,
    training,
    child: (name) => at(`${path}${name}.`),
    parameter(name, shape, initializer, { decay = true } = {}) {
      const value = graph.input(`${path}${name}`, "float32", shape, { kind: "parameter" });
      parameters.push({ name: `${path}${name}`, shape, initializer, decay, value });
      return value;
    },
    dropoutMask: (shape, probability) =>
      graph.input(`dropout.${masks++}`, "float32", shape, { kind: "dropout", probability }),
    checkpoint(x) {
      checkpoints.push(x);
      return x;
    },
  });
  return { scope: at(""), parameters, checkpoints };
}
