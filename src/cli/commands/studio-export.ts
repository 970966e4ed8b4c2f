/** `textune studio export`: runs as one HTML file, to send. */
import { writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import { fail } from "../../base/errors.js";
import { replaceFile } from "../../base/node/replace-file.js";
import type { CommandContext } from "../command-context.js";
import { type CommandCall, defineCommand } from "../define-command.js";
import { checkNewFile, checkWritable } from "../output-folder.js";
import { jsonText, runArgument, storeFields, withStore } from "../run-options.js";
import { shellWord } from "../shell-word.js";

const EXAMPLES = `
Examples:
  $ textune studio export k46i6ec4 --output report.html
  $ textune studio export k46i6ec4 p02mx9q1 --output comparison.html
  $ textune studio export baseline --output report.html --overwrite --json

The file is the page of the run, or the comparison of several: it opens in any browser, without the Studio or a network.
It holds what the runs recorded, texts of tables, the command, folder and name of the machine included.
`;

const runs = { ...runArgument, name: "runs", many: true, field: z.array(z.string()) } as const;
const fields = {
  output: z.string().optional().describe("the HTML file to write"),
  overwrite: z.boolean().default(false).describe("replace a file that is there"),
} as const;
const schema = z.object({ runs: runs.field, ...fields, ...storeFields });

/** Adds the command to `studio`. */
export function addStudioExportCommand(studio: Command, context: CommandContext): void {
  defineCommand(studio, context, {
    name: "export",
    summary: "write runs as one HTML file, to send",
    description: "Write the page of a run, or the comparison of several, as one HTML file that needs nothing else.",
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
    fail("E_USAGE", { option: "output", expected: "a file", got: "none", fix: "add --output report.html" });
  checkNewFile(output, options.overwrite);
  await checkWritable(`--output ${shellWord(output)}`, dirname(output));
  const { reportFile } = await import("../../studio/node/report-file.js");
  await withStore(options, async (store) => {
    const { html, recording } = await reportFile(store, options.runs, Date.now());
    const path = resolve(output);
    await replaceFile(path, (temporary) => writeFile(temporary, html)).catch((error: Error) =>
      fail("E_STORE", {
        where: `--output ${shellWord(output)}`,
        expected: "a file that can be written",
        got: error.message,
        fix: "choose another",
      }),
    );
    const { leftOut } = recording;
    const bytes = Buffer.byteLength(html);
    const ids = recording.runs.map(({ id }) => id);
    if (json) return results.write(jsonText({ runs: ids, written: path, bytes, leftOut }));
    say(`written: ${shellWord(output)}, ${(bytes / 1e6).toFixed(1)} MB`);
    for (const sentence of leftOut) say(sentence);
  });
}
