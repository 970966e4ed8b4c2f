/** Runs as the interface gives them. */
import { z } from "zod";

const values = z.record(z.string(), z.unknown());
const runState = z.enum(["running", "finished", "failed", "killed", "crashed"]);
/** Null where it is NaN. */
const number = z.number().nullable();

export const runRow = z.object({
  id: z.string(),
  project: z.string(),
  name: z.string(),
  group: z.string(),
  jobType: z.string(),
  notes: z.string(),
  tags: z.array(z.string()),
  state: runState,
  exitCode: z.number().optional(),
  archived: z.boolean().describe("whether it is put aside"),
  createdAt: z.number().describe("milliseconds since 1970"),
  endedAt: z.number().optional(),
  seconds: z.number().describe("from the start to the end, or to the last sign of life"),
  config: values,
  summary: values,
});
export type RunRow = z.output<typeof runRow>;

export const runListQuery = z.object({
  ids: z.array(z.string()).max(1000).optional().describe("only these"),
  project: z.string().optional(),
  state: runState.optional(),
  search: z.string().optional().describe("part of the name, the id or the notes"),
  archived: z
    .enum(["without", "only", "with"])
    .optional()
    .describe("those that are put aside: without them by default"),
  limit: z.coerce.number().int().min(1).max(10_000).default(2000),
  offset: z.coerce.number().int().min(0).default(0),
});
export const runList = z.object({ runs: z.array(runRow), total: z.number() });
export type RunList = z.output<typeof runList>;

export const metricRow = z.object({
  name: z.string(),
  points: z.number(),
  firstStep: z.number(),
  lastStep: z.number(),
  last: number,
  min: z.number().nullable().optional(),
  max: z.number().nullable().optional(),
});

const environment = z.object({
  command: z.array(z.string()),
  directory: z.string(),
  versions: z.record(z.string(), z.string()),
  machine: z.object({
    host: z.string(),
    system: z.string(),
    architecture: z.string(),
    processor: z.string(),
    cores: z.number(),
    memory: z.number().describe("bytes"),
    gpus: z.array(z.string()),
  }),
  git: z
    .object({ commit: z.string(), branch: z.string(), clean: z.boolean(), remote: z.string().optional() })
    .optional(),
  data: values.optional(),
  model: values.optional(),
  reproduce: values.optional(),
});

export const runDetails = runRow.extend({
  environment,
  rules: z.array(
    z.object({
      name: z.string(),
      rule: z.object({
        stepMetric: z.string().optional(),
        summary: z.string().optional(),
        goal: z.enum(["minimize", "maximize"]).optional(),
      }),
    }),
  ),
  metrics: z.array(metricRow),
  tables: z.array(
    z.object({
      id: z.number(),
      name: z.string(),
      step: z.number(),
      kind: z.string(),
      columns: z.array(z.string()),
      rows: z.number(),
    }),
  ),
  artifacts: z.array(
    z.object({ name: z.string(), version: z.string(), type: z.string(), how: z.enum(["made", "used"]) }),
  ),
  alerts: z.array(z.object({ time: z.number(), level: z.string(), title: z.string(), text: z.string() })),
  consoleLines: z.number(),
  droppedPoints: z.number(),
});
export type RunDetails = z.output<typeof runDetails>;

export const runChange = z.strictObject({
  name: z.string().trim().min(1).max(200).optional(),
  notes: z.string().max(100_000).optional(),
  tags: z.array(z.string().trim().min(1).max(64)).max(100).optional().describe("in the place of those it has"),
  archived: z.boolean().optional(),
});
export type RunChange = z.input<typeof runChange>;
