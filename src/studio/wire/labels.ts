/** Labelling: what is asked, what is answered. */
import { z } from "zod";

const path = z.string().min(1).describe("of the file that is labelled, from the folder of the Studio");
const row = z.number().int().min(0).describe("counted from 0");

export const labelFiles = z.object({
  folder: z.string(),
  files: z.array(
    z.object({
      path,
      labels: z.boolean().describe("whether labels of it were begun"),
    }),
  ),
  strategies: z.array(z.object({ name: z.string(), title: z.string(), summary: z.string() })),
});
export type LabelFiles = z.output<typeof labelFiles>;

export const columnsQuery = z.object({ path });
export const fileColumns = z.object({
  columns: z.array(z.string()),
  text: z.string().describe("the column that is probably meant"),
  rows: z.number().int(),
  begun: z
    .object({ text: z.string().optional(), textPair: z.string().optional(), classes: z.array(z.string()) })
    .optional()
    .describe("how labels of it were begun"),
});
export type FileColumns = z.output<typeof fileColumns>;

export const openRequest = z.strictObject({
  path,
  text: z.string().optional().describe("column of the texts"),
  textPair: z.string().optional().describe("column of second texts"),
  classes: z.array(z.string().trim().min(1)).describe("in the order of their keys"),
  strategy: z.string().optional(),
});

const share = { value: z.number(), low: z.number(), high: z.number() };
const question = z.object({
  row,
  text: z.string(),
  textPair: z.string().optional(),
  isCheck: z.boolean().describe("whether it was drawn by chance, to measure with"),
  probabilities: z.array(z.number()).optional().describe("of the classes in their order"),
});
export type LabelQuestion = z.output<typeof question>;
const labelledRow = z.object({ row, text: z.string(), label: z.string() });

export const labelState = z.object({
  path,
  journal: z.string(),
  rows: z.number().int(),
  classes: z.array(z.object({ name: z.string(), labels: z.number().int() })),
  labels: z.number().int(),
  passed: z.number().int().describe("skipped, or nobody is sure"),
  notices: z.array(z.string()),
  strategy: z.string(),
  work: z
    .object({ what: z.enum(["features", "model"]), done: z.number(), total: z.number() })
    .optional()
    .describe("what is computed now"),
  failure: z.string().optional().describe("why no model helps"),
  questions: z.array(question).describe("rows to label, the next one first"),
  curve: z.array(z.object({ labels: z.number().int(), checked: z.number().int(), ...share })),
  advice: z.object({ hasStopped: z.boolean(), sentence: z.string() }),
  doubts: z.array(labelledRow.extend({ suggested: z.string(), confidence: z.number() })),
  contradictions: z.array(z.object({ rows: z.array(labelledRow), similarity: z.number() })),
  last: labelledRow.extend({ label: z.string().optional() }).optional().describe("what undo takes back"),
});
export type LabelState = z.output<typeof labelState>;

export const stateQuery = z.object({ path });
export const decideRequest = z.strictObject({
  path,
  row,
  action: z.enum(["label", "skip", "unsure"]),
  label: z.string().trim().optional().describe("with the action label"),
});
export const undoRequest = z.strictObject({ path });
export const strategyRequest = z.strictObject({ path, strategy: z.string() });
export const exportRequest = z.strictObject({
  path,
  to: z.string().min(1).describe("a file in the folder: .csv, .tsv, .jsonl or .parquet"),
  overwrite: z.boolean().default(false),
});
export const exportAnswer = z.object({ path: z.string(), rows: z.number().int() });
export type ExportAnswer = z.output<typeof exportAnswer>;
