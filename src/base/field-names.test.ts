import { expect, it } from "vitest";
import { trainingOptions } from "../training/options.js";
import { optionHint } from "./field-names.js";

const names = Object.keys(trainingOptions.shape);

it.each([
  ["lr", 'did you mean "learningRate"?'],
  ["learning_rate", 'did you mean "learningRate"?'],
  ["num_train_epochs", 'did you mean "epochs"?'],
  ["--num-epochs", 'did you mean "epochs"?'],
  ["--per-device-train-batch-size", 'did you mean "batchSize"?'],
  ["max_seq_length", 'did you mean "maxLength"?'],
  ["epoch", 'did you mean "epochs"?'],
  ["early_stopping_metric", 'did you mean "metricForBestModel"?'],
  ["max_steps", "give epochs, of which there may be a part, as in 0.5"],
  ["num_labels", "the classes are those of the labels: there is no number to give"],
  ["toString", undefined],
])("%s: %s", (name, hint) => {
  expect(optionHint(name, names)).toEqual(hint);
});

it("names nothing that the command lacks, and writes options as they are written there", () => {
  expect(optionHint("lr", ["text", "label"])).toBeUndefined();
  expect(optionHint("lr", names, (name) => `--${name}`)).toBe("did you mean --learningRate?");
});
