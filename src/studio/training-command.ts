/** How a training is started: what the command line hands the Studio, which stands below it. */
import type { z } from "zod";

/** A command that trains, its options by group as its help has them. */
export interface TrainingCommand {
  readonly groups: readonly { readonly title: string; readonly fields: Readonly<Record<string, z.ZodType>> }[];
  /** Program and words before its own. */
  readonly command: readonly string[];
  /** Address of the store that it records in, with a password where there is one. */
  readonly store: string;
  /** Folder whose files may be trained on, and in which classifiers are written. */
  readonly folder: string;
}
