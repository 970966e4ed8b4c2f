/** The options of `textune evaluate` beyond the report. */
import { z } from "zod";

export const measuringFields = {
  metrics: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe('a further metric, as rocAuc, averagePrecision:LABEL or topKAccuracy@3, or "all"'),
  interval: z
    .boolean()
    .default(false)
    .describe("say between which values a metric lies in bootstrap samples of the rows"),
  slice: z.string().optional().describe("column by whose values rows are measured apart, the worst first"),
  metric: z
    .string()
    .optional()
    .describe("metric of --interval and --slice; by default that of the best epoch, and the first that training shows"),
  errors: z
    .string()
    .optional()
    .describe(
      "file to write wrong answers and doubtful labels to, of numbers all, the farthest off first: .csv, .tsv, .json, .jsonl or .parquet",
    ),
  plots: z.string().optional().describe("folder to write ROC, precision-recall and reliability plots to, as PNG"),
} as const;

export const decidingFields = {
  threshold: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe("probability from which on the second of two classes is the answer; by default the model's own"),
  findThreshold: z
    .string()
    .optional()
    .describe("find the best threshold for a metric (f1), precision=0.9, recall=0.9, or cost=1:5 (wrong : missed)"),
  calibrate: z.boolean().default(false).describe("find the temperature at which probabilities are what they say"),
  store: z.boolean().default(true).describe("keep what was found in the classifier's folder, where predict uses it"),
} as const;
