/** `textune runs watch`: how runs go, for machines without a browser. */
import { setTimeout as wait } from "node:timers/promises";
import type { Command } from "commander";
import { z } from "zod";
import { shortened } from "../../base/printable.js";
import type { RunRow } from "../../tracking/queries/runs.js";
import type { CommandContext } from "../command-context.js";
import { type CommandCall, defineCommand } from "../define-command.js";
import { formatDuration } from "../report-progress.js";
import { storeFields, withStore } from "../run-options.js";
import { mayColor } from "../terminal.js";
import { shortNumber, textTable } from "../text-table.js";

const EXAMPLES = `
Examples:
  $ textune runs watch
  $ textune runs watch --project reviews --limit 5
  $ textune runs watch | tee runs.log
`;

const fields = {
  project: z.string().optional().describe("runs of this project"),
  group: z.string().optional().describe("runs of this group"),
  limit: z.number().int().min(1).max(100).default(15).describe("runs shown, the newest first"),
} as const;
const schema = z.object({ ...fields, ...storeFields });
const LOOK_MS = 1000;
/** What a run says while it runs, the first that it has. */
const SAID = {
  epoch: ["train/epoch", "epoch"],
  loss: ["train/loss", "loss"],
  score: ["validation/macroF1", "validation/accuracy", "validation/loss"],
} as const;

/** Adds the command to `program`. */
export function addRunsWatchCommand(program: Command, context: CommandContext): void {
  defineCommand(program, context, {
    name: "watch",
    summary: "watch runs while they train",
    description: "Show the newest runs in the terminal, and how they go on, until Ctrl-C.",
    examples: EXAMPLES,
    arguments: [],
    groups: [
      { title: "Which:", fields },
      { title: "Store:", fields: storeFields },
    ],
    schema,
    json: "print an object for each run that changed",
    quiet: "show no notices",
    stopping: "done",
    run: watch,
  });
}

async function watch({
  options,
  json,
  results,
  terminal,
  signal,
}: CommandCall<z.output<typeof schema>>): Promise<void> {
  const { listRuns } = await import("../../tracking/queries/runs.js");
  const { project, group, limit } = options;
  const { stdout } = terminal;
  const draws = !json && mayColor(terminal, stdout);
  const told = new Map<string, string>();
  let above = 0;
  await withStore(options, async (store) => {
    while (!signal.aborted) {
      const { runs, total } = await listRuns(store, { project, group, limit });
      const lines = linesOf(runs, total, draws ? (stdout.columns ?? 80) : Number.POSITIVE_INFINITY);
      if (draws) {
        // Over what was drawn before; what is below it goes.
        const back = above === 0 ? "" : `\u001b[${above}A\u001b[J`;
        await results.write(`${back}${lines.join("\n")}\n`);
        above = lines.length;
      } else {
        // In a file each line stands for itself: those of runs that changed.
        for (const [index, run] of runs.entries()) {
          const line = json ? JSON.stringify(run) : lines[index + 1];
          if (told.get(run.id) !== line) await results.write(`${line}\n`);
          told.set(run.id, line);
        }
      }
      await wait(LOOK_MS, undefined, { signal }).catch(() => {});
    }
  });
}

function linesOf(runs: readonly RunRow[], total: number, width: number): string[] {
  const said = (run: RunRow, names: readonly string[]): string => {
    const value = names.map((name) => run.summary[name]).find((one) => one !== undefined);
    return value === undefined ? "" : typeof value === "number" ? shortNumber(value) : String(value);
  };
  const table = textTable(
    ["id", "name", "state", "took", ...Object.keys(SAID)],
    runs.map((run) => [
      ...[run.id, run.name, run.state, formatDuration(run.seconds)],
      ...Object.values(SAID).map((names) => said(run, names)),
    ]),
  );
  const more = total > runs.length ? [`and ${total - runs.length} more`] : [];
  return [...table.trimEnd().split("\n"), ...more].map((line) => shortened(line, width));
}
