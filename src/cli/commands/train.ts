/** `textune train`: fine-tune a model on a file of labelled texts. */

import type { Command } from "commander";
import type { z } from "zod";
import { fail } from "../../base/errors.js";
import { given } from "../../base/given.js";
import { printable } from "../../base/printable.js";
import { resolveOptions } from "../../base/resolve-options.js";
import type { Dataset } from "../../data/dataset/dataset.js";
import { type Corrections, correctLabels } from "../../labelling/corrections.js";
import { readCorrections } from "../../labelling/node/correction-book.js";
import { formatReport } from "../../metrics/format-report.js";
import { withoutPassword } from "../../tracking/without-password.js";
import { trainingOptions } from "../../training/options.js";
import type { PresetChoice } from "../../training/presets.js";
import { checkParts, type DataParts } from "../../workflows/node/data-parts.js";
import { type Baseline, trainClassifier } from "../../workflows/node/train-classifier.js";
import type { CommandContext } from "../command-context.js";
import { dataArgument, readingNotices, sourceOptions } from "../data-source-options.js";
import { type CommandCall, defineCommand } from "../define-command.js";
import { drawHistory } from "../draw-history.js";
import { evaluationProgress } from "../evaluation-progress.js";
import { hubOptions } from "../hub-fields.js";
import { flagsOf } from "../option-words.js";
import { checkOutputFolder } from "../output-folder.js";
import { createRecording, trackingFields } from "../recorded-run.js";
import { formatDuration } from "../report-progress.js";
import { shellWord } from "../shell-word.js";
import { trainGroups, trainSchema } from "../train-options.js";
import { trainingCallbacks } from "../training-callbacks.js";

const EXAMPLES = `
Examples:
  $ textune train reviews.csv --text text --label sentiment --output my-classifier
  $ textune train tickets.jsonl --text subject --text body --label team --output teams --epochs 5
  $ textune train train.csv --validation dev.csv --test test.csv --label stars --output stars
  $ textune train aclImdb_v1.tar.gz --member aclImdb/train --exclude unsup --test-member aclImdb/test --output imdb
  $ textune train hf://owner/reviews --validation-split-name validation --test-split-name test --output reviews
  $ textune train reviews.csv --output mine --model bert-base-uncased --batch-size 16
  $ textune train reports.csv --text text --label topics --label-separator "|" --output topics
  $ textune train comments.csv --text comment --label toxic --label insult --output toxic
  $ textune train pairs.csv --text question --text-pair answer --label fits --output fits --class-weights balanced
  $ textune train essays.csv --label score --problem-type regression --output scores
  $ textune train reviews.csv --output adapter --lora --lora-rank 16 --learning-rate 1e-3
  $ textune train few.csv --output quick --mode linear
  $ textune train reviews.csv --output mine --preset best
  $ textune train --config run.json --learning-rate 1e-4
  $ textune train --config run.json --resume
  $ textune train --config mine/training.json --output again

A configuration file holds the same options under their names in camelCase, and "data":
  { "data": "reviews.csv", "label": "sentiment", "output": "my-classifier", "learningRate": 1e-4 }
What the command line says goes before what the file says. The training.json in a classifier's folder is such a file
too: it repeats the training that made the classifier.
`;

type Call = CommandCall<z.output<typeof trainSchema>>;

/** Adds the command to `program`. */
export function addTrainCommand(program: Command, context: CommandContext): void {
  defineCommand(program, context, {
    name: "train",
    summary: "fine-tune a model on labelled texts",
    description: "Fine-tune a pre-trained model on labelled texts, and write the classifier to a folder.",
    examples: EXAMPLES,
    arguments: [dataArgument],
    groups: trainGroups,
    schema: trainSchema,
    json: "print the results as JSON on standard output",
    quiet: "show neither progress nor notices",
    stopping: "stopping after this step; press Ctrl-C again to stop at once",
    run: train,
  });
}

