import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { reportCharts } from "../charts.js";
import type { DataReport, LengthReport } from "../data-report.js";
import { REPORT_SCRIPT, REPORT_STYLE } from "./html-assets.js";
import { compileChart, loadPlotting } from "./render-images.js";

/** Text as HTML content or attribute value. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** A value as JSON that may stand inside a script element. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}

const number = (value: number): string => value.toLocaleString("en", { maximumFractionDigits: 1 });
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/**
 * The report as one HTML page that needs nothing else: plots with tooltips, by Vega, which stands in the
 * page; no request leaves it.
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
  const charts = reportCharts(report);
  const specs: Record<string, unknown> = {};
  for (const chart of charts) specs[chart.name] = await compileChart(chart);
  const plot = (name: string): string =>
    charts.some((chart) => chart.name === name)
      ? `<figure class="plot" id="${name}" role="img" aria-label="${escapeHtml(charts.find((chart) => chart.name === name)?.title ?? "")}"></figure>`
      : "";
  const labelPlots =
    plot("labels-linear") === ""
      ? ""
      : `<div class="switch"><button type="button" data-show="labels-linear" data-hide="labels-log" aria-pressed="true">linear</button><button type="button" data-show="labels-log" data-hide="labels-linear" aria-pressed="false">logarithmic</button></div>${plot("labels-linear")}${plot("labels-log").replace('class="plot"', 'class="plot" hidden')}`;
  const sections = [
    section("Findings", findingList(report)),
    section(
      "Labels",
      `${labelPlots}<p>Always answering with the most frequent class reaches <b>${percent(report.labels.majorityAccuracy)}</b> accuracy: any model must beat that.</p>`,
      report.labels.names.length > 0,
    ),
    section(
      "Lengths",
      `${report.lengths.map((length) => `${plot(`length-${length.unit}`)}${plot(`length-${length.unit}-by-class`)}`).join("")}${lengthTable(report)}${truncation(report)}`,
    ),
    section(
      "Parts",
      `<ul>${report.comparisons.map(({ sentence }) => `<li>${escapeHtml(sentence)}</li>`).join("")}</ul>`,
      report.comparisons.length > 0,
    ),
    section(
      "Duplicates and contradictions",
      duplicates(report),
      report.duplicates.normalized > 0 || report.duplicates.contradictory > 0,
    ),
    section("Texts", textFacts(report)),
    section(
      "Most telling words",
      wordSection(report, plot("words")),
      report.words.some((entry) => entry.words.length > 0),
    ),
    section(
      "Samples",
      report.samples
        .map(
          ({ label, texts }) =>
            `<details${report.samples.length <= 4 ? " open" : ""}><summary>${escapeHtml(label === "" ? "texts" : label)}</summary><ol>${texts.map((text) => `<li>${escapeHtml(text)}</li>`).join("")}</ol></details>`,
        )
        .join(""),
    ),
    section(
      report.parts.length > 1 ? `Columns of ${report.parts[0]?.name}` : "Columns",
      table(
        ["column", "holds", "different values", "missing"],
        report.columns.map((column) => [
          column.name,
          column.role === "other" ? column.kind : column.role,
          number(column.distinct),
          number(column.missing),
        ]),
      ),
    ),
  ];
  const parts =
    report.parts.length > 1
      ? `: ${report.parts.map((part) => `${escapeHtml(part.name)} ${number(part.rows)}`).join(", ")}`
      : "";
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
<main>
<header><h1>${escapeHtml(report.title)}</h1><p>${number(report.rows)} rows${parts}; ${report.labels.names.length} classes</p>${report.notices.length > 0 ? `<ul class="notices">${report.notices.map((notice) => `<li>${escapeHtml(notice)}</li>`).join("")}</ul>` : ""}</header>
${sections.join("\n")}
<footer>Fingerprint <code>${escapeHtml(report.fingerprint)}</code></footer>
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

function section(title: string, content: string, wanted = true): string {
  return wanted && content !== "" ? `<section><h2>${escapeHtml(title)}</h2>${content}</section>` : "";
}

function findingList({ findings }: DataReport): string {
  return `<ul class="findings">${findings.map(({ kind, finding, advice }) => `<li class="${kind}"><span class="kind">${kind}</span><div><b>${escapeHtml(finding)}</b> ${escapeHtml(advice)}</div></li>`).join("")}</ul>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cell = (text: string, i: number): string =>
    `<td${i > 0 && /^[\d.,\s%]+$/.test(text) ? ' class="number"' : ""}>${escapeHtml(text)}</td>`;
  return `<div class="scroll"><table><thead><tr>${head.map((name, i) => `<th${i > 0 && rows.every((row) => /^[\d.,\s%]*$/.test(row[i] ?? "")) ? ' class="number"' : ""}>${escapeHtml(name)}</th>`).join("")}</tr></thead><tbody>${rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`).join("")}</tbody></table></div>`;
}

function lengthTable(report: DataReport): string {
  const line = (name: string, s: LengthReport["all"]): string[] => [
    name,
    s.mean.toFixed(1),
    ...[s.median, s.p90, s.p95, s.p99, s.maximum].map(number),
  ];
  const rows = report.lengths.flatMap((length) => [
    line(length.unit, length.all),
    ...(report.parts.length > 1
      ? Object.entries(length.byPart).map(([name, part]) => line(`${length.unit}, ${name}`, part.summary))
      : []),
    ...(length.byLabel.length <= 100
      ? length.byLabel.map(({ label, summary }) => line(`${length.unit}, “${label}”`, summary))
      : []),
  ]);
  return `<details><summary>Lengths in numbers</summary>${table(["", "mean", "median", "90 %", "95 %", "99 %", "longest"], rows)}</details>`;
}

function truncation({ truncation: cut }: DataReport): string {
  if (cut === undefined) return "";
  return `<p>With ${escapeHtml(cut.tokenizer)}, truncation cuts ${cut.shares.map(({ limit, share }) => `<b>${percent(share)}</b> of the texts at ${limit} tokens`).join(", ")}; <b>${cut.covering95}</b> tokens cover 95 %.</p>`;
}

function duplicates({ duplicates: found }: DataReport): string {
  const parts = [
    `<p>${number(found.exact)} rows repeat an earlier text exactly, ${number(found.normalized)} apart from case, punctuation and spaces.</p>`,
  ];
  if (found.examples.length > 0)
    parts.push(
      table(
        ["times", "text"],
        found.examples.map((example) => [number(example.times), example.text]),
      ),
    );
  if (found.contradictory > 0)
    parts.push(
      `<p>${number(found.contradictory)} texts occur with different labels.</p>`,
      table(
        ["labels", "text"],
        found.contradictions.map((example) => [example.labels.join(" / "), example.text]),
      ),
    );
  if (found.acrossParts.length > 0)
    parts.push(
      `<ul>${found.acrossParts.map(({ part, alsoIn, rows }) => `<li>${number(rows)} rows of ${escapeHtml(part)} also stand in ${escapeHtml(alsoIn)}</li>`).join("")}</ul>`,
    );
  return parts.join("");
}

function textFacts(report: DataReport): string {
  const { looked, shares } = report.languages;
  const damage =
    report.damage.length === 0
      ? ""
      : table(
          ["rows", "hold", "for example"],
          report.damage.map((entry) => [number(entry.rows), entry.what, entry.example]),
        );
  const scripts =
    report.scripts.length === 0
      ? ""
      : `<p>Scripts: ${report.scripts.map(({ script, rows }) => `${script} ${percent(rows / report.rows)}`).join(", ")}.</p>`;
  const languages =
    looked === 0
      ? ""
      : `<p>Languages, of ${number(looked)} longer texts: ${shares
          .slice(0, 8)
          .map(
            ({ language, rows }) => `${language === "?" ? "unsure" : escapeHtml(language)} ${percent(rows / looked)}`,
          )
          .join(", ")}.</p>`;
  return `${damage}${scripts}${languages}`;
}

function wordSection(report: DataReport, plot: string): string {
  if (plot !== "") return plot;
  return table(
    ["class", "words"],
    report.words.map(({ label, words }) => [label, words.map(({ word }) => word).join(", ")]),
  );
}
