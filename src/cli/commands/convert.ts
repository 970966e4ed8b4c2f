/** `textune convert`: a model in the format of another library. */
import type { Command } from "commander";
import { z } from "zod";
import { fail } from "../../base/errors.js";
import { given } from "../../base/given.js";
import { MODEL_FORMATS } from "../../checkpoints/model-formats.js";
import { announceDownloads } from "../announce-downloads.js";
import type { CommandContext } from "../command-context.js";
import { type CommandCall, defineCommand } from "../define-command.js";

const EXAMPLES = `
Examples:
  $ textune convert uncased_L-4_H-512_A-8.zip --output bert-small
  $ textune convert my-classifier --to keras-hub --output my-preset
  $ textune convert google-bert/bert-base-uncased --to google --output bert_base

A model may come in any format that Textune reads. A folder of Hugging Face's layout has its classification head,
and a checkpoint of Google's too; a preset of KerasHub has none.
`;

const modelArgument = {
  name: "model",
  description: "folder, archive, file of weights, name or address of a model",
  field: z.string(),
} as const;
const fields = {
  to: z.enum(MODEL_FORMATS).default("hugging-face").describe("format of the result"),
  output: z.string().optional().describe("new folder for the result"),
} as const;
const hubFields = {
  revision: z.string().optional().describe("branch, tag or commit of the model at Hugging Face"),
  offline: z.boolean().optional().describe("use what the cache holds, and no network"),
  cacheDir: z.string().optional().describe("where downloads are kept"),
} as const;
const schema = z.object({ model: modelArgument.field, ...fields, ...hubFields });

/** Adds the command to `program`. */
export function addConvertCommand(program: Command, context: CommandContext): void {
  defineCommand(program, context, {
    name: "convert",
    summary: "write a model in the format of another library",
    description: "Read a model in any known format, and write it for Hugging Face, KerasHub or TensorFlow.",
    examples: EXAMPLES,
    arguments: [modelArgument],
    groups: [
      { title: "Result:", fields },
      { title: "Model:", fields: hubFields },
    ],
    schema,
    json: "print the folder and the format as JSON",
    quiet: "show no notices",
    run: convert,
  });
}

async function convert({
  options,
  json,
  signal,
  say,
  progress,
  results,
}: CommandCall<z.output<typeof schema>>): Promise<void> {
  const { model, to, output, revision, offline, cacheDir } = options;
  if (output === undefined)
    return fail("E_USAGE", {
      option: "output",
      expected: "a folder for the model",
      got: "none",
      fix: "add --output DIR",
    });
  const { convertModel } = await import("../../checkpoints/node/convert-model.js");
  const hub = { ...given({ revision, offline, cacheDir }), signal, onDownload: announceDownloads(say, progress) };
  await convertModel(model, output, { ...hub, format: to });
  await results.write(json ? `${JSON.stringify({ output, format: to })}\n` : `${output}\n`);
}
