/** `textune runs import`: runs that another program recorded. */
import type { Command } from "commander";
import { z } from "zod";
import type { CommandContext } from "../command-context.js";
import { type CommandCall, defineCommand } from "../define-command.js";
import { jsonText, storeFields, withStore } from "../run-options.js";

const EXAMPLES = `
Examples:
  $ textune runs import logs --project reviews
  $ textune runs import wandb
`;

const path = {
  name: "path",
  description: "folder of event files, or W&B's folder of offline runs; or one file",
  field: z.string(),
} as const;
const fields = {
  project: z.string().min(1).optional().describe("project of the runs; by default W&B's own, or uncategorized"),
} as const;
const schema = z.object({ path: path.field, ...fields, ...storeFields });

/** Adds the command to `program`. */
export function addRunsImportCommand(program: Command, context: CommandContext): void {
  defineCommand(program, context, {
    name: "import",
    summary: "read runs that another program recorded",
    description:
      "Read what TensorBoard and W&B wrote: each folder of event files, and each offline run, becomes a run.",
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
  const { readWandb, wandbFiles } = await import("../../tracking/exchange/node/wandb.js");
  const { path: folder, project } = options;
  const offline = await wandbFiles(folder);
  const ids = await withStore(
    options,
    (store) =>
      offline.length > 0
        ? readWandb(store, offline, project)
        : readTensorBoard(store, folder, project ?? "uncategorized"),
    false,
  );
  await results.write(json ? jsonText({ runs: ids }) : `${ids.join("\n")}\n`);
}
