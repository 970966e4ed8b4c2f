/** A small random BERT with real sessions, and texts whose class can be learned: what the tests of training run on. */
import { createRandom, type Random } from "../../src/base/random.js";
import { bert } from "../../src/models/bert/index.js";
import type { Parameter } from "../../src/nn/scope.js";
import { adamw } from "../../src/optimizers/adamw.js";
import { tensorsOf } from "../../src/runtime/flat-layout.js";
import { nodeRuntime } from "../../src/runtime/node/onnxruntime.js";
import { singleLabelClassification } from "../../src/tasks/single-label.js";
import type { TokenizedTexts } from "../../src/tokenizing/tokenized-texts.js";
import { type CollateOptions, collate } from "../../src/training/batch.js";
import { buildInferenceGraph, buildTrainingGraph, type TrainingGraph } from "../../src/training/classifier-graph.js";
import type { LabelledBatch } from "../../src/training/gradient-program.js";
import { parameterGroups } from "../../src/training/parameter-groups.js";
import { createPredictor, type Predictor } from "../../src/training/predictor.js";
import { createTrainer, type Trainer } from "../../src/training/training-step.js";

export const TINY_CONFIG = {
  model_type: "bert",
  vocab_size: 20,
  hidden_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 24,
  max_position_embeddings: 24,
  initializer_range: 0.1,
} as const;

export const CLASSES = 3;
const PAD = 0;
const CLS = 1;
const SEP = 2;
/** The words that decide a text's class: 3, 4, 5. Words from 6 on say nothing. */
const FIRST_TELLING = 3;
const FIRST_NEUTRAL = FIRST_TELLING + CLASSES;

export const COLLATE: CollateOptions = {
  padId: PAD,
  padToMultipleOf: 1,
  maxLength: TINY_CONFIG.max_position_embeddings,
};

export interface TinyOptions {
  /** Seed of the first weights. */
  readonly weightSeed?: number;
  /** Seed of the dropout masks. */
  readonly seed?: number;
  readonly dropout?: number;
  readonly weightDecay?: number;
  readonly maxGradNorm?: number;
  readonly trained?: (parameter: Parameter) => boolean;
  readonly gradientCheckpointing?: boolean;
  readonly emaDecay?: number;
  /** Parameters that are trained by a later graph; `trained` by default. */
  readonly everTrained?: (parameter: Parameter) => boolean;
}

/** The training graph of the small BERT. */
export function tinyGraph({ dropout = 0, gradientCheckpointing = false, trained }: TinyOptions = {}): TrainingGraph {
  return buildTrainingGraph({
    model: bert,
    config: bert.withDropout(bert.readConfig(TINY_CONFIG), dropout),
    outputs: CLASSES,
    task: singleLabelClassification,
    gradientCheckpointing,
    ...(trained === undefined ? {} : { trained }),
  });
}

/** A trainer of the small BERT on one thread. */
export async function createTinyTrainer(options: TinyOptions = {}): Promise<Trainer> {
  const { weightSeed = 1, seed = 0, weightDecay = 0.01, maxGradNorm = 1, emaDecay, everTrained } = options;
  const graph = tinyGraph(options);
  const groups = parameterGroups(graph.parameters, {
    weightDecay,
    firstEpochOf: (parameter) => (graph.trained.includes(parameter) ? 1 : everTrained?.(parameter) ? 2 : Infinity),
  });
  const random = createRandom(weightSeed);
  return createTrainer({
    runtime: nodeRuntime,
    graph,
    weights: new Map(graph.parameters.map((parameter) => [parameter.name, firstValues(parameter, random)])),
    ...{ optimizer: adamw, groups, maxGradNorm, emaDecay, seed, threads: 1 },
  });
}

function firstValues({ name, shape, initializer }: Parameter, random: Random): Float32Array {
  const values = new Float32Array(shape.reduce((size, dim) => size * dim, 1));
  const own = random.fork(name);
  // Not all zeros and ones: a layer that forgot its bias or its scale would go unseen.
  const centre = initializer === "ones" ? 1 : 0;
  const deviation = typeof initializer === "object" ? initializer.normal : 0.1;
  return values.map(() => centre + deviation * own.normal());
}

/** A predictor that reads the trainer's parameters where they stand. */
export function createTinyPredictor(trainer: Trainer): Promise<Predictor> {
  return createPredictor({
    runtime: nodeRuntime,
    graph: buildInferenceGraph({ model: bert, config: bert.readConfig(TINY_CONFIG), outputs: CLASSES }),
    weights: tensorsOf(trainer.parameters, trainer.layout),
    threads: 1,
  });
}

/** Texts of these ids, with [CLS] and [SEP] put around each. */
export function textsOf(bodies: readonly (readonly number[])[]): TokenizedTexts {
  const rows = bodies.map((body) => [CLS, ...body, SEP]);
  const offsets = new Float64Array(rows.length + 1);
  for (const [i, row] of rows.entries()) offsets[i + 1] = offsets[i] + row.length;
  return { length: rows.length, ids: Int32Array.from(rows.flat()), offsets, truncated: 0 };
}

/** `count` texts of 3 to 14 tokens; one word of each, at a random place, tells its class. */
export function tinyTexts(count: number, seed = 5): { texts: TokenizedTexts; labelIds: number[] } {
  const random = createRandom(seed);
  const labelIds = Array.from({ length: count }, () => random.integer(CLASSES));
  const bodies = labelIds.map((label) => {
    const body = Array.from(
      { length: 1 + random.integer(12) },
      () => FIRST_NEUTRAL + random.integer(TINY_CONFIG.vocab_size - FIRST_NEUTRAL),
    );
    body[random.integer(body.length)] = FIRST_TELLING + label;
    return body;
  });
  return { texts: textsOf(bodies), labelIds };
}

/** Some rows of `texts` with their labels. */
export function labelledBatch(
  texts: TokenizedTexts,
  labelIds: ArrayLike<number>,
  rows: readonly number[],
  options: Partial<CollateOptions> = {},
): LabelledBatch {
  return {
    ...collate(texts, rows, { ...COLLATE, ...options }),
    targets: Int32Array.from(rows, (row) => labelIds[row]),
  };
}

/** 0, 1, …, count - 1. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
