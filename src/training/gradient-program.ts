/** Loss, logits and gradients of a batch: a training graph as sessions over the flat buffers of a trainer. */
import { addScaled } from "../optimizers/gradient-accumulation.js";
import { type FlatLayout, type Slot, tensorsOf, viewOf } from "../runtime/flat-layout.js";
import type { Runtime, Tensor } from "../runtime/session.js";
import { type Batch, targetTensor } from "./batch.js";
import { gradientName, type TrainingGraph } from "./classifier-graph.js";
import { createDropoutMasks, type MaskKey } from "./dropout-masks.js";
import { createRowGradients } from "./row-gradients.js";
import { createStages } from "./stages.js";

/** A batch with its targets. */
export interface LabelledBatch extends Batch {
  /** Of each row, row by row, as the task has them. */
  readonly targets: Int32Array | Float32Array;
}

/** What was computed of a batch beside its gradients. */
export interface ForwardResult {
  /** Mean loss over all rows. */
  readonly loss: number;
  /** Per part [B, C]. */
  readonly logits: readonly Float32Array[];
}

export interface GradientProgram {
  /**
   * Puts the gradients of the mean loss over the rows of all `parts` into the flat buffer; `step` numbers the dropout
   * masks. A batch computed in parts gives the same sums as at once, within rounding, and holds the activations of one
   * part only.
   */
  compute(parts: readonly LabelledBatch[], step: number): Promise<ForwardResult>;
  close(): Promise<void>;
}

export interface ProgramOptions {
  readonly runtime: Runtime;
  readonly graph: TrainingGraph;
  readonly layout: FlatLayout;
  /** All parameters, in the places that `layout` tells. */
  readonly parameters: Float32Array;
  /** Those of the trained ones, in the same places; zero where nothing is written. */
  readonly gradients: Float32Array;
  /** Makes a buffer like `gradients`, for sums over parts; called when there are several. */
  readonly allocateSum: () => Float32Array;
  /** Seed of the dropout masks. */
  readonly seed: number;
  readonly threads?: number | undefined;
}

export async function openGradientProgram(options: ProgramOptions): Promise<GradientProgram> {
  const { graph, layout, parameters, gradients } = options;
  const trained = new Set(graph.trained.map(({ name }) => name));
  const byRows = new Set(graph.rowGradients.map(({ parameter }) => parameter));
  const stages = await createStages(options.runtime, graph.stages, {
    ...(options.threads === undefined ? {} : { threads: options.threads }),
  });
  const masks = createDropoutMasks(stages.inputs, options.seed);
  const parameterTensors = tensorsOf(parameters, layout);
  const wholeSlots = layout.slots.filter(({ name }) => trained.has(name) && !byRows.has(name));
  const gradientTensors = tensorsOf(gradients, { slots: wholeSlots, length: gradients.length }, gradientName);
  const tables = graph.rowGradients.map(({ parameter, ids, output }) => {
    const slot = layout.slots.find(({ name }) => name === parameter) as Slot;
    return { ids, output, rows: createRowGradients(gradients, slot) };
  });
  let sum: Float32Array | undefined;

  const computePart = async (
    part: LabelledBatch,
    exampleWeight: number,
    key: MaskKey,
  ): Promise<{ loss: number; logits: Float32Array }> => {
    const { size, tokens } = part;
    const feeds: Record<string, Tensor> = {
      ...parameterTensors,
      ...part.tensors,
      labels: targetTensor(part.targets, size, graph.targets),
      example_weights: { dtype: "float32", shape: [size], data: new Float32Array(size).fill(exampleWeight) },
    };
    const dims = { B: size, T: tokens };
    const results = await stages.run((names) => ({ ...feeds, ...masks(key, dims, names) }), gradientTensors);
    for (const { ids, output, rows: table } of tables) table.add(feeds[ids], results[output]);
    return { loss: results.loss.data[0] as number, logits: results.logits.data as Float32Array };
  };

  // A session overwrites whole gradients in every part, so that they are summed elsewhere; tables add up in place.
  const accumulate = (first: boolean): void => {
    sum ??= options.allocateSum();
    for (const slot of wholeSlots) {
      if (first) viewOf(sum, slot).set(viewOf(gradients, slot));
      else addScaled(viewOf(sum, slot), viewOf(gradients, slot), 1);
    }
  };

  return {
    async compute(parts, step) {
      const total = parts.reduce((sum, { targets, size }) => sum + graph.totalWeight(targets, size), 0);
      // Where no row counts, as their classes weigh nothing, there is nothing to learn.
      const exampleWeight = total === 0 ? 0 : 1 / total;
      const logits: Float32Array[] = [];
      let loss = 0;
      for (const { rows: table } of tables) table.clear();
      for (const [index, part] of parts.entries()) {
        const result = await computePart(part, exampleWeight, { step, part: index });
        loss += result.loss;
        logits.push(result.logits);
        if (parts.length > 1) accumulate(index === 0);
      }
      if (sum !== undefined && parts.length > 1)
        for (const slot of wholeSlots) viewOf(gradients, slot).set(viewOf(sum, slot));
      return { loss, logits };
    },
    close: stages.close,
  };
}
