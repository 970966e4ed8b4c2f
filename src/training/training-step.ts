/**
 * One step of training: forward and backward in one session run, then clipping and the optimizer over flat buffers.
 *
 * Parameters, gradients and the optimizer's state stand in one stretch of memory that the session reads and writes in place.
 */
import { fail } from "../base/errors.js";
import { createFlatMemory } from "../base/flat-memory.js";
import { createOptimizer } from "../optimizers/create-optimizer.js";
import type { Optimizer } from "../optimizers/define-optimizer.js";
import { addScaled } from "../optimizers/gradient-accumulation.js";
import { clipFactor, globalNorm } from "../optimizers/gradient-norm.js";
import { type FlatLayout, layOut, type Slot, tensorsOf, viewOf } from "../runtime/flat-layout.js";
import type { Runtime, Tensor } from "../runtime/session.js";
import { type Batch, targetTensor } from "./batch.js";
import { gradientName, type TrainingGraph } from "./classifier-graph.js";
import { createDropoutMasks, type MaskKey } from "./dropout-masks.js";
import type { TrainedGroup } from "./parameter-groups.js";
import { createRowGradients } from "./row-gradients.js";
import { createStages } from "./stages.js";

export interface TrainerOptions {
  readonly runtime: Runtime;
  /** A training graph: see buildTrainingGraph. */
  readonly graph: TrainingGraph;
  /** The first values of every parameter by name; they are copied. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly optimizer: Optimizer;
  /** Its own options are read off these; defaults where they are missing. */
  readonly optimizerOptions?: Readonly<Record<string, unknown>>;
  /** The trained parameters, each in one group. */
  readonly groups: readonly TrainedGroup[];
  readonly maxGradNorm: number;
  /** Seed of the dropout masks. */
  readonly seed: number;
  readonly threads?: number;
}

/** What a step did. */
export interface StepResult {
  /** Mean loss over all rows, before the step. */
  readonly loss: number;
  /** Global norm of the gradients before clipping. */
  readonly gradientNorm: number;
  /** Per part [B, C], before the step. */
  readonly logits: readonly Float32Array[];
}

/** A batch with its targets. */
export interface LabelledBatch extends Batch {
  /** Of each row, row by row, as the task has them. */
  readonly targets: Int32Array | Float32Array;
}

/** The parameters at some step. */
export interface Snapshot {
  readonly parameters: Float32Array;
  readonly decays: readonly number[];
}

export interface Trainer {
  readonly layout: FlatLayout;
  /** All parameters, in the places that `layout` tells. */
  readonly parameters: Float32Array;
  /**
   * Computes the gradients of the mean loss over the rows of all `parts`, without a step; `step` numbers the
   * dropout masks. They stand in `gradients`, in the places of the trained parameters. A batch computed in
   * parts gives the same sums as at once, within rounding, and holds the activations of one part only.
   */
  computeGradients(parts: readonly LabelledBatch[], step: number): Promise<Omit<StepResult, "gradientNorm">>;
  readonly gradients: Float32Array;
  /**
   * Computes gradients, clips them and moves the parameters. A loss or norm that is not finite leaves the
   * parameters as they are and is returned.
   */
  step(parts: readonly LabelledBatch[], step: number, learningRate: number): Promise<StepResult>;
  /**
   * The product of 1 - learning rate · weight decay over the steps behind the present parameters, for `parameter`; 1
   * where it is not trained.
   */
  decay(parameter: string): number;
  /** The optimizer's state by name, live: see RunningOptimizer.state. */
  readonly optimizerState: ReadonlyMap<string, Float32Array>;
  /** A copy of the parameters, to be restored; `reuse` is overwritten. */
  snapshot(reuse?: Snapshot): Snapshot;
  restore(snapshot: Snapshot): void;
  close(): Promise<void>;
}

