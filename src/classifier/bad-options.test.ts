import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { goldenCheckpoints, writeVariant } from "../../tests/support/golden-checkpoints.js";
import { fromArrays } from "../data/dataset/dataset-from.js";
import type { ProblemType } from "../tasks/registry.js";
import type { FitOptions } from "./fit-options.js";
import { TextClassifier } from "./node/text-classifier.js";

const { labels, texts } = goldenCheckpoints;
const train = fromArrays(
  texts,
  texts.map((_, i) => labels[i % labels.length] as string),
  { labels },
);
const several = fromArrays(
  texts,
  texts.map((_, i) => [labels[i % labels.length] as string]),
  { labels },
);

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune bad options "));
  await writeVariant("float32", join(place, "model"));
});
afterAll(() => rm(place, { recursive: true }));

/** What `fit` says, and whether training began before it did. */
async function refusal(options: FitOptions, problemType?: ProblemType): Promise<string> {
  const classifier = await TextClassifier.fromPretrained(join(place, "model"), { labels, threads: 1, problemType });
  const begun: unknown[] = [];
  const callbacks = [{ onTrainBegin: () => void begun.push(1), onTokenizeProgress: () => void begun.push(1) }];
  try {
    const data = problemType === undefined ? train : several;
    await classifier.fit(data, { maxLength: 16, epochs: 1, ...options, callbacks });
    return "nothing was refused";
  } catch (error) {
    expect(error).toMatchObject({ code: "E_CONFIG" });
    expect(begun).toEqual([]);
    return (error as Error).message;
  } finally {
    await classifier.close();
  }
}

describe("what cannot be trained is named before training starts", () => {
  it.each<[string, FitOptions, RegExp, ProblemType?]>([
    ["a metric of another task", { metricForBestModel: "rmse" }, /^metric "rmse": .*one of regression models/],
    ["a metric of a class that is none", { metricForBestModel: "f1:nobody" }, /^metric "f1:nobody": .*a label of the/],
    ["weights for an unknown class", { classWeights: { nobody: 2 } }, /^option classWeights: .*"nobody"/],
    ["a pattern that matches no parameter", { freeze: "/nowhere/" }, /^option freeze: .*some parameter's name matches/],
    ["more layers to freeze than there are", { freeze: 99 }, /^option freeze: .*at most \d+ layers/],
    ["nothing left to train", { freeze: "/./" }, /^option freeze: .*something left to train/],
    ["more tokens than positions", { maxLength: 100_000 }, /^option maxLength: .*the positions of the model/],
    ["stopping early without validation", { earlyStoppingPatience: 2 }, /^option earlyStoppingPatience: .*nothing to/],
    [
      "plateaus without validation",
      { lrSchedulerType: "reduce_lr_on_plateau" },
      /^option lrSchedulerType: .*nothing to/,
    ],
    ["options that contradict each other", { optim: "sgd", adamBeta1: 0.8 }, /^option adamBeta1: .*sgd/],
    [
      "classes made equal where rows have several",
      { sampling: "oversample" },
      /^option sampling: /,
      "multi_label_classification",
    ],
    ["a threshold of the loss for one class", { focalGamma: 2 }, /^option focalGamma: /],
    ["resume without a folder", { resume: true }, /^option resume: .*checkpointDir/],
  ])("%s", async (_, options, message, problemType) => {
    expect(await refusal(options, problemType)).toMatch(message);
  });
});
