/**
 * One step of training: forward and backward in one session run, then clipping and the optimizer over flat buffers.
 *
 * Parameters, gradients and the optimizer's state stand in one stretch of memory that the session reads and writes in place.
 */
import { fail } from "../base/errors.js";
import { createFlatMemory } from "../base/flat-memory.js";
import { createOptimizer } from "../optimizers/create-optimizer.js";
import type { Optimizer } from "../optimizers/define-optimizer.js";
import { clipFactor, globalNorm } from "../optimizers/gradient-norm.js";
import { type FlatLayout, layOut, type Slot, viewOf } from "../runtime/flat-layout.js";
import type { Runtime } from "../runtime/session.js";
import type { TrainingGraph } from "./classifier-graph.js";
import { type ForwardResult, type LabelledBatch, openGradientProgram } from "./gradient-program.js";
import type { TrainedGroup } from "./parameter-groups.js";
import { createWeightAverage, type WeightAverage } from "./weight-average.js";

export interface TrainerOptions {
  readonly runtime: Runtime;
  /** The training graph of the first steps: see buildTrainingGraph. Parameters that it does not train take no step. */
  readonly graph: TrainingGraph;
  /** The first values of every parameter by name; they are copied. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly optimizer: Optimizer;
  /** Its own options are read off these; defaults where they are missing. */
  readonly optimizerOptions?: Readonly<Record<string, unknown>>;
  /** The parameters that are trained by this graph or a later one, each in one group. */
  readonly groups: readonly TrainedGroup[];
  readonly maxGradNorm: number;
  /** The decay of the moving average of the weights; none by default. */
  readonly emaDecay?: number | undefined;
  /** Seed of the dropout masks. */
  readonly seed: number;
  readonly threads?: number;
}

/** What a step did. */
export interface StepResult extends ForwardResult {
  /** Global norm of the gradients before clipping. */
  readonly gradientNorm: number;
}

/** The trained parameters at some step. */
export interface Snapshot {
  readonly parameters: Float32Array;
  readonly decays: readonly number[];
}

/** What later steps of a trainer depend on. */
export interface TrainerState {
  readonly tensors: ReadonlyMap<string, Float32Array>;
  readonly decays: readonly number[];
  readonly average?: { readonly updates: number; readonly decays: readonly number[] } | undefined;
}

export interface Trainer {
  readonly layout: FlatLayout;
  /** All parameters, in the places that `layout` tells. */
  readonly parameters: Float32Array;
  /** Computes the gradients, without a step: see GradientProgram.compute. They stand in `gradients`. */
  computeGradients(parts: readonly LabelledBatch[], step: number): Promise<ForwardResult>;
  readonly gradients: Float32Array;
  /**
   * Computes gradients, clips them and moves the parameters. A loss or norm that is not finite leaves the
   * parameters as they are and is returned.
   */
  step(parts: readonly LabelledBatch[], step: number, learningRate: number): Promise<StepResult>;
  /**
   * Goes on with another graph, of which other parameters are trained: all are in groups. What the optimizer keeps of
   * the others stays.
   */
  useGraph(graph: TrainingGraph): Promise<void>;
  /** Puts the moving average into the place of the weights, until the next step. Nothing without one. */
  showAverage(): void;
  /**
   * The product of 1 - learning rate · weight decay over the steps behind the present parameters, for `parameter`; 1
   * where it is not trained.
   */
  decay(parameter: string): number;
  /** The optimizer's state by name, live: see RunningOptimizer.state. */
  readonly optimizerState: ReadonlyMap<string, Float32Array>;
  /** All that later steps depend on, live: numbers by name, and what may be written as JSON. */
  state(): TrainerState;
  /** Goes on from such a state of a trainer like this one. @throws E_WEIGHTS when it is of another */
  resume(state: TrainerState): void;
  /** A copy of the parameters, to be restored; `reuse` is overwritten. */
  snapshot(reuse?: Snapshot): Snapshot;
  restore(snapshot: Snapshot): void;
  close(): Promise<void>;
}

