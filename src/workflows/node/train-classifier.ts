/** A whole training: from data, wherever it is, to a saved classifier. */
import { confidenceInterval } from "../../analysis/confidence-interval.js";
import { given } from "../../base/given.js";
import { checkCheckpoint } from "../../checkpoints/node/open-checkpoint.js";
import type { LoadingReport } from "../../classifier/load-weights.js";
import type { Dataset } from "../../data/dataset/dataset.js";
import type { ReadOptions } from "../../data/dataset/node/read-options.js";
import type { PooledHeadOptions } from "../../heads/pooled-options.js";
import type { HubOptions } from "../../hub/hub-options.js";
import { chooseMetric } from "../../metrics/choose-metric.js";
import type { Outputs } from "../../metrics/outputs.js";
import type { Report } from "../../metrics/report.js";
import type { ProblemType } from "../../tasks/registry.js";
import { taskFor, taskNamed } from "../../tasks/registry.js";
import type { Task } from "../../tasks/task.js";
import { type Callbacks, combineCallbacks, type TrainingHistory } from "../../training/callbacks.js";
import { hasState, openStateFolder } from "../../training/node/state-folder.js";
import type { PresetChoice } from "../../training/presets.js";
import type { ResolvedTrainingOptions } from "../../training/training-options.js";
import { trainedOnToo } from "../trained-on.js";
import { type MetricRecord, partRecord, type TrainingRecord } from "../training-record.js";
import { chooseSettings, type PresetRequest } from "./choose-settings.js";
import { type DataParts, type PartValues, readParts } from "./data-parts.js";
import { forgetTrials } from "./trials.js";
import { versionsNow, writeRecord } from "./write-record.js";

