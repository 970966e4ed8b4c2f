/** `textune runs list`: the recorded runs, the newest first. */
import type { Command } from "commander";
import { z } from "zod";
import { fail } from "../../base/errors.js";
import type { RunRow } from "../../tracking/queries/runs.js";
import { LEAST_TELLING, tellingRank } from "../../tracking/telling-metrics.js";
import type { CommandContext } from "../command-context.js";
import { type CommandCall, defineCommand } from "../define-command.js";
import { formatDuration } from "../report-progress.js";
import { isRunField, parseRunCondition } from "../run-condition.js";
import { jsonText, storeFields, withStore } from "../run-options.js";
import { shortNumber, textTable } from "../text-table.js";

const EXAMPLES = `
Examples:
  $ textune runs list
  $ textune runs list --project reviews --tags baseline --sort summary.validation/macroF1 --descending
  $ textune runs list --where "config.learningRate<=1e-4" --where "summary.best/macroF1>0.9"
  $ textune runs list --state crashed --json
`;

const fields = {
  project: z.string().optional().describe("runs of this project"),
  group: z.string().optional().describe("runs of this group"),
  jobType: z.string().optional().describe("runs that do this: train, evaluate, …"),
  state: z
    .enum(["running", "finished", "failed", "killed", "crashed"])
    .optional()
    .describe("runs that stand like this; crashed are those whose process went away"),
  tags: z.array(z.string()).default([]).describe("runs with this tag"),
  search: z.string().optional().describe("runs with this in their name, id or notes"),
  where: z
    .array(z.string())
    .default([])
    .describe("runs of which this holds: config.NAME or summary.NAME with =, !=, <, <=, >, >= or ~ and a value"),
  archived: z.boolean().default(false).describe("runs that were put aside too"),
  sort: z.string().default("created").describe("order: created, name, duration, state, config.NAME or summary.NAME"),
  descending: z.boolean().optional().describe("put the highest first; so by default for created"),
  limit: z.number().int().positive().default(30).describe("runs shown"),
  offset: z.number().int().min(0).default(0).describe("runs left out before these"),
  metric: z.array(z.string()).default([]).describe("summary value to show; by default those that most runs have"),
} as const;

const schema = z.object({ ...fields, ...storeFields });
/** Metrics shown where none is asked for. */
const COLUMNS = 4;

/** Adds the command to `program`. */
export function addRunsListCommand(program: Command, context: CommandContext): void {
  defineCommand(program, context, {
    name: "list",
    summary: "show the recorded runs",
    description: "Show the recorded runs, the newest first.",
    examples: EXAMPLES,
    arguments: [],
    groups: [
      { title: "Which:", fields },
      { title: "Store:", fields: storeFields },
    ],
    schema,
    json: "print the runs as JSON, with the number of all that fit",
    quiet: "show no notices",
    run: list,
  });
}

async function list({ options, json, results, say }: CommandCall<z.output<typeof schema>>): Promise<void> {
  const { listRuns } = await import("../../tracking/queries/runs.js");
  const { project, group, jobType, state, tags, search, limit, offset, sort } = options;
  if (!isRunField(sort))
    return fail("E_CONFIG", {
      option: "sort",
      expected: "created, name, duration, state, config.NAME or summary.NAME",
      got: JSON.stringify(sort),
    });
  const descending = options.descending ?? sort === "created";
  const found = await withStore(options, (store) =>
    listRuns(store, {
      ...{ project, group, jobType, state, search, limit, offset },
      tags,
      where: options.where.map(parseRunCondition),
      archived: options.archived ? "with" : "without",
      sort: { by: sort, descending },
    }),
  );
  if (json) return results.write(jsonText(found));
  if (found.runs.length === 0) {
    say("no run fits");
    return;
  }
  const metrics = options.metric.length > 0 ? options.metric : commonMetrics(found.runs);
  const rows = found.runs.map((run) => [
    run.id,
    run.project,
    run.name,
    run.state,
    new Date(run.createdAt).toISOString().slice(0, 16).replace("T", " "),
    formatDuration(run.seconds),
    run.tags.join(" "),
    ...metrics.map((name) => cell(run.summary[name])),
  ]);
  await results.write(textTable(["id", "project", "name", "state", "started (UTC)", "took", "tags", ...metrics], rows));
  const shown = offset + found.runs.length;
  if (shown < found.total) say(`${found.runs.length} of ${found.total} runs; more with --offset ${shown}`);
}

function cell(value: unknown): string {
  if (typeof value === "number") return shortNumber(value);
  return typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
}

/** Numbers that most of the runs have in their summary, the telling ones first. */
function commonMetrics(runs: readonly RunRow[]): string[] {
  const counts = new Map<string, number>();
  for (const { summary } of runs) {
    for (const [name, value] of Object.entries(summary))
      if (typeof value === "number") counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const rank = (name: string): number => tellingRank(name) - LEAST_TELLING * (counts.get(name) ?? 0);
  return [...counts.keys()].sort((a, b) => rank(a) - rank(b)).slice(0, COLUMNS);
}
