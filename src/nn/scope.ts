/**
 * Where layers find their parameters and draw their dropout masks.
 *
 * A layer is a function of a scope and graph values. The scope names parameters by the path that
 * Hugging Face gives them ("bert.encoder.layer.0.output.dense.weight"), so that files need no name map.
 */
import { fail } from "../base/errors.js";
import type { Graph, Value } from "../graph/graph.js";
import { formatShape, type Shape, sameShape } from "../graph/shape.js";

/** How a parameter that no file holds is filled. */
export type Initializer = { readonly normal: number } | "zeros" | "ones";

/**
 * Where a parameter stands: 0 in the embeddings, k in the k-th layer of the encoder (counted from 1); in the pooler,
 * which a file of pre-trained weights may lack; or in the head, which is new for other classes.
 */
export type Place = number | "pooler" | "head";

/** A parameter of a model. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: Initializer;
  readonly place: Place;
  /** Whether weight decay applies to it. */
  readonly decay: boolean;
  /** The graph input through which its values come. */
  readonly value: Value;
}

/**
 * What stands beside the dense layers of an encoder, as LoRA does: of `layer`, which made `y` of `x`, the output in the
 * place of `y`. Its own parameters are named by `scope`, the layer's.
 */
export type Adapter = (scope: Scope, layer: string, x: Value, y: Value) => Value;

export interface Scope {
  readonly graph: Graph;
  /** Whether dropout is applied. */
  readonly training: boolean;
  /** The scope of a part: its parameters are named below `name`. */
  child(name: string): Scope;
  /** The same scope, whose parameters stand at `place`. */
  at(place: Place): Scope;
  /**
   * A float32 parameter. Weight decay applies to it unless `decay` says no, as for biases and normalisations. Asked for
   * a second time under its name, as by layers that share their weights, it is the same.
   *
   * @throws E_SHAPE when it is asked for in another shape
   */
  parameter(
    name: string,
    shape: readonly number[],
    initializer: Initializer,
    options?: { readonly decay?: boolean },
  ): Value;
  /** The output of the dense layer of this scope, which made `y` of `x`: `y` itself where no adapter stands beside it. */
  adapt(x: Value, y: Value): Value;
  /** A mask of `shape` that is 0 with `probability` and 1 / (1 - probability) otherwise, new in every step. */
  dropoutMask(shape: Shape, probability: number): Value;
  /** Says that `x`, of which all that follows is computed, may be kept while what lies before it is computed anew. */
  checkpoint(x: Value): Value;
}

/** What the layers of a model declared, in order. */
export interface Declared {
  readonly parameters: readonly Parameter[];
  readonly checkpoints: readonly Value[];
}

/**
 * The outermost scope of a model; `declared` tells, once the model is built, what its layers declared.
 *
 * @param adapter stands beside the dense layers of encoder and pooler, not those of the head
 */
export function createScope(
  graph: Graph,
  training: boolean,
  adapter?: Adapter,
): { readonly scope: Scope; declared(): Declared } {
  const parameters = new Map<string, Parameter>();
  const checkpoints: Value[] = [];
  let masks = 0;
  const within = (path: string, place: Place): Scope => ({
    graph,
    training,
    child: (name) => within(`${path}${name}.`, place),
    at: (other) => within(path, other),
    parameter(own, shape, initializer, { decay = true } = {}) {
      const name = `${path}${own}`;
      const known = parameters.get(name);
      if (known !== undefined) {
        if (!sameShape(known.shape, shape))
          fail("E_SHAPE", { where: name, expected: formatShape(known.shape), got: formatShape(shape) });
        return known.value;
      }
      const value = graph.input(name, "float32", shape, { kind: "parameter" });
      parameters.set(name, { name, shape, initializer, place, decay, value });
      return value;
    },
    adapt(x, y) {
      if (adapter === undefined || place === "head") return y;
      return adapter(within(path, place), path.slice(0, -1), x, y);
    },
    dropoutMask: (shape, probability) =>
      graph.input(`dropout.${masks++}`, "float32", shape, { kind: "dropout", probability }),
    checkpoint(x) {
      checkpoints.push(x);
      return x;
    },
  });
  return {
    scope: within("", "head"),
    declared: () => ({ parameters: [...parameters.values()], checkpoints: [...checkpoints] }),
  };
}
