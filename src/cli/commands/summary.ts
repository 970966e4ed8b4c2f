/** `textune summary`: the layers of a model, their shapes and parameters, as a table or a picture. */

import type { Command } from "commander";
import { z } from "zod";
import { TextuneError } from "../../base/errors.js";
import { given } from "../../base/given.js";
import { printable } from "../../base/printable.js";
import { pooledHeadOptions } from "../../heads/pooled.js";
import { PROBLEM_TYPES } from "../../tasks/registry.js";
import { formatSummary } from "../../training/format-summary.js";
import { trainingOptions } from "../../training/options.js";
import { announceDownloads } from "../announce-downloads.js";
import type { CommandContext } from "../command-context.js";
import { downloadFields } from "../data-source-options.js";
import { type CommandCall, defineCommand } from "../define-command.js";
import { shellWord } from "../shell-word.js";

const EXAMPLES = `
Examples:
  $ textune summary my-classifier
  $ textune summary all-MiniLM-L6-v2 --detail blocks
  $ textune summary all-MiniLM-L6-v2 --labels ham,spam --pooling mean --hidden-layers 128 --freeze encoder
  $ textune summary my-classifier --plot model.svg
  $ textune summary my-classifier --plot layers.png --detail layers
  $ textune summary my-classifier --json

B is the rows of a batch, T the tokens of its longest text. A model without a head of its own is shown with one
for two classes, or for --labels.
`;

const modelArgument = {
  name: "model",
  description: "classifier or model: a folder, the one that comes with Textune, or a Hugging Face id",
  field: z.string(),
} as const;
const shownFields = {
  detail: z.enum(["layers", "blocks"]).optional().describe("every layer (default), or one line or box for each block"),
  plot: z.string().optional().describe("file to draw the architecture to, .svg or .png; blocks by default"),
  freeze: trainingOptions.shape.freeze,
} as const;
const headFields = {
  labels: z.array(z.string()).optional().describe("classes of a new head"),
  problemType: z.enum(PROBLEM_TYPES).optional().describe("what the head is for"),
  ...pooledHeadOptions.shape,
} as const;
const modelFields = {
  revision: z.string().optional().describe("branch, tag or commit of the model at Hugging Face"),
  ...downloadFields,
} as const;
const schema = z.object({ model: modelArgument.field, ...shownFields, ...headFields, ...modelFields });

/** Adds the command to `program`. */
export function addSummaryCommand(program: Command, context: CommandContext): void {
  defineCommand(program, context, {
    name: "summary",
    summary: "show a model's layers, shapes and parameters",
    description: "Show every layer of a model with its output shape and its parameters, or draw the architecture.",
    examples: EXAMPLES,
    arguments: [modelArgument],
    groups: [
      { title: "Shown:", fields: shownFields },
      { title: "Head (by default the model's own):", fields: headFields },
      { title: "Model:", fields: modelFields },
    ],
    schema,
    json: "print the layers as JSON",
    quiet: "show no notices",
    run: summary,
  });
}

async function summary({ options, json, signal, say, results }: CommandCall<z.output<typeof schema>>): Promise<void> {
  const { model, detail, plot, freeze, ...opening } = options;
  const { TextClassifier } = await import("../../classifier/node/text-classifier.js");
  const asked = { ...given(opening), signal, onDownload: announceDownloads(say) };
  const open = (labels?: readonly string[]) =>
    TextClassifier.fromPretrained(model, { ...asked, ...given({ labels: options.labels ?? labels }) });
  const classifier = await open().catch((error: unknown) => {
    if (options.labels !== undefined || !(error instanceof TextuneError && error.option === "labels")) throw error;
    return open(["0", "1"]);
  });
  try {
    const found = classifier.summary({ freeze });
    if (plot !== undefined) {
      const { plotModel } = await import("../../training/node/plot-model.js");
      await plotModel(found, plot, given({ detail }));
      say(`The architecture is in ${shellWord(plot)}.`);
    }
    if (json) await results.write(`${JSON.stringify(found, undefined, 2)}\n`);
    else if (plot === undefined) await results.write(printable(formatSummary(found, given({ detail }))));
  } finally {
    await classifier.close();
  }
}
