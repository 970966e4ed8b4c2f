import type { DownloadProgress } from "../hub/hub-options.js";
import type { ProgressReporter } from "./report-progress.js";

/**
 * Says of each file, once, that it is being downloaded, and what is waited for; `progress` shows how far all of them are
 * together.
 */
export function announceDownloads(
  say: (line: string) => void,
  progress?: ProgressReporter,
): (event: DownloadProgress) => void {
  const files = new Map<string, DownloadProgress>();
  return (event) => {
    const { file, total, waiting } = event;
    if (waiting !== undefined) return say(waiting);
    if (!files.has(file)) say(`downloading ${file}, ${(total / 1e6).toFixed(1)} MB`);
    files.set(file, event);
    const sum = (part: "loaded" | "total"): number => [...files.values()].reduce((bytes, one) => bytes + one[part], 0);
    const loaded = sum("loaded") / 1e6;
    const step = Math.floor(loaded);
    progress?.update({
      step,
      steps: Math.ceil(sum("total") / 1e6),
      examples: loaded,
      stage: "downloading",
      unit: "MB",
    });
  };
}