export interface TrainRequest {
  readonly data: string | readonly string[];
  /** How the data is read. */
  readonly reading: ReadOptions;
  /** Draws so many rows of the data before they are split; all by default. */
  readonly sample?: number | undefined;
  /** Where the rows to validate and to test on come from. */
  readonly parts: PartValues;
  /** Corrects the labels of each part, once the rows are dealt out. */
  readonly correct?: ((part: Dataset) => Dataset) | undefined;
  /** The model to start from, and how it is found. */
  readonly model: string;
  readonly opening: HubOptions & PooledHeadOptions;
  /** What is learned; by default what the labels of the data are. */
  readonly problemType?: ProblemType | undefined;
  readonly training: ResolvedTrainingOptions;
  /** Chooses what is not given by the data and the model; without it all is as `training` says. */
  readonly preset?: PresetRequest;
  /** The other options of the command, for `training.json` to repeat the training with. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The folder to write the classifier to. Checkpoints stand beside it until then: see {@link checkpointDirOf}. */
  readonly output: string;
  /** Goes on from the newest checkpoint. */
  readonly resume?: boolean;
  /** Forgets the checkpoints of an earlier training. */
  readonly overwrite?: boolean;
  /** Whether the last layer alone is trained first, for comparison. */
  readonly baseline?: boolean;
  /** Called with what it reached. */
  readonly onBaseline?: (baseline: Baseline) => void;
  readonly callbacks?: readonly Callbacks[];
  /** Called once the data is read and split. */
  readonly onData?: (parts: DataParts) => void;
  /** Called with what the preset chose. */
  readonly onChoices?: (choices: readonly PresetChoice[]) => void;
  /** Called once the model is open. */
  readonly onModel?: (loading: LoadingReport) => void;
  /**
   * Called at the end with rows that were held out, of the test part or else of the validation, 500 at most, and what the
   * model puts out for them.
   */
  readonly onOutputs?: (event: HeldOutOutputs) => void;
  /** Called as the test part is evaluated at the end. */
  readonly onTestProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** What the last layer alone reaches, on the encoder as it is: see mode "linear". */
export interface Baseline {
  /** The metrics that the task shows, on the test part or else on the validation part. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Rows of that part. */
  readonly rows: number;
  readonly seconds: number;
}

export interface HeldOutOutputs {
  readonly part: "validation" | "test";
  readonly dataset: Dataset;
  readonly outputs: Outputs;
}

/** Rows that the intervals of the model card are drawn from. */
const MEASURED_ROWS = 5000;
/** Rows whose outputs are told: so many that looking at them costs no second of most models. */
const TOLD_ROWS = 500;

export interface TrainResult {
  /** The options of the training, with what a preset chose. */
  readonly training: ResolvedTrainingOptions;
  readonly labels: readonly string[];
  readonly history: TrainingHistory;
  /** Undefined where none was asked for, or nothing was held out. */
  readonly baseline: Baseline | undefined;
  /** On the validation part, of the weights that were kept; undefined without one. */
  readonly validation: Report | undefined;
  /** On the test part; undefined without one, and after an abort. */
  readonly test: Report | undefined;
  /** Whether the classifier was written: not where an abort left nothing that was validated. */
  readonly saved: boolean;
}

/** The folder of the checkpoints of a training whose classifier goes to `output`. */
export function checkpointDirOf(output: string): string {
  return `${output.replace(/[/\\]+$/, "")}.checkpoints`;
}

/** The metrics that the task shows, with their intervals. */
async function intervalsOf(outputs: Outputs, task: Task, signal: AbortSignal | undefined): Promise<MetricRecord[]> {
  const found: MetricRecord[] = [];
  for (const name of task.shownMetrics) {
    const metric = chooseMetric(name, outputs.family, outputs.labels);
    found.push({ metric: metric.name, ...(await confidenceInterval(outputs, metric, { signal })) });
  }
  return found;
}

/** The classifier is written: there is nothing left to go on from. */
async function forgetCheckpoints(folder: string): Promise<void> {
  const states = await openStateFolder(folder, 1).catch(() => undefined);
  if (states !== undefined) await forgetTrials(folder);
  await states?.clear();
  await states?.close();
}

/**
 * Reads the data, holds out what is asked for, fine-tunes the model, evaluates it on the test part and saves it.
 *
 * @throws as `readDataset`, `TextClassifier.fromPretrained`, `fit` and `save` do
 */
export async function trainClassifier(request: TrainRequest): Promise<TrainResult> {
  const { data, model, output, callbacks = [], signal } = request;
  const { problemType } = request;
  const began = performance.now();
  const notices = new Set<string>();
  const asked = problemType === undefined ? undefined : taskNamed(problemType);
  const reading = { target: asked?.labelKind, ...request.reading, signal };
  const noting: Callbacks = { onWarning: (message) => void notices.add(message) };
  const heard = [...callbacks, noting];
  const events = combineCallbacks(heard);
  const checkTrainable = (dataset: Dataset): void => (asked ?? taskFor(dataset.targetKind)).checkTrainable(dataset);
  // A name that is mistyped need not wait for the data.
  await checkCheckpoint(model, { ...request.opening, signal });
  const parts = await readParts({
    data,
    options: request.parts,
    sample: request.sample,
    correct: request.correct,
    reading: given(reading),
    readingOthers: (whole) => given({ ...reading, labels: whole.labels, target: whole.targetKind }),
    check: checkTrainable,
    split: { stratify: true, smallClasses: "first", seed: request.training.seed },
  });
  checkTrainable(parts.train);
  request.onData?.(parts);
  for (const part of ["validation", "test"] as const) {
    const held = parts[part];
    const notice = held && trainedOnToo(parts.train, held, `${part} set`);
    if (notice !== undefined) events.onWarning(notice);
  }

  // Here and not above, for wrong data should not wait for onnxruntime.
  const { TextClassifier } = await import("../../classifier/node/text-classifier.js");
  const folder = checkpointDirOf(output);
  const { training, opening, choices, tried } =
    request.preset === undefined
      ? { ...request, choices: [], tried: false }
      : await chooseSettings(request.preset, { ...request, problemType }, parts, { ...request, folder });
  // Stopped among the trials, or before the first checkpoint after them: these are what is gone on from.
  const resume = request.resume === true && (!tried || (await hasState(folder)));
  if (choices.length > 0) request.onChoices?.(choices);
  const { threads, seed, tokenCache } = training;
  const baseline = request.baseline === true ? await trainBaseline(request, parts) : undefined;
  if (baseline !== undefined) request.onBaseline?.(baseline);
  const classifier = await TextClassifier.fromPretrained(model, {
    labels: parts.train.labels,
    problemType,
    seed,
    signal,
    ...opening,
    ...given({ threads }),
  });
  try {
    request.onModel?.(classifier.loading);
    const history = await classifier.fit(parts.train, {
      ...given(training),
      validation: parts.validation,
      callbacks: heard,
      signal,
      ...{ checkpointDir: folder, resume },
      ...given({ overwrite: request.overwrite }),
    });
    const { bestEpoch } = history;
    const saved = !history.aborted || bestEpoch !== undefined;
    const evaluateOn = (test: Dataset): Promise<Report> =>
      classifier.evaluate(test, {
        signal,
        tokenCache,
        ...given({ onProgress: request.onTestProgress }),
        onWarning: events.onWarning,
        onTokenizeProgress: events.onTokenizeProgress,
      });
    const test = parts.test === undefined || history.aborted ? undefined : await evaluateOn(parts.test);
    const part = parts.test === undefined ? "validation" : "test";
    const heldOut = parts[part];
    const outputsOf = (dataset: Dataset) => classifier.outputs(dataset, { signal, tokenCache });
    const atMost = (dataset: Dataset, rows: number): Dataset =>
      dataset.length > rows ? dataset.sample(rows, seed) : dataset;
    const measured = heldOut === undefined || history.aborted ? undefined : atMost(heldOut, MEASURED_ROWS);
    const outputs = measured && (await outputsOf(measured));
    if (request.onOutputs !== undefined && measured !== undefined && outputs !== undefined) {
      const dataset = atMost(measured, TOLD_ROWS);
      request.onOutputs({ part, dataset, outputs: dataset === measured ? outputs : await outputsOf(dataset) });
    }
    if (saved) {
      await classifier.save(output);
      const report = part === "test" ? test : history.validation;
      const { modelType, parameters } = classifier.summary();
      const record: TrainingRecord = {
        // All options are said, so that nothing is left to a preset.
        config: given({ ...request.config, ...training, pooling: opening.pooling, preset: "none" }),
        options: training,
        choices,
        model: { source: model, modelType, parameters, problemType: classifier.problemType, labels: classifier.labels },
        data: given({
          train: partRecord(parts.train),
          validation: parts.validation && partRecord(parts.validation),
          test: parts.test && partRecord(parts.test),
        }),
        notices: [...notices],
        history,
        results: report && outputs && { part, report, metrics: await intervalsOf(outputs, classifier.task, signal) },
        versions: versionsNow(training.threads),
        finishedAt: new Date().toISOString(),
        seconds: (performance.now() - began) / 1000,
      };
      await writeRecord(output, record, parts.train);
      await events.onArtifact({ kind: "classifier", path: output });
      if (!history.aborted) await forgetCheckpoints(folder);
    }
    return {
      training,
      labels: classifier.labels,
      history,
      baseline,
      validation: history.validation ?? history.bestValidation,
      test,
      saved,
    };
  } finally {
    await classifier.close();
  }
}

async function trainBaseline(
  request: TrainRequest,
  { train, validation, test }: DataParts,
): Promise<Baseline | undefined> {
  const heldOut = test ?? validation;
  if (heldOut === undefined) return undefined;
  const { problemType, opening, training, signal } = request;
  const { TextClassifier } = await import("../../classifier/node/text-classifier.js");
  const { seed, threads, maxLength, truncation, tokenCache, classWeights } = training;
  const start = performance.now();
  const classifier = await TextClassifier.fromPretrained(request.model, {
    ...{ labels: train.labels, problemType, seed, signal, ...opening },
    ...{ pooling: "mean" as const, hiddenLayers: undefined, headActivation: undefined, headDropout: undefined },
    ...given({ threads }),
  });
  try {
    const common = { ...given({ maxLength, truncation, tokenCache, classWeights, threads }), signal };
    await classifier.fit(train, { ...common, mode: "linear", validation });
    const report = await classifier.evaluate(heldOut, { signal, tokenCache });
    const { family, shownMetrics } = classifier.task;
    return {
      metrics: Object.fromEntries(
        shownMetrics.map((name) => [name, chooseMetric(name, family, classifier.labels).read(report)]),
      ),
      rows: heldOut.length,
      seconds: (performance.now() - start) / 1000,
    };
  } finally {
    await classifier.close();
  }
}
