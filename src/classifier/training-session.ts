/** A fine-tuning from data sets to weights. */

import { fail } from "../base/errors.js";
import { createRandom } from "../base/random.js";
import type { Dataset } from "../data/dataset/dataset.js";
import { chooseMetric } from "../metrics/choose-metric.js";
import { type LoraConfig, loraAdapter } from "../nn/lora.js";
import type { Parameter } from "../nn/scope.js";
import { optimizerOf } from "../optimizers/registry.js";
import { tensorsOf, viewOf } from "../runtime/flat-layout.js";
import { targetsOf } from "../tasks/task.js";
import { rowsOf, selectTexts, type TokenizedTexts } from "../tokenizing/tokenized-texts.js";
import { bestMetricOf } from "../training/best-metric.js";
import { combineCallbacks, type DataFacts, type Events, type TrainBegin } from "../training/callbacks.js";
import { buildInferenceGraph, buildTrainingGraph } from "../training/classifier-graph.js";
import { isCompactionExact, putRows, takeRows } from "../training/compact-vocabulary.js";
import { evaluate } from "../training/evaluate.js";
import { fit as runTraining } from "../training/fit.js";
import { firstEpochs } from "../training/freezing.js";
import { lowestTrained } from "../training/frozen-layers.js";
import { isLora, isTrainedWith } from "../training/lora.js";
import { longTextsOf, resolveTrainingOptions } from "../training/options.js";
import { parameterGroups } from "../training/parameter-groups.js";
import { createPredictor } from "../training/predictor.js";
import { trainingLoss } from "../training/training-loss.js";
import type { ResolvedTrainingOptions } from "../training/training-options.js";
import { createTrainer } from "../training/training-step.js";
import type { ClassifierState } from "./classifier-state.js";
import { openContrastiveTraining } from "./contrastive-training.js";
import { fitMemory } from "./fit-memory.js";
import { type FitOptions, readingOf, type TrainingSession } from "./fit-options.js";
import { createFrozenCache } from "./frozen-cache.js";
import { openLinearTraining } from "./linear-training.js";
import { mergedState, openLora } from "./lora-training.js";
import type { Platform } from "./platform.js";
import { type LabelledTexts, prepareTraining } from "./prepare-texts.js";
import { assertInput } from "./text-example.js";
import { identityOf, openTrainingStates, type TrainingStates } from "./training-states.js";

/**
 * Prepares the training of the classifier `state` on `train`; the state stays as it is.
 *
 * @throws E_CONFIG for an option, before any text is looked at; E_DATA for rows that cannot be learned from; E_STORE
 *   for a folder of checkpoints that cannot be used
 */
export async function openTraining(
  platform: Platform,
  state: ClassifierState,
  given: Dataset,
  { validation, callbacks = [], signal, worker: _, checkpointDir, resume, overwrite, ...asked }: FitOptions,
): Promise<TrainingSession> {
  const resolved = resolveTrainingOptions(asked);
  checkAgainst(resolved, state, validation !== undefined);
  if (resolved.longTexts !== undefined && given.hasPairs)
    fail("E_CONFIG", {
      option: "longTexts",
      expected: "texts by themselves",
      got: "pairs, which are cut as truncation says",
      fix: "leave the option out",
    });
  if (validation !== undefined) assertInput(given.hasPairs, validation.hasPairs, "E_DATA", validation.source);
  const { task, labels } = state;
  const { sampling, seed } = resolved;
  const train = sampling === undefined ? given : given.balance({ method: sampling, seed });
  const counts = labels.map((label) => train.labels.counts[train.labels.id(label)] ?? 0);
  const loss = trainingLoss(resolved, task, labels, { rows: train.length, counts });
  task.checkTrainable(train);
  const events = combineCallbacks(callbacks);
  const data = { train: factsOf(train), validation: validation && factsOf(validation) };
  if (resolved.mode !== "full") {
    if (resume === true)
      fail("E_CONFIG", { option: "resume", expected: "mode full", got: `${resolved.mode}, which is done in one go` });
    const open = { linear: openLinearTraining, contrastive: openContrastiveTraining }[resolved.mode];
    return open(platform, state, { train, validation, options: resolved, loss, data, events, signal });
  }
  const options = fitMemory(state, resolved, {
    ...{ loss, isValidated: validation !== undefined, free: platform.freeMemory() },
    onNotice: (message) => events.onWarning(message),
  });
  const states = await openTrainingStates(
    platform,
    { checkpointDir, resume, overwrite },
    identityOf(state, train, validation, options),
    options.saveTotalLimit,
    (message) => events.onWarning(message),
  );
  try {
    return await prepareSession(platform, state, { train, validation, options, loss, data, events, signal, states });
  } catch (error) {
    await states.store?.close();
    throw error;
  }
}

