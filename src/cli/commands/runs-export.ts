/** `textune runs export`: runs for another program. */
import { join } from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import { fail } from "../../base/errors.js";
import type { RunDetails } from "../../tracking/queries/runs.js";
import type { CommandContext } from "../command-context.js";
import { type CommandCall, defineCommand } from "../define-command.js";
import { checkNewFile } from "../output-folder.js";
import { jsonText, runArgument, storeFields, withStore } from "../run-options.js";
import { shellWord } from "../shell-word.js";

const EXAMPLES = `
Examples:
  $ textune runs export k46i6ec4 --output points.csv
  $ textune runs export k46i6ec4 p02mx9q1 --output points.parquet
  $ textune runs export k46i6ec4 --to tensorboard --output logs && tensorboard --logdir logs
  $ textune runs export k46i6ec4 --to mlflow --output http://localhost:5000
`;

const FORMATS = ["csv", "json", "parquet", "tensorboard", "mlflow"] as const;
const runs = { ...runArgument, name: "runs", many: true, field: z.array(z.string()) } as const;
const fields = {
  output: z.string().optional().describe("file; folder for tensorboard; address of the server for mlflow"),
  to: z.enum(FORMATS).optional().describe("format, if the name does not tell"),
  overwrite: z.boolean().default(false).describe("replace a file that is there"),
} as const;
const schema = z.object({ runs: runs.field, ...fields, ...storeFields });

/** Adds the command to `program`. */
export function addRunsExportCommand(program: Command, context: CommandContext): void {
  defineCommand(program, context, {
    name: "export",
    summary: "write runs for another program",
    description: "Write all points of runs as CSV, JSON, Parquet, or TensorBoard's files, or send them to MLflow.",
    examples: EXAMPLES,
    arguments: [runs],
    groups: [
      { title: "Output:", fields },
      { title: "Store:", fields: storeFields },
    ],
    schema,
    json: "print what was written as JSON",
    quiet: "show no notices",
    run: exportRuns,
  });
}

async function exportRuns({ options, json, results, say }: CommandCall<z.output<typeof schema>>): Promise<void> {
  const { output } = options;
  if (output === undefined)
    fail("E_USAGE", { option: "output", expected: "a file or a folder", got: "none", fix: "add --output points.csv" });
  const format = options.to ?? formatOf(output);
  const isFile = format === "csv" || format === "json" || format === "parquet";
  if (isFile) checkNewFile(output, options.overwrite);
  const { findRun } = await import("../../tracking/queries/runs.js");
  await withStore(options, async (store) => {
    const found: RunDetails[] = [];
    for (const asked of options.runs) found.push(await findRun(store, asked));
    const written: string[] = [];
    if (isFile) {
      const { writePoints } = await import("../../tracking/exchange/node/write-points.js");
      await writePoints(store, found, output, format);
      written.push(output);
    } else if (format === "tensorboard") {
      const { writeTensorBoard } = await import("../../tracking/exchange/node/tensorboard.js");
      for (const run of found) {
        const folder = `${run.name.replace(/[^\p{L}\p{N}_.-]+/gu, "_").replace(/^\.+/, "_")}-${run.id}`;
        written.push(await writeTensorBoard(store, run, join(output, folder)));
      }
    } else {
      const { sendToMlflow } = await import("../../tracking/exchange/mlflow.js");
      for (const run of found) written.push(await sendToMlflow(store, run, output));
    }
    if (json) await results.write(jsonText({ format, runs: found.map(({ id }) => id), written }));
    else for (const one of written) say(`written: ${shellWord(one)}`);
  });
}

function formatOf(output: string): (typeof FORMATS)[number] {
  const extension = /\.(csv|json|parquet)$/i.exec(output)?.[1]?.toLowerCase();
  if (extension !== undefined) return extension as "csv";
  return fail("E_USAGE", {
    option: "to",
    expected: `a name that ends in .csv, .json or .parquet, or --to ${FORMATS.join("|")}`,
    got: shellWord(output),
    fix: "name the format with --to",
  });
}
