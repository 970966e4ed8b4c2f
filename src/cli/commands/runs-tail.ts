/** `textune runs tail`: what a run printed last, and what it prints. */

import { setTimeout as wait } from "node:timers/promises";
import type { Command } from "commander";
import { z } from "zod";
import { oneLine } from "../../base/printable.js";
import type { CommandContext } from "../command-context.js";
import { type CommandCall, defineCommand } from "../define-command.js";
import { runArgument, storeFields, withStore } from "../run-options.js";

const EXAMPLES = `
Examples:
  $ textune runs tail k46i6ec4
  $ textune runs tail k46i6ec4 --lines 100 --follow
`;

const fields = {
  lines: z.number().int().min(0).default(20).describe("lines from the end"),
  follow: z.boolean().default(false).describe("go on until the run ends"),
} as const;
const schema = z.object({ run: runArgument.field, ...fields, ...storeFields });
const LOOK_MS = 500;

/** Adds the command to `program`. */
export function addRunsTailCommand(program: Command, context: CommandContext): void {
  defineCommand(program, context, {
    name: "tail",
    summary: "show what a run printed",
    description: "Show the last lines that a run printed, and those that it prints while it runs.",
    examples: EXAMPLES,
    arguments: [runArgument],
    groups: [
      { title: "What:", fields },
      { title: "Store:", fields: storeFields },
    ],
    schema,
    json: "print an object for each line",
    quiet: "show no notices",
    run: tail,
  });
}

async function tail({ options, json, results, signal }: CommandCall<z.output<typeof schema>>): Promise<void> {
  const { findRun } = await import("../../tracking/queries/runs.js");
  const { readConsole } = await import("../../tracking/queries/pages.js");
  await withStore(options, async (store) => {
    const { id } = await findRun(store, options.run);
    // -0 would be the first line.
    let offset = options.lines === 0 ? Number.NaN : -options.lines;
    if (Number.isNaN(offset))
      offset = (await readConsole(store, id, { offset: -1 })).reduce((_, { line }) => line + 1, 0);
    for (;;) {
      // Asked for before the lines are read: what it printed last is not missed.
      const { state } = await findRun(store, id);
      for (;;) {
        const lines = await readConsole(store, id, { offset, limit: 1000 });
        for (const line of lines) await results.write(json ? `${JSON.stringify(line)}\n` : `${oneLine(line.text)}\n`);
        const last = lines.at(-1);
        if (last === undefined) break;
        offset = last.line + 1;
      }
      if (!options.follow || state !== "running") return;
      await wait(LOOK_MS, undefined, { signal });
    }
  });
}