export async function createTrainer(options: TrainerOptions): Promise<Trainer> {
  const { weights, groups, runtime, seed, threads } = options;
  const grouped = new Set(groups.flatMap(({ parameters }) => parameters.map(({ name }) => name)));
  // Group after group, then what is frozen: a group is a stretch that the optimizer goes through at once.
  const layout = layOut([
    ...groups.flatMap((group) => group.parameters),
    ...options.graph.parameters.filter(({ name }) => !grouped.has(name)),
  ]);
  const trained = layout.slots.find(({ name }) => !grouped.has(name))?.start ?? layout.length;

  // Parameters, their gradients, the sum of these over parts, what the optimizer keeps, and the average.
  const buffers = 2 + Object.keys(options.optimizer.state).length + (options.emaDecay === undefined ? 0 : 1);
  const memory = createFlatMemory(4 * (layout.length + buffers * trained));
  const parameters = memory.allocate(layout.length);
  const gradients = memory.allocate(trained);
  const slotOf = new Map(layout.slots.map((slot) => [slot.name, slot]));
  let sum: Float32Array | undefined;
  for (const slot of layout.slots) {
    const values = weights.get(slot.name);
    if (values?.length !== slot.length) {
      fail("E_WEIGHTS", { where: slot.name, expected: `${slot.length} values`, got: String(values?.length ?? "none") });
    }
    viewOf(parameters, slot).set(values);
  }
  const moved = parameters.subarray(0, trained);
  const optimizer = createOptimizer(options.optimizer, {
    parameters: moved,
    gradients,
    groups: groups.map(({ parameters: members, ...group }) => ({
      ...group,
      tensors: members.map(({ name }) => slotOf.get(name) as Slot),
    })),
    allocate: memory.allocate,
    ...(options.optimizerOptions === undefined ? {} : { options: options.optimizerOptions }),
  });
  const average: WeightAverage | undefined =
    options.emaDecay === undefined
      ? undefined
      : createWeightAverage(options.emaDecay, moved, groups.length, memory.allocate);
  let decays: readonly number[] = groups.map(() => 1);
  let averageShown = false;
  let restored = false;

  const allocateSum = (): Float32Array => {
    sum ??= memory.allocate(trained);
    return sum;
  };
  const open = (graph: TrainingGraph) =>
    openGradientProgram({ runtime, graph, layout, parameters, gradients, allocateSum, seed, threads });
  const activeIn = (graph: TrainingGraph): readonly boolean[] => {
    const names = new Set(graph.trained.map(({ name }) => name));
    return groups.map((group) => group.parameters.every(({ name }) => names.has(name)));
  };
  let active = activeIn(options.graph);
  let program = await open(options.graph);

  const showAverage = (shown: boolean): void => {
    // Weights that were put back are what they are to be.
    if (average === undefined || shown === averageShown || (shown && restored)) return;
    average.swap();
    averageShown = shown;
  };
  const shownDecays = (): readonly number[] => (averageShown && average !== undefined ? average.decays() : decays);

  /** What the parameters, the optimizer and the average hold, by name. */
  const tensors = (): Map<string, Float32Array> =>
    new Map([
      ...layout.slots
        .filter(({ start }) => start < trained)
        .map((slot) => [`parameters/${slot.name}`, viewOf(parameters, slot)] as const),
      ...[...optimizer.state].map(([name, values]) => [`optimizer/${name}`, values] as const),
      ...(average === undefined ? [] : [["average", average.state().values] as const]),
    ]);

  return {
    layout,
    parameters,
    gradients,
    async computeGradients(parts, step) {
      showAverage(false);
      return program.compute(parts, step);
    },
    async step(parts, step, learningRate) {
      showAverage(false);
      restored = false;
      const forward = await program.compute(parts, step);
      const gradientNorm = globalNorm(gradients);
      if (Number.isFinite(forward.loss) && Number.isFinite(gradientNorm)) {
        optimizer.step({
          learningRate,
          gradientScale: clipFactor(gradientNorm, options.maxGradNorm),
          active: (group) => active[group],
        });
        decays = decays.map((decay, i) =>
          active[i] ? decay * (1 - learningRate * groups[i].rateScale * groups[i].weightDecay) : decay,
        );
        average?.update(decays);
      }
      return { ...forward, gradientNorm };
    },
    async useGraph(graph) {
      await program.close();
      gradients.fill(0);
      active = activeIn(graph);
      program = await open(graph);
    },
    showAverage: () => showAverage(true),
    decay: (parameter) =>
      shownDecays()[groups.findIndex((group) => group.parameters.some(({ name }) => name === parameter))] ?? 1,
    optimizerState: optimizer.state,
    state() {
      showAverage(false);
      const kept = average?.state();
      return { tensors: tensors(), decays, average: kept && { updates: kept.updates, decays: kept.decays } };
    },
    resume(state) {
      showAverage(false);
      for (const [name, values] of tensors()) {
        const saved = state.tensors.get(name);
        if (saved?.length !== values.length)
          fail("E_WEIGHTS", { where: name, expected: `${values.length} values`, got: String(saved?.length ?? "none") });
        values.set(saved);
      }
      decays = state.decays;
      if (state.average !== undefined) average?.restore(state.average);
    },
    snapshot(reuse) {
      const copy = reuse?.parameters ?? new Float32Array(moved.length);
      copy.set(moved);
      return { parameters: copy, decays: shownDecays() };
    },
    restore(snapshot) {
      showAverage(false);
      moved.set(snapshot.parameters);
      decays = snapshot.decays;
      restored = true;
    },
    close: () => program.close(),
  };
}
