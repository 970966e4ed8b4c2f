/** How a command reads a file of texts: the options of `readDataset` that make sense on a command line. */
import { z } from "zod";
import { DATA_FORMATS, type ReadOptions } from "../data/read-dataset.js";

/** Which columns of the file, and how it is written. */
export const readingFields = {
  text: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe("column of the texts, by name or number; several are joined"),
  label: z.string().optional().describe("column of the labels, by name or number"),
  format: z.enum(DATA_FORMATS).optional().describe("format of the file, if its name does not tell"),
  header: z.boolean().optional().describe("take the first row for the names of the columns; guessed by default"),
  delimiter: z.string().optional().describe("what separates fields; guessed by default"),
  quote: z.string().optional().describe('what quotes fields; "" where quotes are part of the text'),
  encoding: z.string().optional().describe("encoding of the file, such as latin1; guessed by default"),
  pattern: z
    .string()
    .optional()
    .describe("for --format lines: expression with named groups, as (?<label>\\w+) (?<text>.*)"),
  badRows: z.enum(["error", "skip"]).default("error").describe("stop at a row that cannot be read, or leave it out"),
} as const;

const readingOptions = z.object(readingFields);

/** The values of {@link readingFields} as `readDataset` takes them. */
export function readOptions(values: z.output<typeof readingOptions>): ReadOptions {
  const { quote, ...others } = values;
  const given = Object.entries(others).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), ...(quote === undefined ? {} : { quote: quote === "" ? false : quote }) };
}
