/** What `train`, `evaluate`, `predict`, `export` and `convert` print. */
import { z } from "zod";

const metric = z.number().describe("a metric, by its name");
const values = z.record(z.string(), z.number()).describe("metrics by their names");

/** The report of an evaluation: metrics stand beside these fields under their names. */
export const report = z
  .object({
    family: z.enum(["single-label", "binary", "multi-label", "regression"]).describe("what the model does"),
    examples: z.number().int().describe("rows evaluated"),
    macro: values.describe("plain means over all classes").optional(),
    micro: values.describe("of the counts of all classes together").optional(),
    weighted: values.describe("means over the classes, weighted by their rows").optional(),
    perClass: z
      .array(z.object({ label: z.string(), support: z.number().int().describe("rows of this class") }).catchall(metric))
      .describe("each class")
      .optional(),
    confusion: z
      .array(z.array(z.number().int()))
      .describe("rows by true class (row) and predicted class (column)")
      .optional(),
  })
  .catchall(metric);

export const train = z.strictObject({
  output: z.string().describe("folder of the classifier"),
  labels: z.array(z.string()).describe("the classes, in the order of their ids"),
  seconds: z.number().describe("time of the whole command"),
  bestEpoch: z
    .number()
    .int()
    .describe("the epoch whose weights were kept, from 1; missing without validation")
    .optional(),
  epochs: z
    .array(
      z.strictObject({
        epoch: z.number().int().describe("from 1"),
        step: z.number().int().describe("steps done by its end"),
        loss: z.number().describe("mean over the rows of the epoch"),
        metrics: values.describe("over these rows, each at the weights of its step"),
        validation: report.describe("on the validation set after the epoch").optional(),
        validationMetrics: values.optional(),
        best: z.boolean().describe("whether it is the best so far"),
        seconds: z.number().describe("without validation"),
        examplesPerSecond: z.number(),
      }),
    )
    .describe("each epoch"),
  bestStep: z.number().int().describe("steps done when these weights were evaluated").optional(),
  averagedSteps: z
    .array(z.number().int())
    .describe("with greedySoup, the steps after which the weights stood that were averaged, the best first")
    .optional(),
  evaluations: z
    .array(
      z.strictObject({
        step: z.number().int(),
        epoch: z.number().int(),
        loss: z.number(),
        metrics: values,
        best: z.boolean().describe("whether it was the best so far"),
      }),
    )
    .describe("each evaluation on the validation set"),
  baseline: report.describe("of a simple model on the same rows, where it was asked for").optional(),
  losses: z.array(z.number()).describe("mean loss of each step"),
  validation: report.describe("on the validation set, at the weights that were kept").optional(),
  test: report.describe("on the test set").optional(),
});

const decision = z
  .strictObject({
    temperature: z.number().optional(),
    threshold: z.union([z.number(), z.array(z.number())]).optional(),
  })
  .describe("how outputs are read");

export const evaluate = report.extend({
  decision: decision.optional(),
  calibration: z
    .strictObject({ temperature: z.number(), lossBefore: z.number() })
    .describe("with --calibrate")
    .optional(),
  thresholds: z
    .array(
      z.strictObject({
        label: z.string(),
        threshold: z.number(),
        value: z.number().describe("what the goal is about"),
        precision: z.number(),
        recall: z.number(),
        f1: z.number(),
      }),
    )
    .describe("with --find-threshold")
    .optional(),
  interval: z
    .strictObject({
      metric: z.string(),
      value: z.number().describe("on all rows"),
      low: z.number(),
      high: z.number(),
      level: z.number().describe("0.95 for 95 %"),
    })
    .describe("with --interval")
    .optional(),
  slices: z
    .array(z.strictObject({ value: z.string(), rows: z.number().int(), metric: z.number().optional(), report }))
    .describe("with --slice: the worst first")
    .optional(),
});

const scores = z.record(z.string(), z.number()).nullable().describe("the probability of each class");

const attribution = z.strictObject({
  text: z.string(),
  start: z.number().int().describe("where it stands, in UTF-16 units"),
  end: z.number().int(),
  of: z.enum(["text", "textPair"]),
  score: z.number().describe("what it adds to the value: above 0 for the label, below 0 against it"),
});
const explanation = z
  .strictObject({
    label: z.string().describe("the label that is explained"),
    value: z.number().describe("its logit"),
    baselineValue: z.number().describe("the logit of a text of padding"),
    error: z.number().describe("by how much the scores miss the difference of the two").optional(),
    tokens: z.array(attribution),
    words: z.array(attribution).describe("the tokens summed by words"),
  })
  .describe("with --explain")
  .optional();

/** A line for each text. The fields are null for a text that is empty. */
export const predict = z.union([
  z
    .strictObject({
      text: z.string(),
      label: z.string().nullable().describe("the most probable class"),
      probability: z.number().nullable(),
      scores,
      explanation,
    })
    .describe("one class for each text"),
  z
    .strictObject({ text: z.string(), labels: z.array(z.string()).nullable(), scores, explanation })
    .describe("several classes for each text"),
  z
    .strictObject({
      text: z.string(),
      value: z.number().nullable(),
      values: z.record(z.string(), z.number()).nullable(),
      explanation,
    })
    .describe("a number for each text"),
]);

export const exportModels = z.strictObject({
  folder: z.string(),
  files: z.array(
    z.strictObject({ dtype: z.string(), file: z.string().describe("below the folder"), bytes: z.number().int() }),
  ),
  check: z
    .array(
      z.strictObject({
        model: z.string().describe('"original", or the number format of a file'),
        metrics: z.record(z.string(), z.strictObject({ value: z.number(), low: z.number(), high: z.number() })),
        agreement: z.number().describe("share of rows with the answer of the original"),
        largestChange: z.number().describe("of a probability"),
        drop: z.number().describe("of the metric that lost most"),
        bytes: z.number().int(),
        coldStart: z.number().describe("milliseconds to the first answer"),
        textsPerSecond: z.strictObject({ 1: z.number(), 32: z.number() }).describe("in batches of 1 and of 32"),
      }),
    )
    .describe("with --check: the original first")
    .optional(),
  vocabulary: z
    .strictObject({ before: z.number().int(), after: z.number().int() })
    .describe("with --trim-vocabulary")
    .optional(),
});

export const convert = z.strictObject({ output: z.string().describe("folder"), format: z.string() });
