/** `textune runs import`: runs that another program recorded. */
import type { Command } from "commander";
import { z } from "zod";
import type { CommandContext } from "../command-context.js";
import { type CommandCall, defineCommand } from "../define-command.js";
import { jsonText, storeFields, withStore } from "../run-options.js";

const EXAMPLES = `
Examples:
  $ textune runs import logs --project reviews
`;

const path = { name: "path", description: "folder of event files, or one", field: z.string() } as const;
const fields = { project: z.string().min(1).default("uncategorized").describe("project of the runs") } as const;
const schema = z.object({ path: path.field, ...fields, ...storeFields });

/** Adds the command to `program`. */
export function addRunsImportCommand(program: Command, context: CommandContext): void {
  defineCommand(program, context, {
    name: "import",
    summary: "read runs that another program recorded",
    description: "Read the event files of TensorBoard: each folder that has some becomes a run.",
    examples: EXAMPLES,
    arguments: [path],
    groups: [
      { title: "What:", fields },
      { title: "Store:", fields: storeFields },
    ],
    schema,
    json: "print the ids of the runs as JSON",
    quiet: "show no notices",
    run: importRuns,
  });
}

async function importRuns({ options, json, results }: CommandCall<z.output<typeof schema>>): Promise<void> {
  const { readTensorBoard } = await import("../../tracking/exchange/node/tensorboard.js");
  const ids = await withStore(options, (store) => readTensorBoard(store, options.path, options.project), false);
  await results.write(json ? jsonText({ runs: ids }) : `${ids.join("\n")}\n`);
}
