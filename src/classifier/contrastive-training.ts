/** The mode "contrastive": the encoder is trained to put texts of one class together, then the last layer is solved for. */
import { fail } from "../base/errors.js";
import { createRandom } from "../base/random.js";
import { optimizerOf } from "../optimizers/registry.js";
import { createSchedule, warmupStepsOf } from "../optimizers/schedule.js";
import { viewOf } from "../runtime/flat-layout.js";
import { collate } from "../training/batch.js";
import type { TrainingHistory } from "../training/callbacks.js";
import { contrastiveBatches } from "../training/contrastive-batches.js";
import { buildContrastiveGraph } from "../training/contrastive-graph.js";
import { cuttingOf } from "../training/options.js";
import { parameterGroups } from "../training/parameter-groups.js";
import { createTrainer } from "../training/training-step.js";
import type { ClassifierState } from "./classifier-state.js";
import { readingOf, type TrainingSession } from "./fit-options.js";
import { abortedHistory, type LinearInput, openLinearTraining } from "./linear-training.js";
import type { Platform } from "./platform.js";
import { prepareTexts, windowsAsTexts } from "./prepare-texts.js";

/**
 * @throws E_CONFIG for a task without one class for each text, and as {@link openLinearTraining}
 */
export async function openContrastiveTraining(
  platform: Platform,
  state: ClassifierState,
  input: LinearInput,
): Promise<TrainingSession> {
  const { options, events, signal, data } = input;
  const { model, head, task, labels, tokenizer } = state;
  const threads = state.threads ?? options.threads;
  if (task.labelKind !== "class")
    fail("E_CONFIG", { option: "mode", expected: "one class for each text", got: `contrastive for ${task.name}` });
  const config = options.dropout === undefined ? state.config : model.withDropout(state.config, options.dropout);
  const outputs = task.outputs(labels).length;
  const preparing = { ...options, ...events, ...cuttingOf(options), signal, task, labels, tokenizer, threads };
  const { texts, targets } = windowsAsTexts(
    await prepareTexts(platform, input.train, { ...preparing, what: "training set" }),
  );
  const graph = buildContrastiveGraph({ model, config, head, outputs, classes: labels.length });
  const trainer = await createTrainer({
    ...{ runtime: platform.runtime, graph, weights: state.weights },
    ...{ optimizer: optimizerOf(options.optim), optimizerOptions: options, seed: options.seed },
    groups: parameterGroups(graph.trained, options),
    maxGradNorm: options.maxGradNorm,
    ...(threads === undefined ? {} : { threads }),
  });
  const weights = () =>
    new Map(trainer.layout.slots.map((slot) => [slot.name, viewOf(trainer.parameters, slot).slice()] as const));
  let linear: TrainingSession | undefined;

  /** @returns the loss of each step, fewer where the signal ended them */
  const trainEncoder = async (): Promise<number[]> => {
    const steps = options.contrastiveSteps;
    const rate = createSchedule(options.lrSchedulerType, {
      learningRate: options.learningRate,
      warmupSteps: options.warmupSteps ?? warmupStepsOf(options.warmupRatio, steps),
      totalSteps: steps,
      ...{ cycles: options.lrNumCycles, power: options.lrPower, end: options.lrEnd },
    });
    const batches = contrastiveBatches(targets.data, options.batchSize, createRandom(options.seed).fork("pairs"));
    const collateOptions = { ...options, padId: tokenizer.padId };
    const losses: number[] = [];
    /** What callbacks have multiplied the learning rate by. */
    let rateScale = 1;
    while (losses.length < steps && signal?.aborted !== true) {
      const start = platform.now();
      const rows = batches.next().value;
      const batch = collate(texts, rows, collateOptions);
      const oneHot = new Float32Array(rows.length * labels.length);
      for (let i = 0; i < rows.length; i++) oneHot[i * labels.length + targets.data[rows[i]]] = 1;
      const learningRate = rateScale * rate(losses.length);
      await events.onStepBegin({ step: losses.length + 1, steps, epoch: 1, learningRate });
      const { loss, gradientNorm } = await trainer.step([{ ...batch, targets: oneHot }], losses.length, learningRate);
      if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm))
        fail("E_TRAINING", {
          where: `step ${losses.length + 1}`,
          expected: "a finite loss",
          got: String(loss),
          fix: `try a lower learningRate (it was ${options.learningRate})`,
        });
      losses.push(loss);
      const { stop, learningRateScale, log } = await events.onStep({
        ...{ step: losses.length, steps, epoch: 1, loss, gradientNorm, learningRate, examples: rows.length },
        ...{ tokens: batch.realTokens, milliseconds: platform.now() - start },
      });
      rateScale *= learningRateScale;
      if (Object.keys(log).length > 0) await events.onLog({ step: losses.length, values: log });
      if (stop) break;
    }
    return losses;
  };

  return {
    reading: readingOf(options, input.train),
    async run(): Promise<TrainingHistory> {
      const steps = options.contrastiveSteps;
      const examples = texts.length;
      await events.onTrainBegin({ steps, epochs: 1, examples, validationExamples: 0, options, data, stepsDone: 0 });
      let losses: readonly number[];
      try {
        losses = await trainEncoder();
      } catch (error) {
        await events.onError({ error, step: 0, bestEpoch: undefined }).catch(() => {});
        throw error;
      }
      if (signal?.aborted === true) {
        const history = abortedHistory(losses);
        await events.onTrainEnd(history);
        return history;
      }
      // The rest is told as one training with what came before.
      const began = { ...events, onTrainBegin: async () => {}, onTrainEnd: async () => {} };
      linear = await openLinearTraining(platform, { ...state, weights: weights() }, { ...input, events: began });
      const history = { ...(await linear.run()), losses };
      await events.onTrainEnd(history);
      return history;
    },
    state: () => linear?.state() ?? { weights: weights(), adapter: undefined, base: undefined },
    async close() {
      await linear?.close();
      await trainer.close();
    },
  };
}
