/** Options of the commands that run a classifier without training it. */
import { z } from "zod";
import { trainingOptions } from "../training/options.js";

export const runningFields = {
  batchSize: z.number().int().positive().default(32).describe("texts per run"),
  threads: trainingOptions.shape.threads,
} as const;