interface SessionInput {
  readonly train: Dataset;
  readonly validation: Dataset | undefined;
  readonly options: ResolvedTrainingOptions;
  readonly loss: ReturnType<typeof trainingLoss>;
  readonly data: TrainBegin["data"];
  readonly events: Events;
  readonly signal: AbortSignal | undefined;
  readonly states: TrainingStates;
}

async function prepareSession(
  platform: Platform,
  state: ClassifierState,
  { train, validation, options, loss, data, events, signal, states }: SessionInput,
): Promise<TrainingSession> {
  const { model, task, labels, head, tokenizer } = state;
  const config = options.dropout === undefined ? state.config : model.withDropout(state.config, options.dropout);
  const optimizer = optimizerOf(options.optim);
  const { vocabularySize, layers } = model.sizes(config);
  const plain = { model, config, head, outputs: task.outputs(labels).length };
  const lora = openLora(state, options, plain, createRandom(options.seed).fork("adapters"));
  const weights = lora?.weights ?? state.weights;
  const whole = { ...plain, adapter: lora && loraAdapter(lora.config) };
  const { parameters } = buildInferenceGraph(whole);
  const firstEpochOf = trainedFrom(parameters, layers, options, lora?.config);
  const isTableTrained = parameters.some((one) => one.name === model.wordEmbeddings && firstEpochOf(one) < Infinity);
  const { vocabulary, training, validating } = await prepareTraining(platform, train, validation, {
    ...options,
    ...events,
    signal,
    task,
    labels,
    tokenizer,
    longTexts: longTextsOf(options),
    vocabularySize,
    // Without gradients the rows stay as they are, whatever the optimizer would do.
    compactVocabulary: options.compactVocabulary && (!isTableTrained || isCompactionExact(optimizer, options)),
  });
  const collateOptions = {
    padId: vocabulary.rowOf(tokenizer.padId),
    padToMultipleOf: options.padToMultipleOf,
    maxLength: options.maxLength,
  };
  // The table of the training graph holds the rows that occur; the classifier's own holds them all.
  const table = weights.get(model.wordEmbeddings) as Float32Array;
  const graphOptions = { ...whole, config: model.withVocabulary(config, vocabulary.rows.length) };
  const threads = options.threads === undefined ? {} : { threads: options.threads };
  const { runtime } = platform;
  const sampled = validating && sampleRows(validating, options);
  const from = options.frozenCache
    ? lowestTrained(parameters, layers, (parameter) => firstEpochOf(parameter) < Infinity)
    : undefined;
  const frozen =
    from === undefined
      ? undefined
      : createFrozenCache(platform, {
          ...{ graph: graphOptions, from, collate: collateOptions, events, signal },
          ...{ batchSize: options.batchSize, threads: options.threads, megabytes: options.frozenCacheMegabytes },
          texts: [training, ...(sampled === undefined ? [] : [sampled])].map(({ texts }) => texts),
          weights: () => tensorsOf(trainer.parameters, trainer.layout),
        });
  const collateFor = async (texts: TokenizedTexts) => ({
    ...collateOptions,
    frozen: await frozen?.activationsOf(texts),
  });
  const graphOf = (epoch: number) =>
    buildTrainingGraph({
      ...graphOptions,
      from: frozen?.from,
      task,
      loss,
      trained: (parameter) => firstEpochOf(parameter) <= epoch,
      gradientCheckpointing: options.gradientCheckpointing,
    });
  let graph = graphOf(1);
  const trainer = await createTrainer({
    runtime,
    graph,
    weights: new Map([
      ...weights,
      [model.wordEmbeddings, takeRows(table, vocabulary.rows, table.length / vocabularySize)],
    ]),
    optimizer,
    optimizerOptions: options,
    groups: parameterGroups(graph.parameters, { ...options, firstEpochOf }),
    maxGradNorm: options.maxGradNorm,
    emaDecay: options.emaDecay,
    seed: options.seed,
    ...threads,
  });
  const validator = await createPredictor({
    runtime,
    graph: buildInferenceGraph({ ...graphOptions, from: frozen?.from }),
    weights: tensorsOf(trainer.parameters, trainer.layout),
    ...threads,
  }).catch(async (error: unknown) => {
    await trainer.close();
    throw error;
  });
  const validate = async ({ texts, targets }: LabelledTexts) =>
    evaluate(validator, texts, targets, {
      ...(await collateFor(texts)),
      task,
      labels,
      metrics: [bestMetricOf(options, task)],
      batchSize: options.batchSize,
      signal,
      onProgress: (done, total) => events.onEvaluateProgress({ done, total }),
    });
  if (validating !== undefined && sampled !== validating)
    events.onWarning(
      `validation set: ${options.maxEvalRows} of ${rowsOf(validating.texts)} rows, drawn once, are evaluated while training goes on; all are at the end (maxEvalRows)`,
    );
  return {
    reading: readingOf(options, train),
    run: async () =>
      runTraining({
        ...training,
        trainer,
        task,
        labels,
        options,
        collateOptions: await collateFor(training.texts),
        async beginEpoch(epoch) {
          const trained = graph.parameters.filter((parameter) => firstEpochOf(parameter) <= epoch).length;
          if (trained === graph.trained.length) return;
          graph = graphOf(epoch);
          await trainer.useGraph(graph);
        },
        validate: sampled && (() => validate(sampled)),
        validateAll: validating === sampled ? undefined : () => validate(validating as LabelledTexts),
        data,
        events,
        checkpoints: states.store,
        resumed: states.resumed,
        signal,
        now: platform.now,
      }),
    state() {
      trainer.showAverage();
      const trained = new Map(
        trainer.layout.slots.map((slot) => {
          const values = viewOf(trainer.parameters, slot);
          const whole =
            slot.name === model.wordEmbeddings
              ? putRows(table, vocabulary.rows, values, trainer.decay(slot.name))
              : values.slice();
          return [slot.name, whole] as const;
        }),
      );
      return lora === undefined
        ? { weights: trained, adapter: undefined, base: undefined }
        : { ...mergedState(trained, lora), base: lora.base };
    },
    async close() {
      await validator.close();
      await trainer.close();
      frozen?.close();
      await states.store?.close();
    },
  };
}

