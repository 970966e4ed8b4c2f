/** What requests and answers look like: checked by these schemas, documented from them. */
import { z } from "zod";

const text = z.string();
const EXAMPLE = "a text, or a pair of texts as {text, text_pair}";
const example = z
  .union([text, z.strictObject({ text, text_pair: text })], { error: `expected ${EXAMPLE}` })
  .describe(EXAMPLE);
const examples = z.union([example, z.array(example)], { error: `expected ${EXAMPLE}, or a list of these` });
const top = z.number().int().positive().optional();
const probability = z.number().min(0).max(1);

export const classifyRequest = z.strictObject({
  model: z.string().optional().describe("name of the model; may be left out where there is one"),
  input: examples.describe("what to classify, one or many"),
  top_k: top.describe("how many scores each answer has; without it all"),
});

const score = z.object({ label: z.string(), score: z.number() });

export const classifyResponse = z.object({
  model: z.string(),
  results: z.array(
    z.object({
      label: z.string().optional().describe("the answer, where a text has one class"),
      score: probability.optional().describe("its probability"),
      labels: z.array(z.string()).optional().describe("the answer, where a text may have several labels"),
      value: z.number().optional().describe("the answer of a regression"),
      scores: z.array(score).describe("labels by probability, the highest first; the numbers of a regression"),
    }),
  ),
});

/** @source huggingface.co/docs/inference-providers/tasks/text-classification */
export const inferenceRequest = z.object({
  inputs: examples,
  parameters: z.object({ top_k: top.nullable(), function_to_apply: z.literal("softmax").optional() }).optional(),
});

export const inferenceResponse = z.array(z.array(score)).describe("for each text its labels, the most probable first");

export const modelsResponse = z.object({
  models: z.array(
    z.object({
      name: z.string(),
      labels: z.array(z.string()),
      task: z.string(),
      architecture: z.string(),
      max_length: z.number().describe("tokens of a text that are read"),
      pairs: z.boolean().optional().describe("whether it reads pairs of texts; left out where that is not known"),
      ready: z.boolean(),
    }),
  ),
});

export type WireExample = z.output<typeof example>;
export type ModelsResponse = z.output<typeof modelsResponse>;
export type WireResult = z.output<typeof classifyResponse>["results"][number];
export type WireScore = z.output<typeof score>;
