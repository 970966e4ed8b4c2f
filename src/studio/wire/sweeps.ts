/** Sweeps as the interface gives them. */
import { z } from "zod";

const trialState = z.enum(["running", "finished", "stopped", "failed", "waiting"]);
const setting = z.record(z.string(), z.unknown());

const trial = z.object({
  number: z.number(),
  state: trialState,
  setting,
  attempt: z.number().describe("how often it was taken up"),
  runId: z.string().describe("its run, which need not be there yet"),
  startedAt: z.number().describe("milliseconds since 1970"),
  endedAt: z.number().optional(),
  value: z.number().nullable().optional().describe("of the sweep's metric; null where it is not finite"),
  violation: z.number().describe("by how much it breaks the constraints; 0 where it keeps them"),
  error: z.string(),
});

export const sweepRow = z.object({
  id: z.string(),
  name: z.string(),
  project: z.string(),
  createdAt: z.number().describe("milliseconds since 1970"),
  method: z.string(),
  metric: z.object({ name: z.string(), goal: z.enum(["minimize", "maximize"]) }).optional(),
  parameters: z.array(z.string()),
  size: z.number().optional().describe("trials that there will be; none for as many as are asked for"),
  counts: z.record(trialState, z.number()),
  best: trial.optional().describe("the best that keeps the constraints"),
});
export type SweepRow = z.output<typeof sweepRow>;

export const sweepListQuery = z.object({ project: z.string().optional() });
export const sweepList = z.object({ sweeps: z.array(sweepRow) });
export type SweepList = z.output<typeof sweepList>;

export const sweepDetails = sweepRow.extend({
  axes: z
    .array(
      z.object({
        name: z.string(),
        ticks: z.array(z.object({ at: z.number().describe("in [0, 1]"), value: z.unknown() })),
      }),
    )
    .describe("a scale for each parameter, on which what is equally probable is equally long"),
  trials: z.array(
    trial.extend({
      places: z.array(z.number().nullable()).describe("on each axis, in [0, 1]; null where it has none"),
    }),
  ),
  importance: z.array(
    z.object({
      name: z.string(),
      importance: z.number().describe("share of the variance that the parameter explains alone, in [0, 1]"),
      deviation: z.number().describe("standard deviation of the share over the trees of a forest"),
    }),
  ),
});
export type SweepDetails = z.output<typeof sweepDetails>;
export type SweepTrial = SweepDetails["trials"][number];
