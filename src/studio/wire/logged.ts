/** What a run logged besides numbers: tables, and the lines that it printed. */
import { z } from "zod";

export const tableQuery = z.object({
  sort: z
    .string()
    .regex(/^-?\d{1,4}$/, "expected a column counted from 0, as in 3, or -3 for the highest first")
    .optional(),
  where: z
    .array(z.string().regex(/^\d{1,4} (?:=|!=|<|<=|>|>=|contains) /, 'expected as in 2 = "spam"'))
    .max(20)
    .optional()
    .describe('conditions, all of which hold: column, comparison, value as JSON, as in 2 = "spam"'),
  offset: z.coerce.number().int().min(0).max(1e9).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});

export const tablePage = z.object({
  rows: z.array(z.object({ row: z.number().describe("its place in the table"), cells: z.array(z.unknown()) })),
  total: z.number().describe("rows that fulfil the conditions"),
});
export type TablePage = z.output<typeof tablePage>;

export const consoleQuery = z.object({
  offset: z.coerce.number().int().min(-10_000).max(1e9).default(-500).describe("below 0: from the end"),
  limit: z.coerce.number().int().min(1).max(2000).default(500),
});

export const consoleLines = z.object({
  lines: z.array(
    z.object({
      line: z.number(),
      time: z.number().describe("milliseconds since the start"),
      stream: z.enum(["stdout", "stderr"]),
      text: z.string(),
    }),
  ),
});
export type ConsoleLines = z.output<typeof consoleLines>;
