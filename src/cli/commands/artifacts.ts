/** `textune artifacts`: files that runs made and used. */
import type { Command } from "commander";
import { z } from "zod";
import { fail } from "../../base/errors.js";
import type { CommandContext } from "../command-context.js";
import { type CommandCall, defineCommand } from "../define-command.js";
import { jsonText, storeFields, withStore } from "../run-options.js";
import { shellWord } from "../shell-word.js";
import { textTable } from "../text-table.js";
import { addArtifactsKeepingCommands } from "./artifacts-keeping.js";

const store = { title: "Store:", fields: storeFields };

/** The argument that names a version of an artifact. */
const artifactArgument = {
  name: "artifact",
  description: "as name, name:v3, name:best or project/name:latest",
  field: z.string(),
} as const;

const listFields = {
  project: z.string().optional().describe("artifacts of this project"),
  type: z.string().optional().describe("artifacts of this type: model, dataset, …"),
} as const;
const listSchema = z.object({ ...listFields, ...storeFields });

const getFields = {
  output: z.string().optional().describe("folder for the files; by default artifacts/NAME-VERSION"),
} as const;
const getSchema = z.object({ artifact: artifactArgument.field, ...getFields, ...storeFields });

const path = { name: "path", description: "file or folder", field: z.string() } as const;
const putFields = {
  name: z.string().optional().describe("name of the artifact; by default that of the file"),
  type: z.string().min(1).default("file").describe("what it is: model, dataset, …"),
  project: z.string().min(1).default("uncategorized").describe("project that it belongs to"),
  aliases: z.array(z.string()).default([]).describe("alias for the version, beside latest"),
  description: z.string().default("").describe("what is to be said of it"),
} as const;
const putSchema = z.object({ path: path.field, ...putFields, ...storeFields });

/** Adds the commands to `program`. */
export function addArtifactsCommand(program: Command, context: CommandContext): void {
  const artifacts = program
    .command("artifacts")
    .summary("keep files by versions, and find them again")
    .description("Keep files by versions and aliases, find them again, and see which runs made and used them.");
  defineCommand(artifacts, context, {
    name: "list",
    summary: "show the artifacts",
    description: "Show all versions of all artifacts.",
    examples: "\nExamples:\n  $ textune artifacts list\n  $ textune artifacts list --type model --json\n",
    arguments: [],
    groups: [{ title: "Which:", fields: listFields }, store],
    schema: listSchema,
    json: "print the versions as JSON",
    quiet: "show no notices",
    run: list,
  });
  defineCommand(artifacts, context, {
    name: "get",
    summary: "write the files of an artifact to a folder",
    description: "Write the files of an artifact to a folder. Every file is verified.",
    examples: "\nExamples:\n  $ textune artifacts get model-k46i6ec4:best --output my-classifier\n",
    arguments: [artifactArgument],
    groups: [{ title: "Output:", fields: getFields }, store],
    schema: getSchema,
    json: "print the artifact as JSON, with the runs that made and used it",
    quiet: "show no notices",
    run: get,
  });
  defineCommand(artifacts, context, {
    name: "put",
    summary: "put a file or a folder into the store",
    description: "Put a file or a folder into the store. The same files as before are no new version.",
    examples: "\nExamples:\n  $ textune artifacts put reviews.csv --type dataset --project reviews --aliases raw\n",
    arguments: [path],
    groups: [{ title: "Artifact:", fields: putFields }, store],
    schema: putSchema,
    json: "print the version as JSON",
    quiet: "show no notices",
    run: put,
  });
  addArtifactsKeepingCommands(artifacts, context);
}

async function list({ options, json, results, say }: CommandCall<z.output<typeof listSchema>>): Promise<void> {
  const { listArtifacts } = await import("../../tracking/artifacts/list-artifacts.js");
  const rows = await withStore(options, (opened) => listArtifacts(opened, options));
  if (json) return results.write(jsonText(rows));
  if (rows.length === 0) {
    say("no artifact fits");
    return;
  }
  await results.write(
    textTable(
      ["project", "artifact", "type", "aliases", "MB", "made (UTC)", "by run"],
      rows.map((row) => [
        row.project,
        `${row.name}:${row.version}`,
        row.type,
        row.aliases.join(" "),
        (row.bytes / 1e6).toFixed(2),
        new Date(row.createdAt).toISOString().slice(0, 16).replace("T", " "),
        row.madeBy ?? "",
      ]),
    ),
  );
}

async function get({ options, json, results, say }: CommandCall<z.output<typeof getSchema>>): Promise<void> {
  const { downloadArtifact, findArtifact } = await import("../../tracking/artifacts/find-artifact.js");
  await withStore(options, async (opened) => {
    const found = await findArtifact(opened, options.artifact);
    const folder = options.output ?? `artifacts/${found.name}-${found.version}`;
    await downloadArtifact(opened, found, folder);
    if (json) await results.write(jsonText({ ...found, folder }));
    else say(`${found.name}:${found.version}, ${found.files.length} files, verified, in ${shellWord(folder)}`);
  });
}

async function put({ options, json, results, say }: CommandCall<z.output<typeof putSchema>>): Promise<void> {
  const { artifactOf } = await import("../../tracking/artifact.js");
  const { checkAlias } = await import("../../tracking/artifacts/artifact-name.js");
  const { putArtifact } = await import("../../tracking/artifacts/put-artifact.js");
  for (const alias of options.aliases) checkAlias(alias);
  const { name, type, description, project, aliases } = options;
  const artifact = await artifactOf(options.path, { type, description, ...(name === undefined ? {} : { name }) });
  if (artifact.files.size === 0)
    fail("E_DATA", { where: options.path, expected: "files to keep", got: "an empty folder" });
  const files = Array.from(artifact.files, ([inside, source]) => ({ path: inside, source }));
  const version = await withStore(
    options,
    (opened) => putArtifact(opened, { project, name: artifact.name, type, description, metadata: {}, aliases, files }),
    false,
  );
  if (json) await results.write(jsonText(version));
  else say(`${version.name}:${version.version}${version.unchanged ? ", which had these files already" : ""}`);
}
