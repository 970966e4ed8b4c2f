/** What other libraries of the field call our options, so that a message can name ours. */
import { nearestNames } from "./nearest.js";

/**
 * Our option by another name of it in camelCase, as in transformers' TrainingArguments and example scripts, Keras,
 * PyTorch, Lightning and scikit-learn. What begins with a capital letter is no option but what to know instead.
 */
const OURS: Readonly<Record<string, string>> = {
  lr: "learningRate",
  baseLr: "learningRate",
  stepSize: "learningRate",
  headLr: "headLearningRate",
  lrSchedule: "lrSchedulerType",
  lrScheduler: "lrSchedulerType",
  scheduler: "lrSchedulerType",
  warmup: "warmupRatio",
  warmupProportion: "warmupRatio",
  numWarmupSteps: "warmupSteps",
  llrd: "layerwiseLrDecay",
  layerDecay: "layerwiseLrDecay",
  epoch: "epochs",
  numEpochs: "epochs",
  numTrainEpochs: "epochs",
  nbEpoch: "epochs",
  nEpochs: "epochs",
  maxEpochs: "epochs",
  bs: "batchSize",
  trainBatchSize: "batchSize",
  evalBatchSize: "batchSize",
  perDeviceTrainBatchSize: "batchSize",
  perDeviceEvalBatchSize: "batchSize",
  perGpuTrainBatchSize: "batchSize",
  gradientAccumulation: "gradientAccumulationSteps",
  accumulateGradBatches: "gradientAccumulationSteps",
  gradAccumulationSteps: "gradientAccumulationSteps",
  maxLen: "maxLength",
  maxSeqLen: "maxLength",
  maxSeqLength: "maxLength",
  maxSequenceLength: "maxLength",
  modelMaxLength: "maxLength",
  wd: "weightDecay",
  decay: "weightDecay",
  l2: "weightDecay",
  clipNorm: "maxGradNorm",
  clipnorm: "maxGradNorm",
  gradClip: "maxGradNorm",
  gradientClipVal: "maxGradNorm",
  maxNorm: "maxGradNorm",
  optimizer: "optim",
  optimiser: "optim",
  classWeight: "classWeights",
  criterion: "loss",
  lossFunction: "loss",
  dropoutRate: "dropout",
  hiddenDropoutProb: "dropout",
  randomSeed: "seed",
  randomState: "seed",
  monitor: "metricForBestModel",
  restoreBestWeights: "loadBestModelAtEnd",
  patience: "earlyStoppingPatience",
  minDelta: "earlyStoppingThreshold",
  topK: "greedySoup",
  topKAverageMethod: "greedySoup",
  labelSmoothingFactor: "labelSmoothing",
  r: "loraRank",
  targetModules: "loraTargets",
  modulesToSave: "loraModulesToSave",
  layersToFreezeRegex: "freeze",
  slidingWindow: "longTexts",
  docStride: "stride",
  dataSeed: "seed",
  maxTrainSamples: "limit",
  maxPredictSamples: "limit",
  maxEvalSamples: "maxEvalRows",
  numWorkers: "threads",
  numThreads: "threads",
  nJobs: "threads",
  modelName: "model",
  modelNameOrPath: "model",
  pretrainedModelNameOrPath: "model",
  checkpoint: "model",
  outputDir: "output",
  out: "output",
  overwriteOutputDir: "overwrite",
  resumeFromCheckpoint: "resume",
  textColumn: "text",
  textColumnName: "text",
  textColumnNames: "text",
  inputColumn: "text",
  labelColumn: "label",
  labelColumnName: "label",
  targetColumn: "label",
  validationFile: "validation",
  evalFile: "validation",
  validationData: "validation",
  validationSize: "validationSplit",
  testFile: "test",
  testSize: "testSplit",
  configName: "dataConfig",
  datasetConfigName: "dataConfig",
  inputFile: "file",
  outputFile: "output",
  sep: "delimiter",
  separator: "delimiter",
  hfToken: "Set HF_TOKEN instead",
  trainFile: "Name the file as the first argument",
  datasetName: "Name it as the first argument: hf://owner/name",
  numLabels: "The classes are those of the labels: there is no number to give",
  numClasses: "The classes are those of the labels: there is no number to give",
  nClasses: "The classes are those of the labels: there is no number to give",
  greaterIsBetter: "Each metric knows which way is up: leave it out",
  fullDeterminism: "The seed decides all of it: leave it out",
  fp16: "Training is in float32: leave it out",
  bf16: "Training is in float32: leave it out",
  evaluationStrategy: "evalStrategy",
};

/** `per_device_train_batch_size` and `per-device-train-batch-size` as `perDeviceTrainBatchSize`. */
export function camelCase(name: string): string {
  return name.replace(/^-+/, "").replace(/[-_]+([a-zA-Z\d])/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * What to do about an unknown option `name` where there are those of `names`: the one that others call so, or the
 * nearest; undefined where none is near.
 *
 * @param written how an option is shown; in quotes by default
 */
export function optionHint(
  name: string,
  names: readonly string[],
  written = (one: string) => `"${one}"`,
): string | undefined {
  const own = camelCase(name);
  const ours = Object.hasOwn(OURS, own) ? (OURS[own] as string) : undefined;
  if (ours !== undefined && /^[A-Z]/.test(ours) && !names.includes(own))
    return ours.charAt(0).toLowerCase() + ours.slice(1);
  const exact = [own, ours].find((one) => one !== undefined && names.includes(one));
  const near = exact === undefined ? nearestNames(own, names) : [exact];
  return near.length === 0 ? undefined : `did you mean ${near.map(written).join(" or ")}?`;
}
