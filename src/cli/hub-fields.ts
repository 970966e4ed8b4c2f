/** How the commands find a model of the Hugging Face Hub. */
import { z } from "zod";
import { given } from "../base/given.js";
import type { HubOptions } from "../hub/hub-options.js";
import { announceDownloads } from "./announce-downloads.js";
import { downloadFields } from "./data-source-options.js";
import type { ProgressReporter } from "./report-progress.js";

export const hubFields = {
  revision: z.string().optional().describe("branch, tag or commit of the model at Hugging Face"),
  ...downloadFields,
} as const;

/** The values of {@link hubFields} as a model is opened with them; downloads are said. */
export function hubOptions(
  { revision, cacheDir, offline }: Partial<z.output<z.ZodObject<typeof hubFields>>>,
  say: (line: string) => void,
  progress?: ProgressReporter,
): HubOptions {
  return { ...given({ revision, cacheDir, offline }), onDownload: announceDownloads(say, progress) };
}
