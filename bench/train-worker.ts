/**
 * One measurement of bench/train.ts in a process of its own, so that its peak memory is its own: trains a model of one
 * size, predicts with it, and measures the rate of matrix products. Prints one JSON object.
 */
import { createGraph } from "../src/graph/graph.js";
import { writeModel } from "../src/onnx/write-model.js";
import { matMul } from "../src/ops/linear.js";
import { nodeRuntime } from "../src/runtime/node/onnxruntime.js";
import { median } from "./median.js";
import { createRandomClassifier } from "./random-classifier.js";
import type { RawConfig } from "./random-configs.js";

/** The work, as JSON in the first argument. */
export interface Work {
  /** The `config.json` of the model. */
  readonly config: RawConfig;
  readonly tokens: number;
  readonly batch: number;
  readonly steps: number;
  readonly threads: number;
  readonly gradientCheckpointing: boolean;
  /** Where onnxruntime's profile of training goes; none by default. */
  readonly profilePath?: string;
}

/** What is printed. */
export interface Measured {
  readonly secondsPerStep: number;
  readonly fastestStepSeconds: number;
  /** Of all threads together: on a machine that others use as well it tells more than the time that passed. */
  readonly processorSecondsPerStep: number;
  /** The part of a step that is outside of onnxruntime: optimizer, masks, batches. */
  readonly outsideSeconds: number;
  readonly predictSeconds: number;
  readonly peakMemoryBytes: number;
  /** FLOP/s of a matrix product. */
  readonly ceiling: number;
}

const { config, tokens, batch, steps, threads, ...rest } = JSON.parse(process.argv[2]) as Work;
let runSeconds = 0;
const classifier = await createRandomClassifier(config, {
  threads,
  ...rest,
  onRun: (seconds) => {
    runSeconds += seconds;
  },
});
const trainSeconds: number[] = [];
const outsideSeconds: number[] = [];
const processorSeconds: number[] = [];
for (let step = 0; step < steps + 1; step++) {
  const parts = classifier.batch(batch, tokens);
  runSeconds = 0;
  const start = performance.now();
  const used = process.cpuUsage();
  await classifier.trainer.step(parts, step, 1e-5);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(used);
  if (step === 0) continue;
  trainSeconds.push(seconds);
  outsideSeconds.push(seconds - runSeconds);
  processorSeconds.push((user + system) / 1e6);
}
const trainingPeakBytes = process.resourceUsage().maxRSS * 1024;
const predictSeconds: number[] = [];
for (let run = 0; run < steps + 1; run++) {
  const parts = classifier.batch(batch, tokens);
  const start = performance.now();
  for (const part of parts) await classifier.predictor.logits(part);
  if (run > 0) predictSeconds.push((performance.now() - start) / 1000);
}
await classifier.predictor.close();
await classifier.trainer.close();

console.log(
  JSON.stringify({
    secondsPerStep: median(trainSeconds),
    fastestStepSeconds: Math.min(...trainSeconds),
    processorSecondsPerStep: median(processorSeconds),
    outsideSeconds: median(outsideSeconds),
    predictSeconds: median(predictSeconds),
    peakMemoryBytes: trainingPeakBytes,
    ceiling: await productRate(),
  } satisfies Measured),
);

/** The rate of a product of square matrices, the best of several runs: the ceiling of what a step can reach, in FLOP/s. */
async function productRate(): Promise<number> {
  const n = 1024;
  const graph = createGraph();
  const y = matMul(graph.input("a", "float32", [n, n]), graph.input("b", "float32", [n, n]));
  const session = await nodeRuntime.createSession(writeModel({ y }), { threads });
  const matrix = () => ({
    dtype: "float32" as const,
    shape: [n, n],
    data: new Float32Array(n * n).map((_, i) => (i % 7) - 3),
  });
  const feeds = { a: matrix(), b: matrix() };
  const result = { y: matrix() };
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 20; run++) {
    const start = performance.now();
    await session.run(feeds, result);
    best = Math.min(best, performance.now() - start);
  }
  await session.close();
  return (2 * n ** 3) / (best / 1000);
}
