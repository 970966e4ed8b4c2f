/** `textune artifacts verify`, `rm`, `gc`: what is kept, and whether it is what it was. */

import type { Command } from "commander";
import { z } from "zod";
import { fail } from "../../base/errors.js";
import { oneLine } from "../../base/printable.js";
import type { CommandContext } from "../command-context.js";
import { type CommandCall, defineCommand } from "../define-command.js";
import { jsonText, storeFields, withStore } from "../run-options.js";

const store = { title: "Store:", fields: storeFields };
const artifact = {
  name: "artifact",
  description: "as name, name:v3, name:best or project/name:latest",
  field: z.string(),
} as const;

const which = { ...artifact, optional: true, field: z.string().optional() } as const;
const verifySchema = z.object({ artifact: which.field, ...storeFields });

const yes = { yes: z.boolean().default(false).describe("do it; without it only what would go is said") } as const;
const removeSchema = z.object({ artifact: artifact.field, ...yes, ...storeFields });
const collectSchema = z.object({ ...yes, ...storeFields });

/** Adds the commands to `program`. */
export function addArtifactsKeepingCommands(program: Command, context: CommandContext): void {
  defineCommand(program, context, {
    name: "verify",
    summary: "read all contents and say which are damaged",
    description: "Read the contents of an artifact, or of all, and say which are not what was put.",
    examples: "\nExamples:\n  $ textune artifacts verify\n  $ textune artifacts verify model-k46i6ec4:best\n",
    arguments: [which],
    groups: [store],
    schema: verifySchema,
    json: "print the result as JSON",
    quiet: "show no notices",
    run: verify,
  });
  defineCommand(program, context, {
    name: "rm",
    summary: "remove a version",
    description: "Remove a version of an artifact. Its contents stay until textune artifacts gc.",
    examples: "\nExamples:\n  $ textune artifacts rm model-k46i6ec4:v0 --yes\n",
    arguments: [artifact],
    groups: [{ title: "What:", fields: yes }, store],
    schema: removeSchema,
    json: "print the version as JSON",
    quiet: "show no notices",
    run: remove,
  });
  defineCommand(program, context, {
    name: "gc",
    summary: "remove contents that no version has",
    description: "Remove contents that no version of any artifact has. Nothing else ever removes them.",
    examples: "\nExamples:\n  $ textune artifacts gc\n  $ textune artifacts gc --yes\n",
    arguments: [],
    groups: [{ title: "What:", fields: yes }, store],
    schema: collectSchema,
    json: "print the result as JSON",
    quiet: "show no notices",
    run: collect,
  });
}

async function verify({ options, json, results, say }: CommandCall<z.output<typeof verifySchema>>): Promise<void> {
  const { verifyContents } = await import("../../tracking/artifacts/list-artifacts.js");
  const { findArtifact } = await import("../../tracking/artifacts/find-artifact.js");
  const found = await withStore(options, async (opened) => {
    const { artifact: asked } = options;
    const own = asked === undefined ? undefined : (await findArtifact(opened, asked)).files.map(({ hash }) => hash);
    return verifyContents(opened, own);
  });
  if (json) await results.write(jsonText(found));
  else
    for (const { reason, files } of found.damaged)
      await results.write(`${oneLine(reason)}\n${files.map((file) => `  ${oneLine(file)}\n`).join("")}`);
  if (found.damaged.length > 0)
    fail("E_STORE", {
      where: "artifacts verify",
      expected: "contents as they were put",
      got: `${found.damaged.length} of ${found.contents} that are not`,
    });
  say(`${found.contents} contents, all as they were put`);
}

async function remove({ options, json, results, say }: CommandCall<z.output<typeof removeSchema>>): Promise<void> {
  const { findArtifact } = await import("../../tracking/artifacts/find-artifact.js");
  const { removeVersion } = await import("../../tracking/artifacts/list-artifacts.js");
  await withStore(options, async (opened) => {
    const { id, name, version, usedBy } = await findArtifact(opened, options.artifact);
    if (options.yes) await removeVersion(opened, id);
    if (json) await results.write(jsonText({ removed: options.yes, name, version, usedBy }));
    const used = usedBy.length === 0 ? "" : `, which ${usedBy.length} runs used`;
    say(`${name}:${version}${used}${options.yes ? ": removed" : " would be removed: add --yes to do it"}`);
  });
}

async function collect({ options, json, results, say }: CommandCall<z.output<typeof collectSchema>>): Promise<void> {
  const { collectGarbage } = await import("../../tracking/artifacts/list-artifacts.js");
  const { listRuns } = await import("../../tracking/queries/runs.js");
  const found = await withStore(options, async (opened) => {
    const { total } = await listRuns(opened, { state: "running", archived: "with", limit: 1 });
    return collectGarbage(opened, total, options.yes);
  });
  if (json) await results.write(jsonText({ removed: options.yes, ...found }));
  const what = `${found.contents} contents, ${(found.bytes / 1e6).toFixed(1)} MB`;
  say(options.yes ? `removed ${what}` : `${what} would be removed: add --yes to do it`);
}
