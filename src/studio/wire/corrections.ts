/** Correcting labels of what a run was trained on: what is asked, what is answered. */
import { z } from "zod";
import { TARGET_KINDS } from "../../data/dataset/target.js";

const part = z.enum(["train", "validation", "test"]);
const row = z.number().int().min(0).describe("counted from 0 in its part");

const label = z.string();

const correctedRow = z.object({
  part,
  row,
  place: z.number().int().describe("its place in the data as it was read, counted from 0"),
  text: z.string(),
  textPair: z.string().optional(),
  label: label.describe("in the data; a class, a list of classes in JSON, or a number, as the kind says"),
  corrected: label.optional().describe("what a person says instead"),
});
export type CorrectedRow = z.output<typeof correctedRow>;

export const correctionState = z.object({
  run: z.string(),
  source: z.string().describe("the data, as the run was told of it"),
  why: z.string().optional().describe("why nothing can be corrected, as a sentence"),
  file: z.string().describe("where corrections are written, below the folder of the Studio"),
  kind: z.enum(TARGET_KINDS).describe("what a row has: a class, any number of classes, or a number"),
  classes: z.array(z.string()),
  notices: z.array(z.string()),
  corrections: z.array(correctedRow).describe("one row of each text with another label than in the data"),
  rows: z.object({ train: z.number(), validation: z.number(), test: z.number() }).describe("that are corrected"),
  output: z.string().describe("a name for the folder of the next classifier"),
  canTrain: z.boolean(),
});
export type CorrectionState = z.output<typeof correctionState>;

/** Characters of a text, as of one to try. */
const MOST_CHARACTERS = 20_000;
const text = z.string().max(MOST_CHARACTERS);
export const lookRequest = z.strictObject({
  text: text.min(1).describe("as a table of predictions has it: the end of a long one may be missing"),
  textPair: text.optional(),
  part: part.optional().describe("where it stands, if that is known"),
});
export type LookRequest = z.output<typeof lookRequest>;

export const lookAnswer = z.object({
  found: z.array(correctedRow).describe("rows of this text; none where it is not in the data"),
  near: z.union([
    z.object({
      texts: z.array(correctedRow.extend({ similarity: z.number().describe("cosine, in [-1, 1]") })),
      of: z.number().int().describe("texts that were compared"),
    }),
    z.object({ done: z.number().int(), total: z.number().int() }).describe("texts are read; ask again"),
    z.object({ why: z.string().describe("why there are none, as a sentence") }),
  ]),
});
export type LookAnswer = z.output<typeof lookAnswer>;

export const relabelRequest = z.strictObject({ part, row, label });
export const correctedExport = z.strictObject({ to: z.string().min(1), overwrite: z.boolean().default(false) });
export const exportedRows = z.object({ path: z.string(), rows: z.number().int() });
export const retrainRequest = z.strictObject({
  output: z.string().min(1).max(1000).describe("a new folder for the classifier, below that of the Studio"),
});
