/** A training as a run: callbacks that log what `fit` tells. */
import type { Outputs } from "../metrics/outputs.js";
import type { Callbacks } from "../training/callbacks.js";
import { Artifact } from "./artifact.js";
import { toJson, toJsonObject } from "./logged-values.js";
import { outputTables } from "./output-tables.js";
import { reportTables, reportValues } from "./report-values.js";
import type { Run } from "./run.js";
import { markTracker } from "./tracking-callbacks.js";

/** What a training leaves behind in its run. */
export interface TrackerOptions {
  /** Keep what training writes as artifacts of type "model"; they take the space of the model each time it changes. Default false. */
  readonly logModel?: boolean;
}

/**
 * Callbacks that record a training in `run`: options and data, every step, every evaluation with its confusion matrix,
 * every epoch, how it ended. The run stays open: `run.finish()` ends it.
 *
 * @example
 * const run = await init({ project: "reviews" });
 * await classifier.fit(train, { validation, callbacks: [tracker(run)] });
 * await run.finish();
 */
export function tracker(run: Run, { logModel = false }: TrackerOptions = {}): Callbacks {
  const callbacks: Callbacks = {
    onTrainBegin({ options, data, examples, validationExamples, steps: all, epochs }) {
      run.config.update(options);
      run.describe({ data: toJsonObject(data) });
      run.summary.update({ plannedSteps: all, plannedEpochs: epochs, examples, validationExamples });
    },
    onStep({ step, epoch, loss, gradientNorm, learningRate, examples, tokens, milliseconds }) {
      const train = { loss, gradientNorm, learningRate, examples, tokens, milliseconds, epoch };
      run.log(withPrefix("train", train), { step });
    },
    onLog({ step, values }) {
      run.log(values, { step });
    },
    onEvaluation({ step, report, seconds }) {
      run.log({ "validation/seconds": seconds }, { step });
      logEvaluation(run, "validation", report, step);
    },
    onEpochEnd({ epoch, step, loss, metrics, seconds, examplesPerSecond }) {
      run.log(withPrefix("epoch", { epoch, loss, ...metrics, seconds, examplesPerSecond }), { step });
    },
    onTrainEnd({ bestEpoch, bestStep, bestValidation, aborted, stopped }) {
      run.summary.update({
        ...(bestEpoch === undefined ? {} : { bestEpoch, bestStep }),
        ...(bestValidation === undefined ? {} : withPrefix("best", reportValues(bestValidation))),
        ...(aborted || stopped ? { endedEarly: true } : {}),
      });
    },
    onError({ error }) {
      run.summary.update({ error: toJson(error) });
    },
    async onArtifact({ path }) {
      if (logModel) await logFolder(run, path);
    },
  };
  return markTracker(callbacks);
}

/**
 * Records what an evaluation came to: its numbers, the values of each class, the confusion matrix.
 *
 * @example
 * logEvaluation(run, "test", await classifier.evaluate(test));
 */
export function logEvaluation(run: Run, name: string, report: object, step = Math.max(0, run.step - 1)): void {
  run.log(withPrefix(name, { ...reportValues(report), ...reportTables(report) }), { step });
}

/**
 * Records predictions, the worst first, and curves of held-out rows.
 *
 * @example
 * logOutputs(run, "test", await classifier.outputs(test), (row) => test.text(row));
 */
export function logOutputs(run: Run, name: string, outputs: Outputs, textOf: (row: number) => string): void {
  run.log(withPrefix(name, outputTables(outputs, textOf)), { step: Math.max(0, run.step - 1) });
}

/** Keeps a folder, by default that of a model, as the artifact `model-ID` of the run. */
export async function logFolder(run: Run, folder: string): Promise<void> {
  const artifact = new Artifact({ name: `model-${run.id}`, type: "model" });
  await artifact.addDir(folder);
  await run.logArtifact(artifact);
}

function withPrefix(prefix: string, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}/${name}`, value]));
}
