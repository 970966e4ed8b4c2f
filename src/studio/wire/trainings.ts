/** Trainings that are started from the page, as the interface gives them. */
import { z } from "zod";

export const filesQuery = z.object({ folder: z.string().optional().describe("below the folder of the Studio") });
export const fileList = z.object({
  folder: z.string(),
  entries: z.array(
    z.object({ name: z.string(), path: z.string(), kind: z.enum(["folder", "file"]), bytes: z.number() }),
  ),
  cut: z.boolean().describe("whether there are more"),
});
export type FileList = z.output<typeof fileList>;

export const previewQuery = z.object({ path: z.string().describe("below the folder of the Studio") });
export const dataPreview = z.object({
  columns: z.array(z.string()),
  named: z.boolean().describe("whether the file names its columns; otherwise they are numbered from 1"),
  rows: z.array(z.array(z.string())).describe("the first, the ends of long cells left out"),
  text: z.string().optional().describe("the column that is guessed to hold the texts"),
  label: z.string().optional().describe("the column that is guessed to hold the labels"),
});
export type DataPreview = z.output<typeof dataPreview>;

const formField = z.object({
  name: z.string(),
  kind: z.enum(["number", "boolean", "string", "list"]),
  choices: z.array(z.string()).optional(),
  fallback: z.string().optional().describe("what holds where nothing is given"),
  description: z.string(),
});
export type FormField = z.output<typeof formField>;

const training = z.object({
  id: z.string().describe("of the run that it records, too"),
  data: z.string(),
  output: z.string(),
  again: z.string().optional().describe("the run that it repeats with corrected labels"),
  state: z.enum(["running", "stopping", "finished", "stopped", "failed"]),
  startedAt: z.number().describe("milliseconds since 1970"),
  endedAt: z.number().optional(),
  recorded: z.boolean().describe("whether its run is there: not before its data is read"),
  lines: z.array(z.string()).describe("the last that it said"),
});
export type Training = z.output<typeof training>;
export const trainingAnswer = training;

export const trainingList = z.object({
  canStart: z.boolean(),
  folder: z.string(),
  form: z.array(z.object({ title: z.string(), fields: z.array(formField) })),
  trainings: z.array(training).describe("that were started from here, the newest first"),
});
export type TrainingList = z.output<typeof trainingList>;

export const trainingStart = z.strictObject({
  data: z.string().min(1).describe("path below the folder of the Studio"),
  output: z.string().min(1).max(1000).describe("a new folder below it, for the classifier"),
  options: z.record(z.string(), z.string().max(100_000)).default({}).describe("by name, as they are written in a form"),
});
export type TrainingStart = z.input<typeof trainingStart>;
