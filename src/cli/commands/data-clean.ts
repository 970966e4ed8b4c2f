/** `textune data clean`: a cleaned copy of a data set, and what was changed. */

import { dirname } from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import { fail } from "../../base/errors.js";
import { given } from "../../base/given.js";
import { type CleanOptions, cleanDataset, renderCleanText } from "../../data/cleaning/clean-dataset.js";
import { readDataset } from "../../data/dataset/node/read-dataset.js";
import { writeDataset } from "../../data/dataset/node/write-dataset.js";
import { announceDownloads } from "../announce-downloads.js";
import type { CommandContext } from "../command-context.js";
import { dataArgument, readingNotices, sourceFields, sourceOptions } from "../data-source-options.js";
import { type CommandCall, defineCommand } from "../define-command.js";
import { kebabCase } from "../option-schema.js";
import { checkWritable } from "../output-folder.js";
import { shellWord } from "../shell-word.js";

const EXAMPLES = `
Examples:
  $ textune data clean reviews.csv --output clean.csv --strip-markup --trim --drop-empty --drop-duplicates normalized
  $ textune data clean mails.csv --output mails.parquet --resolve-labels majority

Steps are taken in the order of this help. The data that is read stays as it is.
`;

const stepFields = {
  normalizeUnicode: z.enum(["NFC", "NFKC"]).optional().describe("bring characters to one form"),
  stripMarkup: z.boolean().default(false).describe("remove HTML tags and resolve entities"),
  stripControl: z.boolean().default(false).describe("remove control and invisible characters"),
  collapseSpaces: z.boolean().default(false).describe("make every run of white space one space"),
  trim: z.boolean().default(false).describe("remove white space at both ends"),
  maxCharacters: z.number().int().positive().optional().describe("cut texts after so many characters"),
  dropEmpty: z.boolean().default(false).describe("drop rows whose text is empty by now"),
  resolveLabels: z
    .enum(["majority", "drop"])
    .optional()
    .describe("where one text has different labels, keep that of most rows, or drop all"),
  dropDuplicates: z
    .enum(["exact", "normalized"])
    .optional()
    .describe("keep the first of equal texts, or of those equal apart from case, punctuation and spaces"),
} as const;
const outputFields = {
  output: z.string().optional().describe("file to write: .csv, .tsv, .json, .jsonl (also .gz) or .parquet"),
  overwrite: z.boolean().default(false).describe("replace the file if it is there"),
} as const;

const schema = z.object({ data: dataArgument.field, ...stepFields, ...outputFields, ...sourceFields });

/** Adds the command to `program`. */
export function addDataCleanCommand(program: Command, context: CommandContext): void {
  defineCommand(program, context, {
    name: "clean",
    summary: "write a cleaned copy of a data set",
    description: "Clean a data set by the steps that are named, write it to another file, and say what was changed.",
    examples: EXAMPLES,
    arguments: [dataArgument],
    groups: [
      { title: "Steps:", fields: stepFields },
      { title: "Output:", fields: outputFields },
      { title: "Data:", fields: sourceFields },
    ],
    schema,
    json: "print what was changed as JSON",
    quiet: "show no notices",
    run: clean,
  });
}

async function clean({ options, json, signal, say, results }: CommandCall<z.output<typeof schema>>): Promise<void> {
  const { data, output, overwrite } = options;
  if (output === undefined)
    fail("E_USAGE", {
      option: "output",
      expected: "a file for the cleaned data",
      got: "none",
      fix: "add --output FILE",
    });
  if ([data].flat().includes(output))
    fail("E_USAGE", {
      option: "output",
      expected: "another file than the one that is read",
      got: shellWord(output),
      fix: "choose another name",
    });
  const steps = stepsOf(options);
  if (Object.keys(steps).length === 0)
    fail("E_USAGE", {
      where: "data clean",
      expected: "at least one step",
      got: "none",
      fix: `add some of ${Object.keys(stepFields)
        .map((name) => `--${kebabCase(name)}`)
        .join(", ")}`,
    });
  await checkWritable(`--output ${shellWord(output)}`, dirname(output));
  // All columns are kept unless some are named: a cleaned copy should lack nothing.
  const dataset = await readDataset(data, {
    columns: "all",
    ...sourceOptions(options),
    onDownload: announceDownloads(say),
    signal,
  });
  for (const notice of readingNotices(dataset)) say(`note: ${notice}`);
  const cleaned = cleanDataset(dataset, steps);
  // The steps are taken without a pause; a Ctrl-C meanwhile is heard of only now.
  await new Promise<void>((resolve) => setImmediate(resolve));
  await writeDataset(cleaned.dataset, output, { overwrite, signal });
  const { rowsBefore, rowsAfter, steps: done } = cleaned;
  await results.write(
    json
      ? `${JSON.stringify({ output, rowsBefore, rowsAfter, steps: done }, undefined, 2)}\n`
      : renderCleanText(cleaned),
  );
  say(`The cleaned data is in ${shellWord(output)}.`);
}

/** The steps that were asked for. */
function stepsOf(options: z.output<typeof schema>): CleanOptions {
  const { normalizeUnicode, maxCharacters, resolveLabels, dropDuplicates } = options;
  const switches = ["stripMarkup", "stripControl", "collapseSpaces", "trim", "dropEmpty"] as const;
  return {
    ...given({ normalizeUnicode, maxCharacters, resolveLabels, dropDuplicates }),
    ...Object.fromEntries(switches.filter((name) => options[name]).map((name) => [name, true])),
  };
}
