/** `textune sweep list`, `show`, `resume`: the sweeps that there were. */
import type { Command } from "commander";
import { z } from "zod";
import type { CommandContext } from "../command-context.js";
import { type CommandCall, defineCommand } from "../define-command.js";
import { jsonText, storeFields, withStore } from "../run-options.js";
import { report, workFields, workHere } from "../sweep/work-here.js";
import { shortNumber, textTable } from "../text-table.js";

const store = { title: "Store:", fields: storeFields };
const which = {
  name: "id",
  description: "id of a sweep, the beginning of it, or its name",
  field: z.string(),
} as const;

const listSchema = z.object({ ...storeFields });
const showSchema = z.object({ id: which.field, ...storeFields });
const resumeSchema = z.object({ id: which.field, ...workFields, ...storeFields });

/** Adds the commands to `sweep`. */
export function addSweepLookCommands(sweep: Command, context: CommandContext): void {
  defineCommand(sweep, context, {
    name: "list",
    summary: "show the sweeps",
    description: "Show the sweeps of the store, the newest first.",
    examples: "\nExamples:\n  $ textune sweep list\n",
    arguments: [],
    groups: [store],
    schema: listSchema,
    json: "print the sweeps as JSON",
    quiet: "show no notices",
    run: list,
  });
  defineCommand(sweep, context, {
    name: "show",
    summary: "show the trials of a sweep, and the best",
    description: "Show the trials of a sweep, the best setting, and how much each parameter mattered.",
    examples: "\nExamples:\n  $ textune sweep show k46i6ec4\n  $ textune sweep show k46i6ec4 --json\n",
    arguments: [which],
    groups: [store],
    schema: showSchema,
    json: "print the trials, the best and the importance of parameters as JSON",
    quiet: "show no notices",
    run: show,
  });
  defineCommand(sweep, context, {
    name: "resume",
    summary: "go on with a sweep",
    description: "Go on with a sweep that was stopped: trials that were interrupted first, then new ones.",
    examples:
      "\nExamples:\n  $ textune sweep resume k46i6ec4\n  $ textune sweep resume k46i6ec4 --workers 2 --count 10\n",
    arguments: [which],
    groups: [{ title: "Sweep:", fields: workFields }, store],
    schema: resumeSchema,
    json: "print the trials, the best and the importance of parameters as JSON",
    quiet: "show neither progress nor notices",
    unit: "trials",
    stopping: "stopping the trials that run; press Ctrl-C again to stop at once",
    run: resume,
  });
}

async function list({ options, json, results, say }: CommandCall<z.output<typeof listSchema>>): Promise<void> {
  const { listSweeps } = await import("../../tracking/queries/sweeps.js");
  await withStore(options, async (opened) => {
    const found = await listSweeps(opened);
    if (json) return results.write(jsonText(found));
    if (found.length === 0) return say("no sweeps yet");
    const rows = found.map(({ id, project, name, method, createdAt, counts, size, metric, best }) => [
      ...[id, project, name, method, new Date(createdAt).toISOString().slice(0, 16).replace("T", " ")],
      `${counts.finished + counts.stopped + counts.failed}${size === undefined ? "" : ` of ${size}`}`,
      ...[String(counts.failed), metric?.name ?? "", best?.value === undefined ? "" : shortNumber(best.value)],
    ]);
    const heading = ["id", "project", "name", "method", "started (UTC)", "trials", "failed", "metric", "best"];
    return results.write(textTable(heading, rows));
  });
}

async function show(call: CommandCall<z.output<typeof showSchema>>): Promise<void> {
  const { findSweep } = await import("../../tracking/sweeps/trials.js");
  await withStore(call.options, async (opened) => report(call, opened, await findSweep(opened, call.options.id)));
}

async function resume(call: CommandCall<z.output<typeof resumeSchema>>): Promise<void> {
  const { findSweep } = await import("../../tracking/sweeps/trials.js");
  await withStore(call.options, async (opened) => workHere(call, opened, await findSweep(opened, call.options.id)));
}
