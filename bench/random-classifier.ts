/** A classifier with random weights and batches of random tokens, for speed alone. */
import { createRandom } from "../src/base/random.js";
import { sizeOf } from "../src/graph/shape.js";
import { modelOf } from "../src/models/registry.js";
import { optimizerOf } from "../src/optimizers/registry.js";
import { tensorsOf } from "../src/runtime/flat-layout.js";
import { nodeRuntime } from "../src/runtime/node/onnxruntime.js";
import type { Runtime } from "../src/runtime/session.js";
import { singleLabelClassification } from "../src/tasks/single-label.js";
import type { TokenizedTexts } from "../src/tokenizing/tokenized-texts.js";
import { collate } from "../src/training/batch.js";
import { splitBatch } from "../src/training/batch-plan.js";
import { buildInferenceGraph, buildTrainingGraph } from "../src/training/classifier-graph.js";
import type { LabelledBatch } from "../src/training/gradient-program.js";
import { type EstimateOptions, estimateMemory, type MemoryEstimate } from "../src/training/memory-estimate.js";
import { resolveTrainingOptions } from "../src/training/options.js";
import { parameterGroups } from "../src/training/parameter-groups.js";
import { createPredictor, type Predictor } from "../src/training/predictor.js";
import { createTrainer, type Trainer } from "../src/training/training-step.js";
import type { RawConfig } from "./random-configs.js";

const LABELS = 2;

export interface RandomClassifier {
  readonly trainer: Trainer;
  readonly predictor: Predictor;
  /** Numbers in all weights together. */
  readonly parameters: number;
  /** What training it is estimated to take. */
  readonly estimate: (dims: EstimateOptions["dims"]) => MemoryEstimate;
  /** A batch of `rows` random texts of `tokens` tokens each, in the parts in which training computes it. */
  batch(rows: number, tokens: number): LabelledBatch[];
}

export interface RandomClassifierOptions {
  readonly threads: number;
  readonly gradientCheckpointing: boolean;
  /** Where onnxruntime's profile of training goes. */
  readonly profilePath?: string;
  /** Told the time of each run of the training session. */
  readonly onRun?: (seconds: number) => void;
}

/** With the whole table, as PyTorch trains it: no rows are left out. */
export async function createRandomClassifier(
  raw: RawConfig,
  options: RandomClassifierOptions,
): Promise<RandomClassifier> {
  const { threads, gradientCheckpointing, profilePath } = options;
  const model = modelOf(raw);
  const config = model.readConfig(raw);
  const { vocabularySize, maxPositions } = model.sizes(config);
  const random = createRandom(1);
  const graphOptions = { model, config, outputs: LABELS, task: singleLabelClassification };
  const graph = buildTrainingGraph({ ...graphOptions, gradientCheckpointing });
  const weights = new Map(
    graph.parameters.map(({ name, shape, initializer }) => {
      const values = new Float32Array(sizeOf(shape));
      if (initializer === "ones") values.fill(1);
      else if (initializer !== "zeros")
        for (let i = 0; i < values.length; i++) values[i] = initializer.normal * 3.4 * (random.float() - 0.5);
      return [name, values] as const;
    }),
  );
  const training = resolveTrainingOptions({});
  const trainer = await createTrainer({
    runtime: timed(nodeRuntime, profilePath, options.onRun ?? (() => {})),
    graph,
    weights,
    optimizer: optimizerOf(training.optim),
    optimizerOptions: training,
    groups: parameterGroups(graph.trained, training),
    maxGradNorm: training.maxGradNorm,
    seed: 1,
    threads,
  });
  weights.clear();
  const predictor = await createPredictor({
    runtime: nodeRuntime,
    graph: buildInferenceGraph(graphOptions),
    weights: tensorsOf(trainer.parameters, trainer.layout),
    threads,
  });
  return {
    trainer,
    predictor,
    parameters: graph.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    estimate: (dims) => estimateMemory({ graph, optimizer: optimizerOf(training.optim), dims, copies: 0 }),
    batch(rows, tokens) {
      const ids = Int32Array.from({ length: rows * tokens }, () => random.integer(vocabularySize));
      const texts: TokenizedTexts = {
        length: rows,
        ids,
        offsets: Float64Array.from({ length: rows + 1 }, (_, row) => row * tokens),
        truncated: 0,
      };
      const lengths = new Array<number>(rows).fill(tokens);
      return splitBatch(Uint32Array.from(lengths.keys()), lengths, training.tokensPerPass).map((part) => ({
        ...collate(texts, part, { padId: 0, padToMultipleOf: training.padToMultipleOf, maxLength: maxPositions }),
        targets: Int32Array.from(part, () => random.integer(LABELS)),
      }));
    },
  };
}

/** `runtime`, with the time of each run told, and profiles written where `profilePath` says. */
function timed(runtime: Runtime, profilePath: string | undefined, onRun: (seconds: number) => void): Runtime {
  return {
    async createSession(model, options) {
      const session = await runtime.createSession(model, {
        ...options,
        ...(profilePath === undefined ? {} : { profilePath }),
      });
      return {
        ...session,
        async run(feeds, results) {
          const start = performance.now();
          const outputs = await session.run(feeds, results);
          onRun((performance.now() - start) / 1000);
          return outputs;
        },
      };
    },
  };
}
