/** `textune models`: which models there are, and which are on this machine. */
import type { Command } from "commander";
import { z } from "zod";
import { fail } from "../../base/errors.js";
import type { ModelEntry } from "../../checkpoints/node/model-cache.js";
import type { CommandContext } from "../command-context.js";
import { type CommandCall, defineCommand } from "../define-command.js";
import { formatBytes } from "../doctor/finding.js";
import { jsonText } from "../run-options.js";
import { textTable } from "../text-table.js";
import { addModelsCacheCommands, cacheFields } from "./models-cache.js";

const LIST_EXAMPLES = `
Examples:
  $ textune models
  $ textune models --max-parameters 30M --language english
  $ textune models list --cached --json

Any other BERT of the Hugging Face Hub can be named by its id, and any archive by its address.
`;

const INFO_EXAMPLES = `
Examples:
  $ textune models info small_bert/bert_en_uncased_L-4_H-512_A-8
  $ textune models info https://tfhub.dev/tensorflow/bert_en_uncased_L-12_H-768_A-12/3 --json
`;

const listFields = {
  architecture: z.string().optional().describe("models of this model_type: bert, …"),
  language: z.string().optional().describe("models that know this language; those of many are never left out"),
  maxParameters: z.string().optional().describe("models with at most so many parameters: 30M, 1e8"),
  search: z.string().optional().describe("models with this in a name"),
  cached: z.boolean().default(false).describe("models on this machine"),
} as const;
const listSchema = z.object({ ...listFields, ...cacheFields });

const modelArgument = { name: "model", description: "name or address of a model", field: z.string() } as const;
const infoSchema = z.object({ model: modelArgument.field, ...cacheFields });

/** Adds the commands to `program`. */
export function addModelsCommand(program: Command, context: CommandContext): void {
  const models = program
    .command("models")
    .summary("list models, download them, and see to those on this machine")
    .description("List the models that have a name, download them, and see to those on this machine.");
  defineCommand(models, context, {
    name: "list",
    isDefault: true,
    summary: "show the models; so does textune models alone",
    description: "Show the models that have a name, and whether they are on this machine.",
    examples: LIST_EXAMPLES,
    arguments: [],
    groups: [
      { title: "Which:", fields: listFields },
      { title: "Cache:", fields: cacheFields },
    ],
    schema: listSchema,
    json: "print the models as JSON, with all their names",
    quiet: "show no notices",
    run: list,
  });
  defineCommand(models, context, {
    name: "info",
    summary: "tell all about a model",
    description: "Tell where a model comes from, what is known of it, and where it lies on this machine.",
    examples: INFO_EXAMPLES,
    arguments: [modelArgument],
    groups: [{ title: "Cache:", fields: cacheFields }],
    schema: infoSchema,
    json: "print the model as JSON",
    quiet: "show no notices",
    run: info,
  });
  addModelsCacheCommands(models, context);
}

async function list({ options, json, results, say }: CommandCall<z.output<typeof listSchema>>): Promise<void> {
  const { listModels } = await import("../../checkpoints/node/model-cache.js");
  const fits = filterOf(options);
  const models = (await listModels(options)).filter(fits);
  if (json) return results.write(jsonText(models));
  if (models.length === 0) return say("no model fits");
  await results.write(
    textTable(
      ["model", "architecture", "parameters", "languages", "licence", "on this machine"],
      models.map((model) => [
        model.name,
        model.architecture ?? "",
        model.parameters === undefined ? "" : millions(model.parameters),
        model.languages ?? "",
        model.licence ?? "",
        state(model),
      ]),
      64,
    ),
  );
}

async function info({ options, json, results }: CommandCall<z.output<typeof infoSchema>>): Promise<void> {
  const { describeModel } = await import("../../checkpoints/node/model-cache.js");
  const model = await describeModel(options.model, options);
  if (json) return results.write(jsonText(model));
  const lines = [
    ["name", model.name],
    ["also", model.aliases.join("\n")],
    ["source", model.source],
    ["architecture", model.architecture],
    ["parameters", model.parameters?.toLocaleString("en-US")],
    ["languages", model.languages],
    ["licence", model.licence],
    ["on this machine", state(model) || "no"],
    ["folder", model.folder],
  ].filter((line): line is [string, string] => line[1] !== undefined && line[1] !== "");
  const text = lines.map(([title, value]) => `${title.padEnd(17)}${value.replaceAll("\n", `\n${" ".repeat(17)}`)}\n`);
  await results.write(text.join(""));
}

function filterOf(options: z.output<typeof listSchema>): (model: ModelEntry) => boolean {
  const { architecture, language, maxParameters, search, cached } = options;
  const most = maxParameters === undefined ? undefined : numberOf(maxParameters);
  const holds = (text: string | undefined, part: string | undefined): boolean =>
    part === undefined || (text ?? "").toLowerCase().includes(part.toLowerCase());
  return ({ name, aliases, architecture: own, languages, parameters, bytes }) =>
    (architecture === undefined || own === architecture) &&
    (holds(languages, language) || /^\d+ languages$/.test(languages ?? "")) &&
    (most === undefined || (parameters ?? Number.POSITIVE_INFINITY) <= most) &&
    [name, ...aliases].some((one) => holds(one, search)) &&
    (!cached || bytes !== undefined);
}

function numberOf(text: string): number {
  const [, digits, unit = ""] = /^(\d+(?:\.\d+)?(?:e\d+)?)([kMB]?)$/.exec(text) ?? [];
  if (digits === undefined)
    return fail("E_CONFIG", { option: "maxParameters", expected: "a number, as 30M or 1e8", got: `"${text}"` });
  return Number(digits) * { "": 1, k: 1e3, M: 1e6, B: 1e9 }[unit as "" | "k" | "M" | "B"];
}

const millions = (parameters: number): string => `${(parameters / 1e6).toFixed(1)}M`;

function state({ bytes, folder, source }: ModelEntry): string {
  if (bytes === undefined) return "";
  const size = formatBytes(bytes);
  if (source === "embedded") return `${size}, part of Textune`;
  return folder === undefined ? `${size}, not whole` : size;
}
