/** An optimizer at work: its state in flat buffers, the steps counted, one group after the other. */

import { fail } from "../base/errors.js";
import { failForIssue } from "../base/resolve-options.js";
import { type FlatLayout, layOut, type Slot, viewOf } from "../runtime/flat-layout.js";
import type { Optimizer, StateBuffer, StateShape } from "./define-optimizer.js";

/** Parameters that share a rate and a decay. */
export interface ParameterGroup {
  /** Where they stand in the flat buffers: one after the other, without a parameter of another group between them. */
  readonly tensors: readonly Slot[];
  /** Share of a parameter that a step with learning rate 1 takes away; 0 or more. */
  readonly weightDecay: number;
  /** The learning rate of every step is multiplied by it; 0 or more, 1 by default. */
  readonly rateScale?: number;
}

export interface CreateOptimizer {
  /** The flat parameters, updated in place. */
  readonly parameters: Float32Array;
  /** The flat gradients in the places of the parameters, read at every step. */
  readonly gradients: Float32Array;
  /** What is trained. Elements in no group stay as they are. */
  readonly groups: readonly ParameterGroup[];
  /** The optimizer's own options; further names are left alone. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Makes zero-filled buffers; fastest is `allocate` of the flat memory that holds the parameters. */
  readonly allocate?: (length: number) => Float32Array;
}

export interface OptimizerStep {
  /** The step size, 0 or more. */
  readonly learningRate: number;
  /** Multiplies every gradient before it is used, say the clipping factor; 1 by default. */
  readonly gradientScale?: number;
  /** Which groups take the step, by their index; all by default. The others keep parameters, state and count. */
  readonly active?: (group: number) => boolean;
}

/** An optimizer over the parameters that it was made for. */
export interface RunningOptimizer {
  /** Moves the parameters and what is kept of them. */
  step(options: OptimizerStep): void;
  /**
   * All that a step depends on but parameters and gradients, by name: "step", the steps of each group, and
   * "STATE/PARAMETER", as in "firstMoment/classifier.weight". The arrays are live: what is written into them counts
   * from the next step on.
   */
  readonly state: ReadonlyMap<string, Float32Array>;
}

/**
 * An optimizer at its first step.
 *
 * @throws E_CONFIG when a number is out of its range, the lengths differ or groups overlap
 */
export function createOptimizer(optimizer: Optimizer, given: CreateOptimizer): RunningOptimizer {
  const { parameters, gradients, groups } = given;
  const allocate = given.allocate ?? ((length: number) => new Float32Array(length));
  const options = readOptions(optimizer, given.options ?? {});
  expect(
    `${optimizer.name} gradients`,
    gradients.length,
    gradients.length === parameters.length,
    `${parameters.length} elements, one for each parameter`,
  );
  const stretches = groups.map(stretchOf);
  checkGroups(optimizer.name, groups, stretches, parameters.length);

  const tensors = groups.flatMap((group) => group.tensors);
  const whole: FlatLayout = { slots: tensors, length: parameters.length };
  const buffers: Record<string, StateBuffer> = Object.fromEntries(
    Object.entries(optimizer.state).map(([name, shape]) => {
      const layout = stateLayout(shape, whole);
      return [name, { values: allocate(layout.length), layout }] as const;
    }),
  );
  // As in PyTorch, in float32: whole numbers up to 2^24.
  const steps = new Float32Array(groups.length);
  const state = new Map<string, Float32Array>([["step", steps]]);
  for (const [name, { values, layout }] of Object.entries(buffers))
    for (const slot of layout.slots) state.set(`${name}/${slot.name}`, viewOf(values, slot));

  return {
    step({ learningRate, gradientScale = 1, active = () => true }) {
      expect("learningRate", learningRate, learningRate >= 0 && learningRate < Infinity, "a number, 0 or more");
      for (const [index, { tensors, weightDecay, rateScale = 1 }] of groups.entries()) {
        if (!active(index)) continue;
        steps[index]++;
        optimizer.update({
          ...{ options, parameters, gradients, state: buffers, tensors, weightDecay, gradientScale },
          ...stretches[index],
          step: steps[index],
          learningRate: learningRate * rateScale,
        });
      }
    },
    state,
  };
}

function readOptions(optimizer: Optimizer, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const parsed = optimizer.options.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = String(issue.path[0]);
  return failForIssue({ where: `${optimizer.name} ${name}` }, issue, given[name]);
}

/** Where the state of one kind stands for the parameters of `whole`. */
function stateLayout(shape: StateShape, whole: FlatLayout): FlatLayout {
  if (shape === "elementwise") return whole;
  return layOut(
    whole.slots.flatMap((slot) => {
      const own = shape(slot.shape);
      return own === undefined ? [] : [{ name: slot.name, shape: own }];
    }),
  );
}

interface Stretch {
  readonly start: number;
  readonly length: number;
}

function stretchOf({ tensors }: ParameterGroup): Stretch {
  const first = tensors[0];
  const last = tensors[tensors.length - 1];
  return first === undefined
    ? { start: 0, length: 0 }
    : { start: first.start, length: last.start + last.length - first.start };
}

function checkGroups(
  name: string,
  groups: readonly ParameterGroup[],
  stretches: readonly Stretch[],
  length: number,
): void {
  for (const { weightDecay, rateScale = 1 } of groups) {
    expect("weightDecay", weightDecay, weightDecay >= 0 && weightDecay < Infinity, "a number, 0 or more");
    expect("rateScale", rateScale, rateScale >= 0 && rateScale < Infinity, "a number, 0 or more");
  }
  let end = 0;
  for (const stretch of stretches.filter((one) => one.length !== 0).sort((a, b) => a.start - b.start)) {
    const stop = stretch.start + stretch.length;
    if (!(stretch.length > 0 && stretch.start >= end && stop <= length)) {
      fail("E_CONFIG", {
        where: `${name} groups`,
        expected: `groups within ${length} parameters that do not overlap`,
        got: `one from ${stretch.start} to ${stop}${stretch.start < end ? ` after one up to ${end}` : ""}`,
      });
    }
    end = stop;
  }
}

function expect(where: string, value: number, holds: boolean, expected: string): void {
  if (!holds) fail("E_CONFIG", { where, expected, got: String(value) });
}
