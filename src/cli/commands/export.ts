/** `textune export`: a classifier as ONNX models for other programs. */
import type { Command } from "commander";
import { z } from "zod";
import { fail } from "../../base/errors.js";
import { given } from "../../base/given.js";
import { readDataset } from "../../data/dataset/node/read-dataset.js";
import { formatGate } from "../../export/format-gate.js";
import { exportOptions } from "../../export/options.js";
import { classifierArgument } from "../classifier-argument.js";
import type { CommandContext } from "../command-context.js";
import { labelledFields, sourceOptions } from "../data-source-options.js";
import { type CommandCall, defineCommand } from "../define-command.js";
import { checkOutputFolder } from "../output-folder.js";
import { runningFields } from "../running-options.js";
import { shellWord } from "../shell-word.js";

const EXAMPLES = `
Examples:
  $ textune export my-classifier --to my-classifier-onnx
  $ textune export my-classifier --to web --dtype q8 --check test.csv --text text --label sentiment
  $ textune export my-classifier --to small --dtype q8,q4 --trim-vocabulary reviews.csv --text text

The folder is that of transformers.js and optimum: config.json, the tokenizer, onnx/model.onnx (fp32),
onnx/model_quantized.onnx (q8), onnx/model_fp16.onnx, onnx/model_q4.onnx. textune predict, evaluate and serve open it too.
With --check each file is measured beside the original; when too much is lost, nothing is written.
`;

const several = z.union([z.string(), z.array(z.string())]);
const exportFields = {
  to: z.string().optional().describe("folder to write"),
  ...exportOptions.shape,
  overwrite: z.boolean().default(false).describe("replace a model that is in the folder"),
} as const;
const dataFields = {
  check: several.optional().describe("labelled file on which every model is measured before anything is written"),
  trimVocabulary: several
    .optional()
    .describe("file of texts whose tokens are kept; the rest of the vocabulary is left out"),
  ...labelledFields,
} as const;
const { threads } = runningFields;
const schema = z.object({ classifier: classifierArgument.field, ...exportFields, ...dataFields, threads });

/** Adds the command to `program`. */
export function addExportCommand(program: Command, context: CommandContext): void {
  defineCommand(program, context, {
    name: "export",
    summary: "write a classifier as ONNX models, 8-bit and smaller ones too",
    description: "Write a classifier as ONNX models that transformers.js, Python and any ONNX runtime read.",
    examples: EXAMPLES,
    arguments: [classifierArgument],
    groups: [
      { title: "Export:", fields: exportFields },
      { title: "Data (for --check and --trim-vocabulary):", fields: dataFields },
      { title: "Running:", fields: { threads } },
    ],
    schema,
    json: "print the files and their measures as JSON",
    quiet: "show neither progress nor notices",
    run: exportCommand,
  });
}

async function exportCommand(call: CommandCall<z.output<typeof schema>>): Promise<void> {
  const { options, signal, say, results, progress } = call;
  const to =
    options.to ?? fail("E_USAGE", { option: "to", expected: "a folder to write", got: "none", fix: "name one" });
  await checkOutputFolder(to, options.overwrite, "to");
  const { TextClassifier } = await import("../../classifier/node/text-classifier.js");
  const classifier = await TextClassifier.fromPretrained(options.classifier, {
    signal,
    ...given({ threads: options.threads }),
  });
  try {
    const reading = { ...sourceOptions(options), signal };
    const read = async (data: string | string[] | undefined, more: object) => {
      if (data === undefined) return undefined;
      const dataset = await readDataset(data, { ...reading, ...more });
      for (const { where, reason } of dataset.badRows) say(`${dataset.source}, ${where}: ${reason}`);
      return dataset;
    };
    const { label } = options;
    const report = await classifier.export(to, {
      ...given({
        dtype: options.dtype,
        operators: options.operators,
        license: options.license,
        maxDrop: options.maxDrop,
      }),
      check: await read(options.check, { labels: classifier.labels }),
      trimVocabulary: await read(options.trimVocabulary, label === undefined ? { label: false } : {}),
      onCheck: (model) => say(`measuring ${model}`),
      onWarning: say,
      signal,
    });
    progress.stop();
    if (call.json) {
      await results.write(`${JSON.stringify({ folder: to, ...report }, undefined, 2)}\n`);
      return;
    }
    const { vocabulary } = report;
    if (vocabulary !== undefined) {
      say(`vocabulary: ${vocabulary.after} of ${vocabulary.before} tokens are kept`);
      say("Texts of other words are cut into shorter pieces than before, and may be classified less well.");
    }
    const lines =
      report.check === undefined
        ? report.files.map(({ file, bytes }) => `${file}  ${(bytes / 1e6).toFixed(1)} MB`).join("\n")
        : formatGate(report.check);
    await results.write(`${lines}\n`);
    say(`The models are in ${shellWord(to)}.`);
  } finally {
    await classifier.close();
  }
}
