/** Curves as the interface gives them: no longer than they are drawn. */
import { z } from "zod";

const runs = z.array(z.string()).min(1).max(100).describe("ids of runs");

export const metricQuery = z.object({ runs });
export const metricList = z.object({
  metrics: z.array(
    z.object({
      name: z.string(),
      runs: z.number().describe("how many of the runs have it"),
      points: z.number().describe("of the longest of their curves"),
    }),
  ),
});
export type MetricList = z.output<typeof metricList>;

export const curveQuery = z.object({
  runs,
  metric: z.string(),
  axis: z.string().default("step").describe("step, time in seconds, or another metric such as train/epoch"),
  from: z.coerce.number().optional().describe("the part from here on, in units of the axis"),
  to: z.coerce.number().optional(),
  rows: z.coerce.number().int().min(2).max(5000).default(600).describe("about so many rows of a curve: pixels"),
});

const column = z.array(z.number().nullable());
export const curve = z.object({
  run: z.string(),
  points: z.number().describe("of the whole curve"),
  x: z.array(z.number()),
  step: z.array(z.number()),
  min: column.describe("lowest value of the points that a row stands for; null where all are NaN"),
  max: column,
  mean: column,
  count: z.array(z.number()).describe("points that a row stands for"),
});
export type Curve = z.output<typeof curve>;

export const curveList = z.object({ curves: z.array(curve) });
export type CurveList = z.output<typeof curveList>;