/**
 * The first epoch in which a parameter is trained, by what is frozen, and by what LoRA leaves as it is.
 *
 * @throws E_CONFIG where `freeze` leaves no adapter to be trained
 */
function trainedFrom(
  parameters: readonly Parameter[],
  layers: number,
  options: ResolvedTrainingOptions,
  lora: LoraConfig | undefined,
): (parameter: Parameter) => number {
  if (lora === undefined) return firstEpochs(parameters, layers, options);
  const candidates = parameters.filter((parameter) => isTrainedWith(lora, parameter));
  const firstEpochOf = firstEpochs(candidates, layers, options);
  if (candidates.every((parameter) => !isLora(parameter.name) || firstEpochOf(parameter) === Infinity))
    fail("E_CONFIG", {
      option: "freeze",
      expected: "layers left whose adapters are trained",
      got: String(options.freeze),
      fix: "leave out lora, or freeze less",
    });
  return (parameter) => (isTrainedWith(lora, parameter) ? firstEpochOf(parameter) : Infinity);
}

/** As many rows as are evaluated while training goes on; the same object where these are all. */
function sampleRows(
  whole: LabelledTexts,
  { maxEvalRows, seed }: Pick<ResolvedTrainingOptions, "maxEvalRows" | "seed">,
): LabelledTexts {
  const { texts, targets } = whole;
  const length = rowsOf(texts);
  if (length <= maxEvalRows) return whole;
  const order = createRandom(seed)
    .fork("validation rows")
    .shuffle(Uint32Array.from({ length }, (_, row) => row));
  const rows = order.slice(0, maxEvalRows).sort();
  return { texts: selectTexts(texts, rows), targets: { data: targetsOf(targets, rows), width: targets.width } };
}

function factsOf(dataset: Dataset): DataFacts {
  return { source: dataset.source, rows: dataset.length, fingerprint: dataset.fingerprint };
}

/** @throws E_CONFIG for an option that the model, its task or the data cannot serve */
function checkAgainst(
  options: ResolvedTrainingOptions,
  { model, config, task, labels }: ClassifierState,
  validated: boolean,
): void {
  const { maxPositions } = model.sizes(config);
  chooseMetric(bestMetricOf(options, task), task.family, labels);
  if (options.maxLength > maxPositions)
    fail("E_CONFIG", {
      option: "maxLength",
      expected: `at most ${maxPositions}, the positions of the model`,
      got: String(options.maxLength),
    });
  if (options.sampling !== undefined && task.labelKind !== "class")
    fail("E_CONFIG", {
      option: "sampling",
      expected: `none, as ${task.name} has no class for each row`,
      got: options.sampling,
    });
  if (validated) return;
  if (options.lrSchedulerType === "reduce_lr_on_plateau")
    fail("E_CONFIG", {
      option: "lrSchedulerType",
      expected: "another schedule, as there is nothing to validate on",
      got: options.lrSchedulerType,
    });
  if (options.greedySoup !== undefined)
    fail("E_CONFIG", {
      option: "greedySoup",
      expected: "none, as there is nothing to validate on",
      got: String(options.greedySoup),
      fix: "hold rows out: give validation, or validationSplit on the command line",
    });
  if (options.earlyStoppingPatience !== undefined)
    fail("E_CONFIG", {
      option: "earlyStoppingPatience",
      expected: "none, as there is nothing to validate on",
      got: String(options.earlyStoppingPatience),
      fix: "hold rows out: give validation, or validationSplit on the command line",
    });
}
