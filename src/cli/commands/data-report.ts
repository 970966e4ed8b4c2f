/** `textune data report`: what is in a data set, and what that means for training. */
import { existsSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import { fail } from "../../base/errors.js";
import type { Dataset } from "../../data/dataset.js";
import { readDataset } from "../../data/read-dataset.js";
import { renderReportText } from "../../data/report/render-text.js";
import { type DataReport, type ReportOptions, reportDataset } from "../../data/report/report-dataset.js";
import type { CommandContext, CommonOptions } from "../command-context.js";
import { SOURCE_ARGUMENT, sourceFields, sourceOptions } from "../data-source-options.js";
import { interruptible } from "../interrupt.js";
import { addOptions, givenOptions, kebabCase, type OptionGroup, resolveOptions } from "../option-schema.js";
import { createNotices, createResultWriter } from "../output.js";
import { createProgressReporter } from "../report-progress.js";
import { shellWord } from "../shell-word.js";

const EXAMPLES = `
Examples:
  $ textune data report reviews.csv --text text --label sentiment
  $ textune data report train.csv --test test.csv --html report.html
  $ textune data report train.csv.zip --validation-split 0.1 --test-split 0.2 --model all-MiniLM-L6-v2
  $ textune data report aclImdb_v1.tar.gz --member aclImdb/train --exclude unsup --images plots
  $ textune data report mails.sqlite --query "select body as text, folder as label from mails" --json
`;

const reportFields = {
  validation: z.string().optional().describe("another file, to be compared with the first"),
  test: z.string().optional().describe("another file, to be compared with the first"),
  validationSplit: z.number().positive().optional().describe("share or number of rows to split off and compare"),
  testSplit: z.number().positive().optional().describe("share or number of rows to split off and compare"),
  model: z.string().optional().describe("count tokens as this model does: a name, a folder or a Hugging Face id"),
  samples: z.number().int().min(0).default(10).describe("rows of each class to show in the HTML and JSON report"),
  seed: z.number().int().default(0).describe("seed of the split and of the samples"),
} as const;
const outputFields = {
  html: z.string().optional().describe("write the report as one HTML page with interactive plots"),
  images: z.string().optional().describe("write the plots into this folder"),
  imageFormat: z.enum(["png", "svg"]).default("png").describe("format of the plots"),
  overwrite: z.boolean().default(false).describe("replace the HTML file if it is there"),
} as const;

const groups: readonly OptionGroup[] = [
  { title: "Report:", fields: reportFields },
  { title: "Output:", fields: outputFields },
  { title: "Data:", fields: sourceFields },
];
const schema = z.object({ ...reportFields, ...outputFields, ...sourceFields });

/** Adds the command to `program`. */
export function addDataReportCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("report")
    .summary("what is in a data set, and what that means for training")
    .description(
      "Show labels, lengths, duplicates, damage and telling words of a data set, with advice; compare its parts.",
    )
    .argument("<data...>", SOURCE_ARGUMENT)
    .addHelpText("after", EXAMPLES);
  addOptions(command, groups);
  command
    .optionsGroup("General:")
    .option("--json", "print the report as JSON")
    .option("--quiet", "show neither progress nor notices")
    .action((data: readonly string[], flags: CommonOptions) => report(command, context, data, flags));
}

