import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { PAGE } from "../chart-look.js";
import { reportCharts } from "../charts.js";
import type { DataReport } from "../data-report.js";
import { targetText } from "../render-text.js";
import { escapeHtml, idOf, number, scriptJson, sectionHtml } from "./html-parts.js";
import { REPORT_SCRIPT } from "./html-script.js";
import { sectionsOf } from "./html-sections.js";
import { REPORT_STYLE } from "./html-style.js";
import { compileChart, loadPlotting } from "./render-images.js";

/**
 * The report as one HTML page that needs nothing else: plots with tooltips, by Vega, which stands in the page; no request
 * leaves it. It is light or dark as the reader's system is, and has a button for the other.
 *
 * @example
 * import { writeFile } from "node:fs/promises";
 *
 * await writeFile("report.html", await renderReportHtml(await reportDataset(reviews)));
 *
 * @throws E_PACKAGE where Vega is not installed
 */
export async function renderReportHtml(report: DataReport): Promise<string> {
  const vega = await loadPlotting(async () => readFile(vegaPath(), "utf8"));
  const charts = reportCharts(report, PAGE);
  const specs: Record<string, unknown> = {};
  for (const chart of charts) specs[chart.name] = await compileChart(chart);
  const sections = sectionsOf(report, charts);
  const parts =
    report.parts.length > 1
      ? `: ${report.parts.map((part) => `${escapeHtml(part.name)} ${number(part.rows)}`).join(", ")}`
      : "";
  const notices = report.notices.map((notice) => `<li>${escapeHtml(notice)}</li>`).join("");
  const contents = sections.map(({ title }) => `<li><a href="#${idOf(title)}">${escapeHtml(title)}</a></li>`).join("");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:">
<title>${escapeHtml(report.title)}: data report</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<header><h1>${escapeHtml(report.title)}</h1><button type="button" id="theme" aria-label="light or dark" title="light or dark">◐</button>
<p>${number(report.rows)} rows${parts}; ${targetText(report)}</p></header>
<nav aria-label="contents"><ul>${contents}</ul></nav>
<main>
${sections.map(sectionHtml).join("\n")}
<footer>${notices === "" ? "" : `<details><summary>How the data was read</summary><ul>${notices}</ul></details>`}Fingerprint <code>${escapeHtml(report.fingerprint)}</code></footer>
</main>
<script type="application/json" id="specs">${scriptJson(specs)}</script>
<!-- Vega: copyright the University of Washington Interactive Data Lab, BSD-3-Clause -->
<script>${vega.replaceAll("</script", "<\\/script")}</script>
<script>${REPORT_SCRIPT}</script>
</body>
</html>
`;
}

/** Vega's build for pages, which its package does not export by name: it lies beside what it does export. */
function vegaPath(): string {
  return fileURLToPath(new URL("./vega.min.js", import.meta.resolve("vega")));
}