export async function createTrainer(options: TrainerOptions): Promise<Trainer> {
  const { graph, weights, groups } = options;
  const trainedNames = new Set(graph.trained.map(({ name }) => name));
  const isTrained = (name: string): boolean => trainedNames.has(name);
  // Group after group, then what is frozen: a group is a stretch that the optimizer goes through at once.
  const layout = layOut([
    ...groups.flatMap((group) => group.parameters),
    ...graph.parameters.filter(({ name }) => !isTrained(name)),
  ]);
  const trained = layout.slots.find(({ name }) => !isTrained(name))?.start ?? layout.length;

  // Parameters, their gradients, the sum of these over parts, and what the optimizer keeps.
  const buffers = 2 + Object.keys(options.optimizer.state).length;
  const memory = createFlatMemory(4 * (layout.length + buffers * trained));
  const parameters = memory.allocate(layout.length);
  const gradients = memory.allocate(trained);
  const slotOf = new Map(layout.slots.map((slot) => [slot.name, slot]));
  let sum: Float32Array | undefined;
  let decays: readonly number[] = groups.map(() => 1);
  for (const slot of layout.slots) {
    const values = weights.get(slot.name);
    if (values?.length !== slot.length) {
      fail("E_WEIGHTS", { where: slot.name, expected: `${slot.length} values`, got: String(values?.length ?? "none") });
    }
    viewOf(parameters, slot).set(values);
  }

  const stages = await createStages(options.runtime, graph.stages, {
    ...(options.threads === undefined ? {} : { threads: options.threads }),
  });
  const parameterTensors = tensorsOf(parameters, layout);
  const byRows = new Set(graph.rowGradients.map(({ parameter }) => parameter));
  const wholeSlots = layout.slots.filter(({ name }) => isTrained(name) && !byRows.has(name));
  const gradientTensors = tensorsOf(gradients, { slots: wholeSlots, length: trained }, gradientName);
  const tables = graph.rowGradients.map(({ parameter, ids, output }) => {
    const rows = createRowGradients(gradients, slotOf.get(parameter) as Slot);
    return { ids, output, rows };
  });
  const masks = createDropoutMasks(stages.inputs, options.seed);
  const optimizer = createOptimizer(options.optimizer, {
    parameters: parameters.subarray(0, trained),
    gradients,
    groups: groups.map(({ parameters: members, ...group }) => ({
      ...group,
      tensors: members.map(({ name }) => slotOf.get(name) as Slot),
    })),
    allocate: memory.allocate,
    ...(options.optimizerOptions === undefined ? {} : { options: options.optimizerOptions }),
  });

  const computePart = async (
    part: LabelledBatch,
    rows: number,
    key: MaskKey,
  ): Promise<{ loss: number; logits: Float32Array }> => {
    const { size, tokens } = part;
    const feeds: Record<string, Tensor> = {
      ...parameterTensors,
      ...part.tensors,
      labels: targetTensor(part.targets, size, graph.target),
      example_weights: { dtype: "float32", shape: [size], data: new Float32Array(size).fill(1 / rows) },
    };
    const dims = { B: size, T: tokens };
    const results = await stages.run((names) => ({ ...feeds, ...masks(key, dims, names) }), gradientTensors);
    for (const { ids, output, rows: table } of tables) table.add(feeds[ids], results[output]);
    return { loss: results.loss.data[0] as number, logits: results.logits.data as Float32Array };
  };

  // A session overwrites whole gradients in every part, so that they are summed elsewhere; tables add up in place.
  const accumulate = (first: boolean): void => {
    sum ??= memory.allocate(trained);
    for (const slot of wholeSlots) {
      if (first) viewOf(sum, slot).set(viewOf(gradients, slot));
      else addScaled(viewOf(sum, slot), viewOf(gradients, slot), 1);
    }
  };

  const computeGradients: Trainer["computeGradients"] = async (parts, step) => {
    const rows = parts.reduce((sum, { size }) => sum + size, 0);
    const logits: Float32Array[] = [];
    let loss = 0;
    for (const { rows: table } of tables) table.clear();
    for (const [index, part] of parts.entries()) {
      const result = await computePart(part, rows, { step, part: index });
      loss += result.loss;
      logits.push(result.logits);
      if (parts.length > 1) accumulate(index === 0);
    }
    if (sum !== undefined && parts.length > 1)
      for (const slot of wholeSlots) viewOf(gradients, slot).set(viewOf(sum, slot));
    return { loss, logits };
  };

  return {
    layout,
    parameters,
    gradients,
    computeGradients,
    async step(parts, step, learningRate) {
      const { loss, logits } = await computeGradients(parts, step);
      const gradientNorm = globalNorm(gradients);
      if (Number.isFinite(loss) && Number.isFinite(gradientNorm)) {
        optimizer.step({ learningRate, gradientScale: clipFactor(gradientNorm, options.maxGradNorm) });
        decays = decays.map((decay, i) => decay * (1 - learningRate * groups[i].rateScale * groups[i].weightDecay));
      }
      return { loss, gradientNorm, logits };
    },
    decay: (parameter) =>
      decays[groups.findIndex((group) => group.parameters.some(({ name }) => name === parameter))] ?? 1,
    optimizerState: optimizer.state,
    snapshot(reuse) {
      const copy = reuse?.parameters ?? new Float32Array(parameters.length);
      copy.set(parameters);
      return { parameters: copy, decays };
    },
    restore(snapshot) {
      parameters.set(snapshot.parameters);
      decays = snapshot.decays;
    },
    close: stages.close,
  };
}
