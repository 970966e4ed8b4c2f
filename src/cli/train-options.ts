/** Every option of `textune train`, in the groups of its help. */
import { z } from "zod";
import { trainingOptions } from "../training/options.js";
import { readingFields } from "./data-options.js";
import type { OptionGroup } from "./option-schema.js";

const size = z.number().positive();

const dataFields = {
  ...readingFields,
  labels: z.array(z.string()).optional().describe("a class, in the order wanted; by default those in the data, sorted"),
  validation: z.string().optional().describe("file to validate on after every epoch"),
  validationSplit: z
    .number()
    .min(0)
    .default(0.1)
    .describe("without --validation: share (below 1) or number of rows to hold out for validation; 0 for none"),
  test: z.string().optional().describe("file to evaluate the result on"),
  testSplit: size.optional().describe("share (below 1) or number of rows to hold out for a final test"),
} as const;

const modelFields = {
  model: z
    .string()
    .default("all-MiniLM-L6-v2")
    .describe("model to start from: the one that comes with Textune, a folder, or a Hugging Face id"),
  revision: z.string().optional().describe("branch, tag or commit of the model at Hugging Face"),
  offline: z.boolean().default(false).describe("use downloaded models only"),
  cacheFolder: z.string().optional().describe("folder of downloaded models"),
} as const;

const outputFields = {
  output: z.string().optional().describe("folder to write the classifier to"),
  overwrite: z.boolean().default(false).describe("replace the folder if it is there already"),
} as const;

/** The options by group; `data` besides them is the argument. */
export const trainGroups: readonly OptionGroup[] = [
  { title: "Output:", fields: outputFields },
  { title: "Data:", fields: dataFields },
  { title: "Model:", fields: modelFields },
  { title: "Training:", fields: trainingOptions.shape },
];

/** What a configuration file may hold: all options and the argument. */
export const trainConfigGroups: readonly OptionGroup[] = [
  ...trainGroups,
  { title: "Arguments:", fields: { data: z.string() } },
];

/** Options of the command itself. */
export const trainCommandOptions = z.object({
  data: z.string().optional(),
  ...outputFields,
  ...dataFields,
  ...modelFields,
});