async function report(
  command: Command,
  { terminal }: CommandContext,
  data: readonly string[],
  flags: CommonOptions,
): Promise<void> {
  const options = resolveOptions(schema, givenOptions(command, groups), (name) => `--${kebabCase(name)}`);
  const quiet = flags.quiet ?? false;
  if (options.html !== undefined && existsSync(options.html) && !options.overwrite) {
    fail("E_USAGE", {
      where: `--html ${shellWord(options.html)}`,
      expected: "a new file",
      got: "one that is there",
      fix: "choose another name, or add --overwrite",
    });
  }
  const results = createResultWriter(terminal.stdout);
  const progress = createProgressReporter(terminal, quiet, "rows");
  await interruptible(
    terminal,
    () => progress.note("stopping"),
    async (signal) => {
      const { parts, notices } = await readParts(data, options, signal);
      const total = Object.values(parts).reduce((sum, part) => sum + part.length, 0);
      const reportOptions: ReportOptions = {
        title: data.join(", "),
        notices,
        samplesPerClass: options.samples,
        seed: options.seed,
        signal,
        onProgress: (share) =>
          progress.update({ step: Math.round(share * 100), steps: 100, examples: Math.round(share * total) }),
        ...(options.model === undefined
          ? {}
          : { countTokens: await tokenCounter(options.model), tokenizerName: options.model }),
      };
      const [only] = Object.values(parts);
      const seen = await reportDataset(
        Object.keys(parts).length === 1 && only !== undefined ? only : parts,
        reportOptions,
      );
      progress.stop();
      await write(seen, options, createNotices(terminal, quiet).say);
      const width = terminal.stdout.isTTY === true ? (terminal.stdout.columns ?? 100) : 100;
      await results.write(
        flags.json === true ? `${JSON.stringify(seen, undefined, 2)}\n` : renderReportText(seen, { width }),
      );
    },
  ).finally(() => progress.stop());
}

type Options = z.output<typeof schema>;

async function readParts(
  data: readonly string[],
  options: Options,
  signal: AbortSignal,
): Promise<{ readonly parts: Readonly<Record<string, Dataset>>; readonly notices: readonly string[] }> {
  const reading = { ...sourceOptions(options), signal };
  const whole = await readDataset(data, reading);
  const others = { validation: options.validation, test: options.test };
  const sizes = { validation: options.validationSplit, test: options.testSplit };
  for (const name of ["validation", "test"] as const) {
    if (others[name] !== undefined && sizes[name] !== undefined) {
      fail("E_USAGE", {
        where: `--${name}-split`,
        expected: `either --${name} or --${name}-split`,
        got: "both",
        fix: "leave one out",
      });
    }
  }
  const asked = Object.fromEntries(Object.entries(sizes).filter(([, size]) => size !== undefined)) as {
    validation?: number;
    test?: number;
  };
  const split = Object.keys(asked).length === 0 ? { train: whole } : whole.split({ ...asked, seed: options.seed });
  const parts = Object.fromEntries(
    Object.entries(split).filter((part): part is [string, Dataset] => part[1] !== undefined),
  );
  for (const [name, path] of Object.entries(others))
    if (path !== undefined) parts[name] = await readDataset(path, reading);
  return { parts, notices: whole.notices };
}

/** Counts the tokens of a text as the tokenizer of `model` does, special tokens included. */
async function tokenCounter(model: string): Promise<(text: string) => number> {
  const [{ openCheckpoint }, { loadTokenizer }] = await Promise.all([
    import("../../checkpoints/node/open-checkpoint.js"),
    import("../../tokenizers/tokenizer.js"),
  ]);
  const checkpoint = await openCheckpoint(model);
  await checkpoint.weights.close();
  const tokenizer = loadTokenizer(checkpoint.tokenizerFiles);
  return (text) => tokenizer.encode(text, Number.MAX_SAFE_INTEGER).fullLength;
}

async function write(seen: DataReport, options: Options, say: (line: string) => void): Promise<void> {
  if (options.html !== undefined) {
    const { renderReportHtml } = await import("../../data/report/node/render-html.js");
    const page = await renderReportHtml(seen);
    const path = resolve(options.html);
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(`${path}.part`, page);
      await rename(`${path}.part`, path);
    } catch (error) {
      fail(
        "E_STORE",
        {
          where: `--html ${shellWord(options.html)}`,
          expected: "a file that can be written",
          got: error instanceof Error ? error.message : String(error),
          fix: "choose another",
        },
        error,
      );
    }
    say(`The page is ${shellWord(options.html)}.`);
  }
  if (options.images !== undefined) {
    const { writeReportImages } = await import("../../data/report/node/render-images.js");
    const paths = await writeReportImages(seen, options.images, options.imageFormat);
    say(`${paths.length} plots are in ${shellWord(options.images)}.`);
  }
}
