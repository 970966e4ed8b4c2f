/** `textune evaluate`: metrics of a classifier on a file of labelled texts. */
import type { Command } from "commander";
import { z } from "zod";
import { readDataset } from "../../data/read-dataset.js";
import { formatReport } from "../../metrics/format-report.js";
import type { CommandContext, CommonOptions } from "../command-context.js";
import { readingFields, readOptions } from "../data-options.js";
import { interruptible } from "../interrupt.js";
import { addOptions, givenOptions, kebabCase, type OptionGroup, resolveOptions } from "../option-schema.js";
import { createResultWriter } from "../output.js";
import { createProgressReporter } from "../report-progress.js";
import { runningFields } from "../running-options.js";

const EXAMPLES = `
Examples:
  $ textune evaluate my-classifier reviews-2026.csv --text text --label sentiment
  $ textune evaluate my-classifier test.jsonl --json > report.json
`;

const groups: readonly OptionGroup[] = [
  { title: "Data:", fields: readingFields },
  { title: "Running:", fields: runningFields },
];
const schema = z.object({ ...readingFields, ...runningFields });

/** Adds the command to `program`. */
export function addEvaluateCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("evaluate")
    .summary("measure a classifier on a file of labelled texts")
    .description(
      "Measure a classifier on a file of labelled texts: loss, accuracy, precision, recall, F1, confusion matrix.",
    )
    .argument("<classifier>", "folder of a classifier, or the Hugging Face id of one")
    .argument("<data>", "CSV, TSV, JSON or JSON Lines file, or a folder with a folder of texts for each class")
    .addHelpText("after", EXAMPLES);
  addOptions(command, groups);
  command
    .optionsGroup("General:")
    .option("--json", "print the report as JSON")
    .option("--quiet", "show neither progress nor notices")
    .action((folder: string, data: string, flags: CommonOptions) => evaluate(command, context, folder, data, flags));
}

async function evaluate(
  command: Command,
  { terminal }: CommandContext,
  folder: string,
  data: string,
  flags: CommonOptions,
): Promise<void> {
  const options = resolveOptions(schema, givenOptions(command, groups), (name) => `--${kebabCase(name)}`);
  const results = createResultWriter(terminal.stdout);
  const progress = createProgressReporter(terminal, flags.quiet ?? false);
  const announce = (): void => progress.note("stopping; press Ctrl-C again to stop at once");
  await interruptible(terminal, announce, async (signal) => {
    const { TextClassifier } = await import("../../classifier/text-classifier.js");
    const { threads, batchSize } = options;
    const classifier = await TextClassifier.fromPretrained(folder, {
      signal,
      ...(threads === undefined ? {} : { threads }),
    });
    try {
      const dataset = await readDataset(data, { ...readOptions(options), labels: classifier.labels, signal });
      const report = await classifier.evaluate(dataset, {
        batchSize,
        signal,
        onWarning: (line) => progress.note(line),
        onProgress: (done, total) => progress.update({ step: done, steps: total, examples: done }),
      });
      progress.stop();
      await results.write(
        flags.json === true ? `${JSON.stringify(report, undefined, 2)}\n` : `${formatReport(report)}\n`,
      );
    } finally {
      progress.stop();
      await classifier.close();
    }
  }).finally(() => progress.stop());
}
