/** The graphs of a classifier: logits for prediction; loss and gradients for training. */
import { sliceEarly } from "../autodiff/slice-early.js";
import { differentiateInStages, type Stage } from "../autodiff/stages.js";
import { createGraph, type Value } from "../graph/graph.js";
import { substitute } from "../graph/substitute.js";
import { type ChosenHead, chooseHead } from "../heads/head.js";
import type { TargetKind } from "../losses/define-loss.js";
import { type ChosenLoss, chooseLoss } from "../losses/registry.js";
import type { EncoderInputs, Model } from "../models/model.js";
import { type Adapter, createScope, type Declared, type Parameter } from "../nn/scope.js";
import { gradientAlgebra } from "../ops/algebra.js";
import { ScatterRows } from "../ops/lookup.js";
import { Slice, slice } from "../ops/movement.js";
import type { Task } from "../tasks/task.js";
import { BORDER, isDrawn } from "./border.js";

/** The name that a parameter's gradient has among the outputs of a training graph. */
export const gradientName = (parameter: string): string => `gradient.${parameter}`;

export interface ClassifierGraph {
  readonly outputs: Readonly<Record<string, Value>>;
  readonly parameters: readonly Parameter[];
}

/**
 * The gradient of a table of which a batch reads some rows, left as the gradients of what was read: row `ids[i]` of
 * the parameter's gradient is the sum of the rows i of `output`, all other rows are zero.
 */
export interface RowGradient {
  readonly parameter: string;
  /** The input that holds the ids. */
  readonly ids: string;
  /** The output that holds the gradients of what was read, [..., D]. */
  readonly output: string;
}

export interface TrainingGraph {
  /**
   * The outputs of each stage, by name; stages are run in order, and an input that is named as an output of an earlier
   * one is that output. A single stage without gradient checkpointing.
   */
  readonly stages: readonly Readonly<Record<string, Value>>[];
  readonly parameters: readonly Parameter[];
  /** The parameters that are trained. */
  readonly trained: readonly Parameter[];
  readonly rowGradients: readonly RowGradient[];
  /** What the input `labels` holds: int64 [B] for `class`, float32 [B, C] otherwise. */
  readonly targets: TargetKind;
  /** What the weights of rows divide by: see ChosenLoss. */
  readonly totalWeight: ChosenLoss["totalWeight"];
}

export interface ClassifierGraphOptions {
  readonly model: Model;
  /** The configuration as `model.readConfig` returned it. */
  readonly config: unknown;
  /** By default the one that transformers gives to this architecture. */
  readonly head?: ChosenHead;
  /** Outputs C of the head. */
  readonly outputs: number;
  /** What stands beside the dense layers of the encoder; nothing by default. */
  readonly adapter?: Adapter | undefined;
  /** The lowest layer that the graph computes: what those below it make of a batch is the input BORDER. All by default. */
  readonly from?: number | undefined;
  /** Whether slices are taken as early as possible; the result is the same within rounding. True by default. */
  readonly sliceEarly?: boolean;
}

/**
 * Logits of a batch. Inputs `input_ids`, `token_type_ids`, `attention_mask` [B, T] and `position_ids` [T], all
 * int64, and the parameters; output `logits` [B, C].
 */
export function buildInferenceGraph(options: ClassifierGraphOptions): ClassifierGraph {
  const { logits, parameters, ...built } = buildLogits(options, false);
  const [early] = optimize(startAt(built, [logits], options.from), options);
  return { outputs: { logits: early }, parameters };
}

/**
 * What the layers below `layer` make of a batch, as the output `logits` [B, T, D] of a graph for prediction, whether
 * that is drawn anew in every step of training, and how many checkpoints the model has.
 */
export function buildBorderGraph(
  options: ClassifierGraphOptions,
  layer: number,
): ClassifierGraph & { readonly isDrawn: boolean; readonly checkpoints: number } {
  const { parameters, ...built } = buildLogits(options, false);
  return {
    outputs: { logits: borderOf(built, layer) },
    parameters,
    checkpoints: built.checkpoints.length,
    isDrawn: isDrawn(borderOf(buildLogits(options, true), layer)),
  };
}

type Built = Pick<ReturnType<typeof buildLogits>, "checkpoints" | "sequence">;

/** What layer `layer` reads, or above the topmost one its output. */
function borderOf({ checkpoints, sequence }: Built, layer: number): Value {
  return checkpoints[layer - 1] ?? sequence;
}

/** `outputs`, computed from what layer `layer` reads. */
function startAt(built: Built, outputs: readonly Value[], layer: number | undefined): readonly Value[] {
  if (layer === undefined) return outputs;
  const border = borderOf(built, layer);
  const input = border.graph.input(BORDER, border.dtype, border.shape);
  return substitute(outputs, new Map([[border, input]]));
}

