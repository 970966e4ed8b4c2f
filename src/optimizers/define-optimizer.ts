/**
 * What an optimizer is: a record of its options, of what it keeps for each parameter, and of one step.
 *
 * A record holds no numbers of a training. `createOptimizer` (./create-optimizer.ts) makes the buffers, counts the
 * steps and goes through the groups.
 */
import type { z } from "zod";
import type { FlatLayout, Slot } from "../runtime/flat-layout.js";

/**
 * What is kept for a parameter. "elementwise": a number for each of its elements, in a buffer with the layout of the
 * parameters, so that a loop walks both in step. A function: a tensor of the shape that it gives for the parameter's
 * shape, or nothing where it gives undefined.
 */
export type StateShape = "elementwise" | ((shape: readonly number[]) => readonly number[] | undefined);

/** One kind of state, zero in the beginning. Slots have the names of the parameters. */
export interface StateBuffer {
  readonly values: Float32Array;
  readonly layout: FlatLayout;
}

/** What one step over one group reads and writes. */
export interface Update<Options, Name extends string> {
  readonly options: Options;
  /** The flat parameters; the step moves those of the group. */
  readonly parameters: Float32Array;
  /** The flat gradients, in the places of the parameters; they are not written. */
  readonly gradients: Float32Array;
  readonly state: Readonly<Record<Name, StateBuffer>>;
  /** The parameters of the group, one after the other in the flat buffers. */
  readonly tensors: readonly Slot[];
  /** The stretch of the flat buffers in which they stand, in floats. */
  readonly start: number;
  readonly length: number;
  /** Steps that the group took, this one included. */
  readonly step: number;
  /** The rate of this group, 0 or more. */
  readonly learningRate: number;
  readonly weightDecay: number;
  /** Every gradient is multiplied by it before it is used: the factor of clipping. */
  readonly gradientScale: number;
}

/**
 * What becomes of the rows of a matrix whose gradient was zero in every step.
 *
 * - "decay": each step multiplies them by 1 - learning rate · weight decay, and no other row depends on them.
 * - "stay": they keep their values, and no other row depends on them.
 * - "involved": neither. They move in another way, or a sum over all rows goes into the others' steps.
 *
 * Training that leaves such rows out (src/training/compact-vocabulary.ts) is exact for the first two.
 */
export type IdleRows = "decay" | "stay" | "involved";

/** An optimizer. */
export interface OptimizerSpec<Fields extends z.ZodRawShape, Name extends string> {
  /** What the option `optim` calls it. */
  readonly name: string;
  /** One sentence for help and documentation. */
  readonly summary: string;
  /** Its own options; they are options of training by the same names. */
  readonly options: z.ZodObject<Fields>;
  /** What is kept for a parameter from one step to the next, by name. */
  readonly state: Readonly<Record<Name, StateShape>>;
  readonly idleRows: (options: z.output<z.ZodObject<Fields>>, weightDecay: number) => IdleRows;
  /** One step over one group. */
  readonly update: (update: Update<z.output<z.ZodObject<Fields>>, Name>) => void;
  /** The paper, and the implementation whose numbers are followed. */
  readonly source: string;
}

/** An optimizer as the rest of the system sees it. */
export type Optimizer = OptimizerSpec<z.ZodRawShape, string>;

/** Returns `spec`, frozen, with its own type kept. */
export function defineOptimizer<Fields extends z.ZodRawShape, Name extends string>(
  spec: OptimizerSpec<Fields, Name>,
): OptimizerSpec<Fields, Name> & Optimizer {
  return Object.freeze(spec) as unknown as OptimizerSpec<Fields, Name> & Optimizer;
}
