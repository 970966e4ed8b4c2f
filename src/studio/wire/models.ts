/** Classifiers to try: which there are, what one says of a text, and why. */
import { z } from "zod";

const model = z
  .string()
  .regex(/^(artifact|folder):./, "expected artifact:PROJECT/NAME:VERSION or folder:PATH")
  .describe("artifact:PROJECT/NAME:VERSION of the store, or folder:PATH below the folder of the Studio");

export const modelList = z.object({
  models: z.array(
    z.object({
      ...{ model, title: z.string(), kind: z.enum(["artifact", "folder"]) },
      run: z.string().optional().describe("that made it, where it recorded what it was trained on"),
    }),
  ),
  folder: z.string().optional().describe("where folders are looked for; none with --read-only"),
});
export type ModelList = z.output<typeof modelList>;

/** Characters of a text: every window of a long one is read some thirty times to explain it. */
const MOST_CHARACTERS = 20_000;
const text = z.string().max(MOST_CHARACTERS);

export const modelQuestion = z.strictObject({
  model,
  text: text.min(1),
  textPair: text.optional().describe("the second text, of a classifier of pairs"),
  label: z.string().optional().describe("the class to explain; by default the one that is predicted"),
});
export type ModelQuestion = z.output<typeof modelQuestion>;

const attribution = z.object({
  text: z.string(),
  start: z.number().int(),
  end: z.number().int().describe("as slice(start, end) takes it"),
  of: z.enum(["text", "textPair"]),
  score: z.number().describe("above 0 where it speaks for the class"),
});
export type TextAttribution = z.output<typeof attribution>;

export const modelAnswer = z.object({
  family: z.enum(["single-label", "binary", "multi-label", "regression"]),
  predicted: z.array(z.string()).describe("the class, or the labels; none of numbers"),
  scores: z.array(z.object({ name: z.string(), value: z.number() })).describe("probabilities, or numbers"),
  explanation: z
    .object({
      label: z.string(),
      value: z.number().describe("the logit of the class"),
      baselineValue: z.number().describe("the same of a text that says nothing"),
      tokens: z.array(attribution),
      words: z.array(attribution),
    })
    .optional()
    .describe("none for a folder of ONNX models"),
});
export type ModelAnswer = z.output<typeof modelAnswer>;
