/** A report: the pages of some runs as one HTML file that needs nothing else, and asks nobody for anything. */
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { fail } from "../../base/errors.js";
import { escapeHtml } from "../../data/report/node/html-parts.js";
import type { Store } from "../../tracking/store/node/open-store.js";
import { recordRuns } from "../record-runs.js";
import type { Recording } from "../wire/recording.js";
import { REPORT_FOLDER, readPageFiles } from "./page-files.js";

export interface ReportFile {
  readonly html: string;
  readonly recording: Recording;
}

/**
 * The report of some runs: one run's page, or the comparison of several.
 *
 * What was recorded stands in it packed, in letters of base64 alone, so that no text of the data can be markup; and the
 * policy of the file lets its own script run, and nothing else.
 *
 * @param asked as {@link recordRuns} takes them
 * @throws E_STORE, E_USAGE as {@link recordRuns} does; E_PACKAGE where the page is not built
 */
export async function reportFile(store: Store, asked: readonly string[], now: number): Promise<ReportFile> {
  const files = readPageFiles(REPORT_FOLDER);
  const [script, style] = ["/report.js", "/report.css"].map((path) => {
    const file = files.get(path);
    if (file === undefined)
      return fail("E_PACKAGE", { where: "report", expected: "the built page", got: "none", fix: "run npm run build" });
    return Buffer.from(file.content).toString("utf8");
  });
  const recording = await recordRuns(store, asked, now);
  const packed = await promisify(gzip)(JSON.stringify(recording));
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(titleOf(recording))}</title>
<style>${style}</style>
</head>
<body>
<div id="page"></div>
<noscript>This report needs JavaScript.</noscript>
<script type="text/plain" id="recording">${packed.toString("base64")}</script>
<script>${script}</script>
</body>
</html>
`;
  return { html, recording };
}

export function titleOf({ runs }: Recording): string {
  return runs.length === 1 ? `${runs[0].name}: a run` : `${runs.length} runs compared`;
}

const hashOf = (text: string): string => `sha256-${createHash("sha256").update(text).digest("base64")}`;
