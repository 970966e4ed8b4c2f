/** `textune runs show`: one run, with its curves. */

import type { Command } from "commander";
import { z } from "zod";
import { oneLine } from "../../base/printable.js";
import type { Curve } from "../../tracking/queries/curve.js";
import type { RunDetails } from "../../tracking/queries/runs.js";
import { ruleFor } from "../../tracking/recording/run-summary.js";
import type { CommandContext } from "../command-context.js";
import { type CommandCall, defineCommand } from "../define-command.js";
import type { Axis } from "../draw-curve.js";
import { formatDuration } from "../report-progress.js";
import { jsonText, runArgument, storeFields, withStore } from "../run-options.js";
import type { Terminal } from "../terminal.js";
import { shortNumber, textTable } from "../text-table.js";

const EXAMPLES = `
Examples:
  $ textune runs show k46i6ec4
  $ textune runs show swift-otter-12 --metric loss --metric validation/loss
  $ textune runs show k46i --metric system.cpu --from-step 100 --to-step 200 --json
`;

const fields = {
  metric: z.array(z.string()).optional().describe("metric to draw; by default those of training"),
  fromStep: z.number().int().min(0).optional().describe("draw from this step on"),
  toStep: z.number().int().min(0).optional().describe("draw up to this step"),
  points: z.number().int().positive().max(1_000_000).optional().describe("rows of each curve in JSON (default 1000)"),
} as const;
const schema = z.object({ run: runArgument.field, ...fields, ...storeFields });
/** Curves drawn where none is asked for. */
const MOST_CURVES = 4;

/** Adds the command to `program`. */
export function addRunsShowCommand(program: Command, context: CommandContext): void {
  defineCommand(program, context, {
    name: "show",
    summary: "show a run and draw its curves",
    description: "Show what a run was made with and what it came to, and draw its curves.",
    examples: EXAMPLES,
    arguments: [runArgument],
    groups: [
      { title: "Curves:", fields },
      { title: "Store:", fields: storeFields },
    ],
    schema,
    json: "print the run and its curves as JSON",
    quiet: "show no notices",
    run: show,
  });
}

async function show({ options, json, results, terminal, warn }: CommandCall<z.output<typeof schema>>): Promise<void> {
  const { findRun } = await import("../../tracking/queries/runs.js");
  const { readAxis, readCurve } = await import("../../tracking/queries/curve.js");
  const { run, curves } = await withStore(options, async (store) => {
    const found = await findRun(store, options.run);
    const asked = options.metric;
    const rules = new Map(found.rules.map(({ name, rule }) => [name, rule]));
    const names =
      asked ??
      found.metrics
        .filter(isDrawn)
        .map(({ name }) => name)
        .sort(byInterest);
    const rows = options.points ?? (json ? 1000 : 400);
    const read: (Curve & { readonly axis?: Axis })[] = [];
    for (const name of json || asked !== undefined ? names : names.slice(0, MOST_CURVES)) {
      const curve = await readCurve(store, { ...options, runId: found.id, name, rows });
      if (curve === undefined) warn(`the run has no metric "${oneLine(name)}"`);
      else {
        const x = ruleFor(rules, name)?.stepMetric;
        const axis =
          x === undefined ? {} : { axis: { name: x, values: await readAxis(store, found.id, x, curve.rows) } };
        read.push({ ...curve, ...axis });
      }
    }
    return { run: found, curves: read };
  });
  if (json) return results.write(jsonText({ ...run, curves }));
  await results.write(describe(run));
  if (curves.length > 0) {
    const { drawCurve } = await import("../draw-curve.js");
    for (const curve of curves) await results.write(`\n${drawCurve(curve, widthOf(terminal), curve.axis)}\n`);
  }
}

/** One point, and a value that never changes, are no curve; the machine's are drawn where they are asked for. */
function isDrawn({ name, points, min, max }: RunDetails["metrics"][number]): boolean {
  return points > 1 && min !== max && !name.startsWith("system.");
}

/** What is looked at first, first. */
function byInterest(a: string, b: string): number {
  const rank = (name: string): number => [/loss$/, /(?:macroF1|accuracy)$/].findIndex((pattern) => pattern.test(name));
  return ((rank(a) + 3) % 3) - ((rank(b) + 3) % 3);
}

function widthOf({ stdout }: Terminal): number {
  const columns = stdout.columns ?? 0;
  return columns > 0 ? Math.min(columns, 120) : 80;
}

function describe(run: RunDetails): string {
  const { environment, config, summary } = run;
  const { git, machine, versions } = environment;
  const facts: [string, string][] = [
    ["id", run.id],
    ["project", run.project],
    ...(run.group === "" ? [] : ([["group", run.group]] as [string, string][])),
    ...(run.jobType === "" ? [] : ([["job type", run.jobType]] as [string, string][])),
    ...(run.tags.length === 0 ? [] : ([["tags", run.tags.join(", ")]] as [string, string][])),
    ...(run.notes === "" ? [] : ([["notes", run.notes]] as [string, string][])),
    [
      "state",
      run.exitCode === undefined || run.exitCode === 0 ? run.state : `${run.state} (exit code ${run.exitCode})`,
    ],
    ["started", `${new Date(run.createdAt).toISOString()}, took ${formatDuration(run.seconds)}`],
    ["command", environment.command.join(" ")],
    [
      "git",
      git === undefined ? "none" : `${git.commit.slice(0, 12)} on ${git.branch}${git.clean ? "" : ", with changes"}`,
    ],
    [
      "machine",
      `${machine.host}, ${machine.processor}, ${machine.cores} cores, ${(machine.memory / 2 ** 30).toFixed(0)} GiB`,
    ],
    [
      "versions",
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(", "),
    ],
    ...(run.droppedPoints === 0 ? [] : ([["left out", `${run.droppedPoints} points`]] as [string, string][])),
  ];
  const sections = [
    `${oneLine(run.name)}\n\n${facts.map(([name, value]) => `${name.padEnd(9)} ${oneLine(value)}`).join("\n")}\n`,
    section(
      "Configuration",
      Object.entries(config).map(([name, value]) => [name, text(value)]),
    ),
    section(
      "Summary",
      Object.entries(summary).map(([name, value]) => [name, text(value)]),
    ),
    run.tables.length === 0
      ? ""
      : `\nTables\n\n${textTable(
          ["name", "step", "kind", "rows"],
          run.tables.map((one) => [one.name, String(one.step), one.kind, String(one.rows)]),
        )}`,
    run.artifacts.length === 0
      ? ""
      : `\nArtifacts\n\n${textTable(
          ["artifact", "type", "how"],
          run.artifacts.map((one) => [`${one.name}:${one.version}`, one.type, one.how]),
        )}`,
  ];
  return sections.join("");
}

function section(title: string, rows: readonly (readonly [string, string])[]): string {
  if (rows.length === 0) return "";
  const shown = rows.slice(0, 60);
  const width = Math.max(...shown.map(([name]) => oneLine(name, 40).length));
  const lines = shown.map(([name, value]) => `${oneLine(name, 40).padEnd(width)}  ${oneLine(value, 100)}`);
  if (rows.length > shown.length) lines.push(`… and ${rows.length - shown.length} more`);
  return `\n${title}\n\n${lines.join("\n")}\n`;
}

function text(value: unknown): string {
  if (typeof value === "number") return shortNumber(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}
