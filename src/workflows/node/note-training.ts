/** What a training in a program was, for the model card and `training.json` beside its classifier. */

import { given } from "../../base/given.js";
import type { TextClassifier } from "../../classifier/node/text-classifier.js";
import type { Dataset } from "../../data/dataset/dataset.js";
import { chooseMetric } from "../../metrics/choose-metric.js";
import type { Family } from "../../metrics/family.js";
import type { Callbacks, TrainingHistory } from "../../training/callbacks.js";
import type { ResolvedTrainingOptions } from "../../training/training-options.js";
import { partRecord, type TrainingRecord } from "../training-record.js";

export interface NotedTraining {
  /** Hear of the training. */
  readonly callbacks: Callbacks;
  /** Writes both files into the folder of the classifier that was trained. @throws E_STORE */
  write(folder: string, classifier: TextClassifier<Family>, history: TrainingHistory): Promise<void>;
}

/** Notes the training that begins now. Results have no intervals: these would take another pass over the rows. */
export function noteTraining(train: Dataset, validation: Dataset | undefined): NotedTraining {
  const began = performance.now();
  const notices = new Set<string>();
  let options: ResolvedTrainingOptions | undefined;
  let ended = began;
  return {
    callbacks: {
      onWarning: (message) => void notices.add(message),
      onTrainBegin(event) {
        options = event.options;
      },
      onTrainEnd() {
        ended = performance.now();
      },
    },
    async write(folder, classifier, history) {
      if (options === undefined) return;
      // Here and not above: who only predicts writes no card.
      const { versionsNow, writeRecord } = await import("./write-record.js");
      const { modelType, parameters } = classifier.summary();
      const { problemType, labels, task, source } = classifier;
      const report = history.validation;
      const metrics = task.shownMetrics.map((name) => {
        const metric = chooseMetric(name, task.family, labels);
        return { metric: metric.name, value: report === undefined ? Number.NaN : metric.read(report) };
      });
      const record: TrainingRecord = {
        config: given({ ...options, model: source, problemType, preset: "none" }),
        options,
        choices: [],
        model: { source, modelType, parameters, problemType, labels },
        data: given({ train: partRecord(train), validation: validation && partRecord(validation) }),
        notices: [...notices],
        history,
        results: report && { part: "validation", report, metrics },
        versions: versionsNow(options.threads),
        finishedAt: new Date().toISOString(),
        seconds: (ended - began) / 1000,
      };
      await writeRecord(folder, record, train);
    },
  };
}
