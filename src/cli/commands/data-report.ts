/** `textune data report`: what is in a data set, and what that means for training. */

import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import { fail } from "../../base/errors.js";
import { replaceFile } from "../../base/node/replace-file.js";
import { printable } from "../../base/printable.js";
import { DEFAULT_SEED } from "../../base/random.js";
import type { Dataset } from "../../data/dataset/dataset.js";
import type { DataReport } from "../../data/report/data-report.js";
import { renderReportText } from "../../data/report/render-text.js";
import { reportDataset, titleOf } from "../../data/report/report-dataset.js";
import type { TextTokenizer } from "../../tokenizers/tokenizer.js";
import { checkParts, partFields, readParts } from "../../workflows/node/data-parts.js";
import { announceDownloads } from "../announce-downloads.js";
import type { CommandContext } from "../command-context.js";
import { dataArgument, readingNotices, sourceFields, sourceOptions } from "../data-source-options.js";
import { type CommandCall, defineCommand } from "../define-command.js";
import { checkWritable } from "../output-folder.js";
import { shellWord } from "../shell-word.js";

const EXAMPLES = `
Examples:
  $ textune data report reviews.csv --text text --label sentiment
  $ textune data report train.csv --test test.csv --html report.html
  $ textune data report train.csv.zip --validation-split 0.1 --test-split 0.2 --model all-MiniLM-L6-v2
  $ textune data report aclImdb_v1.tar.gz --member aclImdb/train --test-member aclImdb/test --exclude unsup --images plots
  $ textune data report mails.sqlite --query "select body as text, folder as label from mails" --json
`;

const lookFields = {
  model: z.string().optional().describe("count tokens as this model does: a name, a folder or a Hugging Face id"),
  samples: z.number().int().min(0).default(10).describe("rows of each class to show in the HTML and JSON report"),
  seed: z.number().int().default(DEFAULT_SEED).describe("seed of the split and of the samples"),
} as const;
const outputFields = {
  html: z.string().optional().describe("write the report as one HTML page with interactive plots"),
  images: z.string().optional().describe("write the plots into this folder"),
  imageFormat: z.enum(["png", "svg"]).default("png").describe("format of the plots"),
  overwrite: z.boolean().default(false).describe("replace the HTML file if it is there"),
} as const;

const schema = z.object({ data: dataArgument.field, ...lookFields, ...partFields, ...outputFields, ...sourceFields });
type Options = z.output<typeof schema>;

/** Adds the command to `program`. */
export function addDataReportCommand(program: Command, context: CommandContext): void {
  defineCommand(program, context, {
    name: "report",
    summary: "what is in a data set, and what that means for training",
    description:
      "Show labels, lengths, duplicates, damage, words and columns of a data set, with advice; compare its parts.",
    examples: EXAMPLES,
    arguments: [dataArgument],
    groups: [
      { title: "Report:", fields: lookFields },
      { title: "Parts to compare:", fields: partFields },
      { title: "Output:", fields: outputFields },
      { title: "Data:", fields: sourceFields },
    ],
    schema,
    json: "print the report as JSON",
    quiet: "show neither progress nor notices",
    unit: "rows",
    run: report,
  });
}

async function report(call: CommandCall<Options>): Promise<void> {
  const { options, terminal, signal, progress, say, results } = call;
  checkParts(call.given);
  if (options.html !== undefined && existsSync(options.html) && !options.overwrite) {
    fail("E_USAGE", {
      where: `--html ${shellWord(options.html)}`,
      expected: "a new file",
      got: "one that is there",
      fix: "choose another name, or add --overwrite",
    });
  }
  const { data, model, seed, html, images } = options;
  if (html !== undefined) await checkWritable(`--html ${shellWord(html)}`, dirname(html));
  if (images !== undefined) await checkWritable(`--images ${shellWord(images)}`, images);
  const tokenizer = model === undefined ? undefined : await tokenizerOf(model, signal);
  const { whole, ...read } = await readParts({
    data,
    options,
    reading: { columns: "all", ...sourceOptions(options), onDownload: announceDownloads(say), signal },
    split: { seed },
  });
  const parts = Object.fromEntries(
    Object.entries(read).filter((part): part is [string, Dataset] => part[1] !== undefined),
  );
  const total = Object.values(parts).reduce((sum, part) => sum + part.length, 0);
  const seen = await reportDataset(Object.keys(parts).length === 1 ? read.train : parts, {
    title: titleOf([data].flat().join(", ")),
    notices: readingNotices(whole),
    samplesPerClass: options.samples,
    seed,
    signal,
    onProgress: (share) =>
      progress.update({ step: Math.round(share * 100), steps: 100, examples: Math.round(share * total), unit: "%" }),
    ...(tokenizer === undefined || model === undefined ? {} : { tokenizer, tokenizerName: titleOf(model) }),
  });
  progress.stop();
  await write(seen, options, say);
  const width = terminal.stdout.isTTY === true ? terminal.stdout.columns || 100 : 100;
  await results.write(
    call.json ? `${JSON.stringify(seen, undefined, 2)}\n` : printable(renderReportText(seen, { width })),
  );
}

async function tokenizerOf(model: string, signal: AbortSignal): Promise<TextTokenizer> {
  const [{ openCheckpoint }, { loadTokenizer }] = await Promise.all([
    import("../../checkpoints/node/open-checkpoint.js"),
    import("../../tokenizers/tokenizer.js"),
  ]);
  const checkpoint = await openCheckpoint(model, { signal });
  await checkpoint.weights.close();
  return loadTokenizer(checkpoint.tokenizerFiles);
}

async function write(seen: DataReport, options: Options, say: (line: string) => void): Promise<void> {
  if (options.html !== undefined) {
    const { renderReportHtml } = await import("../../data/report/node/render-html.js");
    const page = await renderReportHtml(seen);
    const path = resolve(options.html);
    try {
      await replaceFile(path, (temporary) => writeFile(temporary, page));
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
    const { writeReportImages } = await import("../../data/report/node/write-images.js");
    const paths = await writeReportImages(seen, options.images, options.imageFormat);
    say(`${paths.length} plots are in ${shellWord(options.images)}.`);
  }
}