async function train(call: Call): Promise<void> {
  const { options, terminal, signal, progress, say, results } = call;
  const { output, data } = options;
  if (output === undefined)
    fail("E_USAGE", {
      option: "output",
      expected: "a folder for the classifier",
      got: "none",
      fix: "add --output DIR",
    });
  checkParts(call.given);
  const training = resolveOptions(trainingOptions.strip(), options);
  await checkOutputFolder(output, options.overwrite || options.resume);

  const told = new Set<string>();
  const tell = (line: string): void => {
    if (told.has(line)) return;
    told.add(line);
    say(line);
  };
  const began = terminal.now();
  const { model, hiddenLayers, headActivation, headDropout } = options;
  // A head that is trained: the pooler of most models is not.
  const pooling = options.pooling ?? (options.mode === "full" ? undefined : "mean");
  const opening = hubOptions(options, tell, progress);
  const corrections = options.corrections === undefined ? undefined : await readCorrections(options.corrections);
  let corrected = 0;
  const recording = createRecording({ options, given: call.given, model, warn: call.warn });
  const work = trainClassifier({
    data,
    reading: { ...sourceOptions(options), onDownload: opening.onDownload },
    sample: options.sample,
    parts: options,
    correct:
      corrections &&
      correcting(corrections, (rows) => {
        corrected += rows;
      }),
    problemType: options.problemType,
    model,
    opening: { ...opening, ...given({ pooling, hiddenLayers, headActivation, headDropout }) },
    training,
    preset: {
      ...{ preset: options.preset, given: call.given },
      trialCallbacks: trainingCallbacks(progress, () => {}),
      onTrial: ({ learningRate, metric, value, done, of }) =>
        tell(`trial ${done}/${of}: learningRate ${learningRate}: ${metric} ${value.toFixed(4)}`),
    },
    onChoices: (choices) => tell(describeChoices(options.preset, choices)),
    config: repeatable(call.given),
    output,
    resume: options.resume,
    overwrite: options.overwrite,
    callbacks: [trainingCallbacks(progress, tell), recording.callbacks],
    onData(parts) {
      recording.begin();
      for (const dataset of [parts.whole, parts.validation, parts.test]) {
        for (const notice of dataset === undefined ? [] : readingNotices(dataset)) {
          tell(`${dataset?.source}: ${notice}`);
          // Training says it again, without the file's name.
          told.add(notice);
        }
      }
      tell(describeData(parts));
      if (corrections !== undefined)
        tell(`${options.corrections}: ${corrected} ${corrected === 1 ? "label" : "labels"} corrected`);
      const rare = smallClasses(parts);
      if (rare.length > 0)
        tell(`${listed(rare.map((name) => `"${name}"`))}: too few rows to hold any out; all are trained on`);
    },
    ...(options.track ? { onOutputs: recording.onOutputs } : {}),
    onModel: (loading) => tell(describeModel(model, loading)),
    baseline: options.baseline,
    onBaseline: (baseline) => tell(describeBaseline(baseline)),
    onTestProgress: evaluationProgress(progress, tell).onProgress,
    signal,
  });
  const { labels, history, baseline, validation, test, saved, training: chosen } = await recording.around(work);
  progress.stop();
  if (history.aborted) {
    const result = saved
      ? `the classifier of epoch ${history.bestEpoch} is in ${shellWord(output)}`
      : "no epoch was validated, so there is no classifier yet";
    fail("E_ABORTED", {
      where: "train",
      got: `stopped after ${history.losses.length} steps; ${result}`,
      ...(history.checkpointStep === undefined ? {} : { fix: "go on by the same command", set: { resume: true } }),
    });
  }
  const { averagedSteps } = history;
  if (averagedSteps !== undefined && averagedSteps.length > 1)
    say(`averaged: the weights after steps ${averagedSteps.join(" and ")}, no worse together than the best alone`);
  if (history.stoppedEarly) say(`stopped early: nothing was better than epoch ${history.bestEpoch}`);
  const seconds = (terminal.now() - began) / 1000;
  if (call.json) {
    const { epochs, losses, evaluations, bestEpoch, bestStep } = history;
    const figures = {
      seconds,
      bestEpoch,
      bestStep,
      averagedSteps,
      epochs,
      evaluations,
      losses,
      baseline,
      validation,
      test,
    };
    await results.write(`${JSON.stringify({ output, labels, ...figures }, undefined, 2)}\n`);
    return;
  }
  if (options.plots !== undefined) {
    const { plotHistory } = await import("../../training/node/plot-history.js");
    await plotHistory(history, options.plots);
    say(`The learning curves are in ${shellWord(options.plots)}.`);
  }
  const curves = drawHistory(history, terminal.stderr.columns || 80);
  if (curves !== "") say(`\n${curves}`);
  const shown = test ?? validation;
  if (shown !== undefined) {
    const rows = `${shown.examples} ${shown.examples === 1 ? "row" : "rows"}`;
    const epoch = chosen.loadBestModelAtEnd ? history.bestEpoch : history.epochs.length;
    const what =
      test === undefined ? `validation, ${rows}, epoch ${epoch} of ${history.epochs.length}` : `test, ${rows}`;
    await results.write(`\n${what}\n\n${printable(formatReport(shown))}\n`);
  }
  say(`\nThe classifier is in ${shellWord(output)} (trained in ${formatDuration(seconds)}). Use it:`);
  const { text, textPair, label, labelSeparator } = options;
  const texts = flagsOf({ text, textPair });
  const labelled = [...texts, ...flagsOf({ label, labelSeparator })];
  const input = textPair === undefined ? ['"some text"'] : ["--file other-data.csv", ...texts];
  say(`  ${["textune predict", shellWord(output), ...input].join(" ")}`);
  say(`  ${["textune evaluate", shellWord(output), "other-data.csv", ...labelled].join(" ")}`);
  say("How it was made, and how good it is, is in its README.md.");
}

