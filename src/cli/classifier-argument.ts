import { z } from "zod";

/** The argument that names a classifier. */
export const classifierArgument = {
  name: "classifier",
  description: "folder of a classifier, or the Hugging Face id of one",
  field: z.string(),
} as const;
