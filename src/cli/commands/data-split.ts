/** `textune data split`: the parts of a data set as files. */

import type { Command } from "commander";
import { z } from "zod";
import { fail } from "../../base/errors.js";
import { given } from "../../base/given.js";
import { DEFAULT_SEED } from "../../base/random.js";
import { readDataset } from "../../data/dataset/node/read-dataset.js";
import { WRITE_FORMATS, writeSplit } from "../../data/dataset/node/write-dataset.js";
import type { SplitOptions } from "../../data/dataset/split.js";
import { checkSize } from "../../workflows/node/data-parts.js";
import { announceDownloads } from "../announce-downloads.js";
import type { CommandContext } from "../command-context.js";
import { dataArgument, readingNotices, sourceFields, sourceOptions } from "../data-source-options.js";
import { type CommandCall, defineCommand } from "../define-command.js";
import { checkWritable } from "../output-folder.js";
import { shellWord } from "../shell-word.js";

const EXAMPLES = `
Examples:
  $ textune data split reviews.csv --output parts --validation 0.1 --test 0.2
  $ textune data split tickets.csv --output parts --test 500 --group customer
  $ textune data split log.parquet --output parts --test 0.1 --order date --to jsonl
`;

const size = z.number().positive().optional();
const splitFields = {
  train: size.describe("share (below 1) or number of rows; by default all that is left"),
  validation: size.describe("share (below 1) or number of rows"),
  test: size.describe("share (below 1) or number of rows"),
  seed: z.number().int().default(DEFAULT_SEED).describe("seed of the split"),
  stratify: z.boolean().optional().describe("give every part the same mix of labels; done by default where it can be"),
  smallClasses: z
    .enum(["error", "first"])
    .optional()
    .describe("with --stratify, what to do with classes of fewer rows than parts: stop, or all to the first part"),
  group: z.string().optional().describe("column whose equal values stay together"),
  order: z
    .string()
    .optional()
    .describe("column to sort by, such as a date: the first rows are trained on, the last ones tested on"),
  by: z.enum(["hash"]).optional().describe("decide each row by its text alone, so that new rows move no other"),
} as const;
const outputFields = {
  output: z.string().optional().describe("folder for the files"),
  to: z.enum(WRITE_FORMATS).default("csv").describe("format of the files"),
  overwrite: z.boolean().default(false).describe("replace files that are there"),
} as const;

const schema = z.object({ data: dataArgument.field, ...splitFields, ...outputFields, ...sourceFields });

/** Adds the command to `program`. */
export function addDataSplitCommand(program: Command, context: CommandContext): void {
  defineCommand(program, context, {
    name: "split",
    summary: "write the parts of a data set to files",
    description: "Split a data set into train, validation and test, and write each part to a file.",
    examples: EXAMPLES,
    arguments: [dataArgument],
    groups: [
      { title: "Parts:", fields: splitFields },
      { title: "Output:", fields: outputFields },
      { title: "Data:", fields: sourceFields },
    ],
    schema,
    json: "print the parts as JSON",
    quiet: "show no notices",
    run: split,
  });
}

async function split({ options, json, signal, say, results }: CommandCall<z.output<typeof schema>>): Promise<void> {
  const { output, to, overwrite } = options;
  if (output === undefined)
    fail("E_USAGE", { option: "output", expected: "a folder for the files", got: "none", fix: "add --output DIR" });
  if (options.validation === undefined && options.test === undefined)
    fail("E_USAGE", {
      where: "data split",
      expected: "--validation or --test",
      got: "neither",
      fix: "add for example --test 0.2",
    });
  const { train, validation, test, seed, stratify, smallClasses, group, order, by } = options;
  const asked: SplitOptions = given({ train, validation, test, seed, stratify, smallClasses, group, order, by });
  for (const [name, value] of Object.entries({ train, validation, test })) checkSize(`--${name}`, value);
  await checkWritable(`--output ${shellWord(output)}`, output);
  const dataset = await readDataset(options.data, {
    columns: "all",
    ...sourceOptions(options),
    onDownload: announceDownloads(say),
    signal,
  });
  for (const notice of readingNotices(dataset)) say(`note: ${notice}`);
  const written = await writeSplit(dataset, output, asked, { format: to, overwrite, signal });
  const text = written.map(({ path, rows }) => `${path}: ${rows.toLocaleString("en")} rows\n`).join("");
  await results.write(json ? `${JSON.stringify(written, undefined, 2)}\n` : text);
}
