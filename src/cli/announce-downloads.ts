import type { DownloadProgress } from "../hub/hub-options.js";

/** Says of each file, once, that it is being downloaded. */
export function announceDownloads(say: (line: string) => void): (event: DownloadProgress) => void {
  const said = new Set<string>();
  return ({ file, total }) => {
    if (said.has(file)) return;
    said.add(file);
    say(`downloading ${file}, ${(total / 1e6).toFixed(1)} MB`);
  };
}
