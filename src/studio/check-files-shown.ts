import { Problem } from "../http/problem.js";
import type { Studio } from "./route.js";

/** Who may look at runs need not see every file beside them. @throws Problem 403 with `--read-only` */
export function checkFilesShown({ readOnly }: Pick<Studio, "readOnly">): void {
  if (readOnly) throw new Problem(403, "Studio: it was started with --read-only and shows no files");
}
