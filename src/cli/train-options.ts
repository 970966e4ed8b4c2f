/** Every option of `textune train`, in the groups of its help. */
import { z } from "zod";
import { pooledHeadOptions } from "../heads/pooled.js";
import { PROBLEM_TYPES } from "../tasks/registry.js";
import { trainingOptions } from "../training/options.js";
import { PRESETS } from "../training/presets.js";
import { partFields, VALIDATION_SHARE } from "../workflows/node/data-parts.js";
import { dataArgument, sampleFields, trainingDataFields } from "./data-source-options.js";
import { hubFields } from "./hub-fields.js";
import type { OptionGroup } from "./option-schema.js";
import { trackingFields } from "./recorded-run.js";

const heldOutFields = {
  ...partFields,
  validation: partFields.validation.describe("rows to validate on after every epoch, in another file"),
  validationSplit: z
    .number()
    .min(0)
    .default(VALIDATION_SHARE)
    .describe("without --validation: share (below 1) or number of rows to hold out for validation; 0 for none"),
  test: partFields.test.describe("rows to evaluate the result on, in another file"),
  testSplit: partFields.testSplit.describe("share (below 1) or number of rows to hold out for a final test"),
} as const;

const correctionFields = {
  corrections: z
    .string()
    .optional()
    .describe("file of labels that were corrected in the Studio: they go before those of the data, in every part"),
} as const;

const taskFields = {
  problemType: z
    .enum(PROBLEM_TYPES)
    .optional()
    .describe("what is learned; by default what the labels are: one class, several labels, or a number"),
} as const;

const modelFields = {
  model: z
    .string()
    .default("all-MiniLM-L6-v2")
    .describe("model to start from: the one that comes with Textune, a folder, or a name or address (textune models)"),
  ...hubFields,
} as const;

const outputFields = {
  output: z.string().optional().describe("folder to write the classifier to"),
  overwrite: z.boolean().default(false).describe("replace the folder if it is there already"),
  plots: z.string().optional().describe("folder to write learning curves of loss and metrics to, as PNG"),
  baseline: z
    .boolean()
    .default(false)
    .describe("first tell what the last layer alone reaches (mode linear), in seconds, for comparison"),
  resume: z.boolean().default(false).describe("go on with the training to this folder that was interrupted"),
} as const;

const presetFields = {
  preset: z
    .enum(PRESETS)
    .default("balanced")
    .describe(
      "chooses the options that are not given by the data and the model: fast, balanced, best (tries learning rates, takes four to six times as long); none leaves their defaults",
    ),
} as const;

/** The options by group. */
export const trainGroups: readonly OptionGroup[] = [
  { title: "Output:", fields: outputFields },
  { title: "Data:", fields: { ...trainingDataFields, ...sampleFields, ...correctionFields } },
  { title: "Validation and test:", fields: heldOutFields },
  { title: "Task:", fields: taskFields },
  { title: "Model:", fields: modelFields },
  { title: "Preset:", fields: presetFields },
  { title: "Head (by default the one that the model comes with):", fields: pooledHeadOptions.shape },
  { title: "Training:", fields: trainingOptions.shape },
  { title: "Recording:", fields: trackingFields },
];

/** Options of the command itself, and of training. */
export const trainSchema = z.object({
  data: dataArgument.field,
  ...outputFields,
  ...trainingDataFields,
  ...sampleFields,
  ...correctionFields,
  ...heldOutFields,
  ...taskFields,
  ...modelFields,
  ...pooledHeadOptions.shape,
  ...presetFields,
  ...trainingOptions.shape,
  ...trackingFields,
});
