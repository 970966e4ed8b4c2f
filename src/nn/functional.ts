/**
 * Layers as Keras' functional API has them: `dense(128, { activation: "relu" })(x)`.
 *
 * A layer finds by its input the scope in which it declares its parameters, and is named by its kind and the order of
 * the calls: "dense", "dense_1", ….
 */
import { fail } from "../base/errors.js";
import type { Graph, Value } from "../graph/graph.js";
import { ACTIVATIONS, type ActivationName } from "./activations.js";
import { dense as denseIn, dropout as dropoutIn, glorotDeviation, normalization } from "./layers.js";
import type { Scope } from "./scope.js";

/** A layer, to be applied to a value. */
export type Layer = (x: Value) => Value;

const scopes = new WeakMap<Graph, { readonly scope: Scope; readonly counts: Map<string, number> }>();

/** What `build` returns; layers that it calls on values of this graph declare their parameters in `scope`. */
export function withLayersIn<T>(scope: Scope, build: () => T): T {
  scopes.set(scope.graph, { scope, counts: new Map() });
  try {
    return build();
  } finally {
    scopes.delete(scope.graph);
  }
}

function scopeFor({ graph }: Value): { readonly scope: Scope; readonly counts: Map<string, number> } {
  return (
    scopes.get(graph) ??
    fail("E_USAGE", {
      where: "layer",
      expected: "a value of a model that is being built",
      got: "another one",
      fix: "call layers inside the function that is given as head",
    })
  );
}

/** The scope of a new layer of this kind. */
function newScope(x: Value, kind: string): Scope {
  const { scope, counts } = scopeFor(x);
  const before = counts.get(kind) ?? 0;
  counts.set(kind, before + 1);
  return scope.child(before === 0 ? kind : `${kind}_${before}`);
}

/** How a dense layer is made. */
export interface DenseOptions {
  /** "linear" by default. */
  readonly activation?: ActivationName;
  /** Standard deviation of new weights; by default Glorot's. A new bias is zero. */
  readonly deviation?: number;
  /** The name of its parameters; by default "dense", "dense_1", …. */
  readonly name?: string;
}

/**
 * y = activation(x Wᵀ + b): x [..., I]; [..., units].
 *
 * @example
 * const head = (pooled: Value, outputs: number) => dense(outputs)(dense(128, { activation: "relu" })(pooled));
 */
export function dense(units: number, options: DenseOptions = {}): Layer {
  const { activation = "linear", name } = options;
  return (x) => {
    const scope = name === undefined ? newScope(x, "dense") : scopeFor(x).scope.child(name);
    const deviation = options.deviation ?? glorotDeviation(x, units);
    return ACTIVATIONS[activation](denseIn(scope, x, units, deviation));
  };
}

/**
 * In training each element is dropped with `rate` in [0, 1) and the others are scaled by 1 / (1 - rate).
 *
 * @throws E_CONFIG for another rate
 *
 * @example
 * const thinned = dropout(0.1)(x);
 */
export function dropout(rate: number): Layer {
  if (!(rate >= 0 && rate < 1))
    fail("E_CONFIG", { where: "dropout", expected: "a rate of at least 0 and below 1", got: String(rate) });
  return (x) => dropoutIn(scopeFor(x).scope, x, rate);
}

/**
 * Layer normalisation over the last axis, with a scale and a shift that are trained.
 *
 * @example
 * const normal = layerNormalization()(x);
 */
export function layerNormalization({ epsilon = 1e-12 }: { readonly epsilon?: number } = {}): Layer {
  return (x) => normalization(newScope(x, "layer_normalization"), x, epsilon);
}
