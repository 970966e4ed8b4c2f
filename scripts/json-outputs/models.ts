/** What the `models`, `summary`, `sweep` and `worker` commands print. */
import { z } from "zod";

const count = z.number().int();
const number = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]);
const time = z.number().describe("milliseconds since 1970");

const model = z.strictObject({
  name: z.string().describe("what opens it"),
  aliases: z.array(z.string()).describe("what opens it too"),
  source: z.string(),
  architecture: z.string().optional(),
  parameters: count.optional(),
  languages: z.string().optional(),
  licence: z.string().optional(),
  folder: z.string().describe("on this machine").optional(),
  bytes: count.describe("on this machine").optional(),
});

export const modelsList = z.array(model);
export const modelsInfo = model;
export const modelsPull = z.strictObject({ model: z.string(), folder: z.string() });
export const modelsRemove = z.strictObject({ model: z.string(), bytes: count });
export const modelsVerify = z.array(
  z.strictObject({ name: z.string(), files: count, problems: z.array(z.string()).describe("a line a file") }),
);

export const summary = z.strictObject({
  name: z.string(),
  modelType: z.string(),
  layers: z.array(
    z.strictObject({
      name: z.string(),
      type: z.string(),
      outputShape: z.string().describe('as in "[B, T, 384]"'),
      parameters: count,
      trainable: count,
      inputs: z.array(z.string()).describe("layers whose output it reads"),
      block: z.string(),
    }),
  ),
  parameters: count,
  trainable: count,
  bytes: count.describe("of all parameters as float32"),
});

const setting = z.record(z.string(), z.unknown()).describe("parameters by their names");
const trial = z.strictObject({
  number: count.describe("from 0"),
  state: z.enum(["running", "finished", "stopped", "failed", "waiting"]),
  setting,
  attempt: count,
  runId: z.string(),
  host: z.string(),
  pid: count,
  startedAt: time,
  heartbeatAt: time,
  endedAt: time.optional(),
  value: number.describe("of the metric").optional(),
  violation: number.describe("of the constraints"),
  error: z.string(),
});
const sweepFacts = {
  id: z.string(),
  name: z.string(),
  project: z.string(),
  createdAt: time,
  method: z.string(),
  metric: z.looseObject({ name: z.string(), goal: z.string() }).optional(),
  parameters: z.array(z.string()).describe("what is searched"),
  size: count.describe("trials that there will be").optional(),
  counts: z.strictObject({ running: count, finished: count, stopped: count, failed: count, waiting: count }),
  best: trial.optional(),
};

export const sweepList = z.array(z.strictObject(sweepFacts));
export const sweepShow = z.strictObject({
  ...sweepFacts,
  importance: z.array(
    z.strictObject({
      name: z.string(),
      importance: z.number().describe("share of the variance, from 0 to 1"),
      deviation: z.number(),
    }),
  ),
  command: z.string().describe("trains with the best setting").optional(),
  trials: z.array(trial),
});
export const sweep = z.union([
  sweepShow,
  z.strictObject({ id: z.string(), trials: count.describe("that wait for textune worker") }).describe("with --queue"),
]);
export const worker = z.strictObject({
  sweep: z.string().describe("id"),
  number: count.describe("of the trial"),
  state: z.enum(["finished", "stopped", "failed", "waiting"]),
  value: number.nullable().optional(),
  error: z.string().optional(),
});