/** Corrects parts, and tells of each how many rows have another label. */
function correcting(corrections: Corrections, onCorrected: (rows: number) => void): (part: Dataset) => Dataset {
  return (part) => {
    const { dataset, rows } = correctLabels(part, corrections);
    onCorrected(rows);
    return dataset;
  };
}

function describeChoices(preset: string, choices: readonly PresetChoice[]): string {
  const all = choices.map(({ option, value, why }) => `${option} ${value} (${why})`);
  return `preset ${preset}: ${all.join(", ")}`;
}

/** What was given, but for what says where things go and nothing of the result. */
function repeatable(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const words = JSON.parse(withoutPassword(JSON.stringify(options))) as Record<string, unknown>;
  const others = new Set(["output", "overwrite", "resume", "plots", ...Object.keys(trackingFields)]);
  return Object.fromEntries(Object.entries(words).filter(([name]) => !others.has(name)));
}

function describeBaseline({ metrics, rows, seconds }: Baseline): string {
  const reached = Object.entries(metrics).map(([name, value]) => `${name} ${value.toFixed(4)}`);
  return `baseline, the last layer alone: ${reached.join(", ")} on ${rows} rows (${formatDuration(seconds)})`;
}

function describeData({ train, validation, test }: DataParts): string {
  const others = [
    ...(validation === undefined ? [] : [`${validation.length} to validate`]),
    ...(test === undefined ? [] : [`${test.length} to test`]),
  ];
  const { names, counts } = train.labels;
  const what = train.targetKind === "labels" ? "labels" : "classes";
  const classes = names.slice(0, 8).map((name, id) => `${name} ${counts[id]}`);
  const ofClasses =
    train.targetKind === "number"
      ? ""
      : ` of ${names.length} ${what} (${classes.join(", ")}${names.length > classes.length ? ", …" : ""})`;
  return [`${train.length} ${train.hasPairs ? "pairs" : "texts"} to train on${ofClasses}`, ...others].join(", ");
}

/** Classes of which a held-out part has no row because there are fewer rows than parts. */
function smallClasses({ whole, train, validation, test }: DataParts): string[] {
  if (whole === train) return [];
  const { names, counts } = whole.labels;
  const heldOut = [validation, test].filter((part) => part !== undefined);
  return names.filter((_, id) => {
    const count = counts[id] as number;
    return count > 0 && count <= heldOut.length && train.labels.counts[id] === count;
  });
}

function describeModel(
  model: string,
  loading: {
    readonly found: readonly string[];
    readonly created: readonly string[];
    readonly ignored: readonly string[];
  },
): string {
  const { found, created, ignored } = loading;
  const more = [
    ...(created.length === 0 ? [] : [`new: ${listed(created)}`]),
    ...(ignored.length === 0 ? [] : [`not used: ${listed(ignored)}`]),
  ];
  return `${model}: ${found.length} weights read${more.length === 0 ? "" : `; ${more.join("; ")}`}`;
}

function listed(names: readonly string[]): string {
  return names.length <= 4 ? names.join(", ") : `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`;
}
