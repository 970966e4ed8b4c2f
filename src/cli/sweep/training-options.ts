/** Parameters of a sweep as options of `textune train`. */
import type { z } from "zod";
import { fail } from "../../base/errors.js";
import { didYouMean } from "../../base/nearest.js";
import { failForIssue } from "../../base/resolve-options.js";
import { pooledHeadOptions } from "../../heads/pooled.js";
import type { Setting, Space } from "../../search/space.js";
import { trainingOptions } from "../../training/options.js";
import { trainSchema } from "../train-options.js";

/** What a sweep may search: what makes the classifier, and neither data nor places. */
const SEARCHED: Readonly<Record<string, z.ZodType>> = {
  ...trainingOptions.shape,
  ...pooledHeadOptions.shape,
  model: trainSchema.shape.model,
};

/** What other libraries call options, where it is more than another spelling. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  lr: "learningRate",
  numTrainEpochs: "epochs",
  numEpochs: "epochs",
  perDeviceTrainBatchSize: "batchSize",
  trainBatchSize: "batchSize",
  maxSeqLength: "maxLength",
  maxSeqLen: "maxLength",
  optimizer: "optim",
  scheduler: "lrSchedulerType",
};

/** Places along a distribution at which its values are held against the option. */
const LOOKS = [0, 0.25, 0.5, 0.75, 1 - 1e-9];

/** The option that a parameter is: its own name, or W&B's spelling of it. Of a nested one the last name counts. */
function optionOf(path: readonly string[]): string {
  const camel = (path[path.length - 1] as string).replace(/[-_]([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return camel in SEARCHED ? camel : (OTHER_NAMES[camel] ?? camel);
}

/**
 * Makes sure that every parameter is an option, and may have the values that will be tried.
 *
 * @throws E_CONFIG naming the parameter, with the nearest name
 */
export function checkParameters(space: Space): void {
  const found = new Map<string, string>();
  for (const { name, path, dimension } of space) {
    const option = optionOf(path);
    const field = SEARCHED[option];
    if (field === undefined)
      fail("E_CONFIG", {
        where: `parameter ${name}`,
        expected: "an option of training",
        got: "an unknown name",
        fix: didYouMean(option, Object.keys(SEARCHED)),
      });
    const twin = found.get(option);
    if (twin !== undefined)
      fail("E_CONFIG", {
        where: `parameter ${name}`,
        expected: "one for each option",
        got: `${twin}, which is it too`,
      });
    found.set(option, name);
    for (const value of dimension.choices ?? LOOKS.map((u) => dimension.at(u))) {
      const parsed = field.safeParse(value);
      if (!parsed.success) failForIssue({ where: `parameter ${name}` }, parsed.error.issues[0], value);
    }
  }
}

/** A setting as options of `textune train`. */
export function trainingOptionsOf(space: Space, setting: Setting): Record<string, Setting[string]> {
  return Object.fromEntries(
    space.flatMap(({ name, path }) => (name in setting ? [[optionOf(path), setting[name] as Setting[string]]] : [])),
  );
}
