/** `textune models pull`, `remove`, `verify`: the models on this machine. */

import type { Command } from "commander";
import { z } from "zod";
import { fail } from "../../base/errors.js";
import { given } from "../../base/given.js";
import { oneLine } from "../../base/printable.js";
import { announceDownloads } from "../announce-downloads.js";
import type { CommandContext } from "../command-context.js";
import { type CommandCall, defineCommand } from "../define-command.js";
import { formatBytes } from "../doctor/finding.js";
import { jsonText } from "../run-options.js";

const PULL_EXAMPLES = `
Examples:
  $ textune models pull small_bert/bert_en_uncased_L-4_H-512_A-8
  $ textune models pull google-bert/bert-base-uncased --revision main
  $ textune models pull kaggle://keras/bert/keras/bert_tiny_en_uncased/3
`;
const REMOVE_EXAMPLES = `
Examples:
  $ textune models remove google-bert/bert-large-uncased
`;
const VERIFY_EXAMPLES = `
Examples:
  $ textune models verify
  $ textune models verify google-bert/bert-base-uncased

The exit code is 1 where a file is not what was downloaded.
`;

export const cacheFields = { cacheDir: z.string().optional().describe("where downloads are kept") } as const;
const pullFields = {
  revision: z.string().optional().describe("branch, tag or commit of a model of the Hugging Face Hub"),
  offline: z.boolean().optional().describe("use what the cache holds, and no network"),
} as const;

const model = { name: "model", description: "name or address of a model", field: z.string() } as const;
const optionalModel = { ...model, field: z.string().optional(), optional: true } as const;
const cache = { title: "Cache:", fields: cacheFields };

const pullSchema = z.object({ model: model.field, ...pullFields, ...cacheFields });
const removeSchema = z.object({ model: model.field, ...cacheFields });
const verifySchema = z.object({ model: optionalModel.field, ...cacheFields });

/** Adds the commands to `models`. */
export function addModelsCacheCommands(models: Command, context: CommandContext): void {
  defineCommand(models, context, {
    name: "pull",
    summary: "download a model",
    description: "Download a model into the cache, where train finds it, and print its folder.",
    examples: PULL_EXAMPLES,
    arguments: [model],
    groups: [{ title: "Model:", fields: pullFields }, cache],
    schema: pullSchema,
    json: "print the folder as JSON",
    quiet: "show neither progress nor notices",
    stopping: "stopping; the download goes on where it ended next time",
    run: pull,
  });
  defineCommand(models, context, {
    name: "remove",
    summary: "remove a model from the cache",
    description: "Remove what the cache has of a model.",
    examples: REMOVE_EXAMPLES,
    arguments: [model],
    groups: [cache],
    schema: removeSchema,
    json: "print what was removed as JSON",
    quiet: "show no notices",
    run: remove,
  });
  defineCommand(models, context, {
    name: "verify",
    summary: "read the models in the cache and say which are damaged",
    description: "Read a model in the cache, or all, and say which files are not what was downloaded.",
    examples: VERIFY_EXAMPLES,
    arguments: [optionalModel],
    groups: [cache],
    schema: verifySchema,
    json: "print the result as JSON",
    quiet: "show no notices",
    run: verify,
  });
}

async function pull(call: CommandCall<z.output<typeof pullSchema>>): Promise<void> {
  const { options, json, results, say, progress, signal } = call;
  const { pullModel } = await import("../../checkpoints/node/pull-model.js");
  const { revision, offline, cacheDir } = options;
  const onDownload = announceDownloads(say, progress);
  const folder = await pullModel(options.model, { ...given({ revision, offline, cacheDir }), signal, onDownload });
  progress.stop();
  await results.write(json ? jsonText({ model: options.model, folder }) : `${folder}\n`);
}

async function remove({ options, json, results, say }: CommandCall<z.output<typeof removeSchema>>): Promise<void> {
  const { removeModel } = await import("../../checkpoints/node/model-cache.js");
  const bytes = await removeModel(options.model, options);
  if (json) await results.write(jsonText({ model: options.model, bytes }));
  else say(`${options.model} is removed: ${formatBytes(bytes)}`);
}

async function verify({ options, json, results, say }: CommandCall<z.output<typeof verifySchema>>): Promise<void> {
  const { verifyModels } = await import("../../checkpoints/node/model-cache.js");
  const models = await verifyModels(options.model, options);
  if (json) await results.write(jsonText(models));
  else if (models.length === 0) say("the cache has no models");
  else
    for (const { name, files, problems } of models)
      await results.write(
        problems.length === 0
          ? `${oneLine(name)}: ${files} files, all as they were downloaded\n`
          : `${oneLine(name)}:\n${problems.map((problem) => `  ${oneLine(problem)}\n`).join("")}`,
      );
  const damaged = models.filter(({ problems }) => problems.length > 0).map(({ name }) => name);
  if (damaged.length > 0)
    fail("E_STORE", {
      where: "models verify",
      expected: "models as they were downloaded",
      got: `${damaged.length} of ${models.length} that are not: ${damaged.slice(0, 3).join(", ")}`,
      fix: `remove it (textune models remove ${damaged[0]}) and pull it again`,
    });
}