export interface TrainingGraphOptions extends ClassifierGraphOptions {
  readonly task: Task;
  /** By default the task's. */
  readonly loss?: ChosenLoss;
  /** Which parameters are trained; all by default. */
  readonly trained?: (parameter: Parameter) => boolean;
  /** Whether layers are computed anew for their gradients instead of kept: less memory, more work. False by default. */
  readonly gradientCheckpointing?: boolean;
}

/**
 * Loss and gradients of a batch. Further inputs: `labels` [B] or [B, C] as the targets say, `example_weights` [B] float32 (1/B each for the
 * mean), dropout masks. Outputs `loss` [], `logits` [B, C], and for each parameter of `trained` its gradient, whole or
 * by rows.
 */
export function buildTrainingGraph(options: TrainingGraphOptions): TrainingGraph {
  const { logits, parameters, ...built } = buildLogits(options, true);
  const { graph } = logits;
  const { task, outputs: count } = options;
  const chosen = options.loss ?? chooseLoss(task.loss, task.targets, count);
  const targets =
    task.targets === "class" ? graph.input("labels", "int64", ["B"]) : graph.input("labels", "float32", ["B", count]);
  const loss = chosen.build(logits, targets, graph.input("example_weights", "float32", ["B"]));
  // The border itself is kept already.
  const kept = options.gradientCheckpointing === true ? built.checkpoints.slice(options.from ?? 0) : [];
  const outputs = startAt(built, [loss, logits, ...kept], options.from);
  const [earlyLoss, earlyLogits, ...earlyKept] = optimize(outputs, options);
  const trained = parameters.filter(options.trained ?? (() => true));
  const stages = differentiateInStages({
    loss: earlyLoss,
    others: { logits: earlyLogits },
    checkpoints: earlyKept,
    trained: trained.map(({ value }) => value),
    algebra: gradientAlgebra,
  });
  return {
    ...stagesAsOutputs(stages, trained),
    ...{ parameters, trained, targets: task.targets, totalWeight: chosen.totalWeight },
  };
}

/** The outputs of stages with the gradients of the parameters `trained` among them, whole or by rows. */
export function stagesAsOutputs(
  stages: readonly Stage[],
  trained: readonly Parameter[],
): Pick<TrainingGraph, "stages" | "rowGradients"> {
  const nameOf = new Map(trained.map(({ name, value }) => [value, name]));
  const rowGradients: RowGradient[] = [];
  const outputs = stages.map(({ outputs, gradients }) => {
    const all: Record<string, Value> = { ...outputs };
    for (const [value, gradient] of gradients) {
      const parameter = nameOf.get(value) as string;
      const rows = asRows(gradient);
      if (rows === undefined) {
        all[gradientName(parameter)] = gradient;
      } else {
        // Tables that are read at the same places share the output.
        const output = `rows.${rows.values.id}`;
        all[output] = rows.values;
        rowGradients.push({ parameter, ids: rows.ids, output });
      }
    }
    return all;
  });
  return { stages: outputs, rowGradients };
}

/** The rows behind a gradient that only scatters them into zeros: a whole table is not worth filling for some rows. */
function asRows({ origin }: Value): { ids: string; values: Value } | undefined {
  if (origin.kind !== "node" || origin.op !== ScatterRows) return undefined;
  const [ids, values] = origin.inputs;
  return ids.origin.kind === "input" ? { ids: ids.origin.name, values } : undefined;
}

/** The graph up to the logits as the model states it, nothing sliced early; with dropout where it is for training. */
export function buildLogits(
  { model, config, head = chooseHead(model.head), outputs, adapter }: ClassifierGraphOptions,
  training: boolean,
): { logits: Value; sequence: Value } & Declared {
  const graph = createGraph();
  const ids = (name: string) => graph.input(name, "int64", ["B", "T"]);
  const inputs: EncoderInputs = {
    inputIds: ids("input_ids"),
    tokenTypeIds: ids("token_type_ids"),
    attentionMask: ids("attention_mask"),
    positionIds: graph.input("position_ids", "int64", ["T"]),
  };
  const { scope, declared } = createScope(graph, training, adapter);
  const encoded = { ...model.encode(scope, config, inputs), attentionMask: inputs.attentionMask };
  const logits = head.head.build(scope, encoded, outputs, head.options, model.headDefaults(config));
  return { logits, sequence: encoded.sequence, ...declared() };
}

function optimize(outputs: readonly Value[], options: ClassifierGraphOptions): readonly Value[] {
  return options.sliceEarly === false ? outputs : sliceEarly(outputs, { operator: Slice.name, slice });
}
