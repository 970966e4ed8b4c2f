import { padded, shortened, widthOf } from "../../base/printable.js";
import type { DataReport, LengthReport } from "./data-report.js";

/** How to write a report for a terminal. */
export interface ReportTextOptions {
  /** Characters in a line, from 60. Default 100. */
  readonly width?: number;
  /** Classes shown at most. Default 20. */
  readonly mostLabels?: number;
  /** Rows shown of each class; 0 for none. Default 2. */
  readonly samples?: number;
}

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of `share` of `width` characters, exact to an eighth of one; never empty for more than nothing. */
export function bar(share: number, width: number): string {
  const eighths = Math.max(share > 0 ? 1 : 0, Math.round(share * width * 8));
  return "█".repeat(eighths >> 3) + (EIGHTHS[eighths & 7] as string);
}

/**
 * The report as plain text with bars.
 *
 * @example
 * console.log(renderReportText(await reportDataset(reviews), { samples: 0 }));
 */
export function renderReportText(report: DataReport, options: ReportTextOptions = {}): string {
  const width = Math.max(60, options.width ?? 100);
  const blocks = [
    heading(report, width),
    findings(report, width),
    labels(report, width, options.mostLabels ?? 20),
    lengths(report, width),
    duplicates(report, width),
    texts(report),
    vocabulary(report, width),
    words(report, width, options.mostLabels ?? 20),
    samples(report, width, options.samples ?? 2, options.mostLabels ?? 20),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

const number = (value: number): string => value.toLocaleString("en");
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function heading(report: DataReport, width: number): string {
  const parts =
    report.parts.length > 1 ? ` (${report.parts.map((part) => `${part.name} ${number(part.rows)}`).join(", ")})` : "";
  const columns = report.columns.map(
    (column) =>
      `  ${column.name}: ${column.role === "other" ? column.kind : column.role}, ${number(column.distinct)} different${column.missing > 0 ? `, ${number(column.missing)} missing` : ""}`,
  );
  return [
    report.title,
    "═".repeat(Math.min(width, report.title.length)),
    `${number(report.rows)} rows${parts}, ${targetText(report)}`,
    ...columns,
    ...report.notices.flatMap((notice) => wrapped(`note: ${notice}`, width, "  ")),
  ].join("\n");
}

/** What is learned, in a few words. */
export function targetText({ targetKind, labels: { names } }: DataReport): string {
  if (targetKind === "number") return "numbers to predict";
  return `${names.length} classes${targetKind === "labels" ? ", several in a row" : ""}`;
}

function findings({ findings: all }: DataReport, width: number): string {
  if (all.length === 0) return "";
  const sign = { problem: "✗", warning: "!", note: "·" };
  return [
    title("Findings"),
    ...all.flatMap(({ kind, finding, advice }) => wrapped(`${sign[kind]} ${finding} ${advice}`, width, "  ")),
  ].join("\n");
}

function labels(report: DataReport, width: number, most: number): string {
  const { names, counts, majorityAccuracy, numbers } = report.labels;
  if (numbers !== undefined) {
    const bins = numbers.counts.map((count, i) => {
      const at = (place: number): string =>
        (numbers.minimum + ((numbers.maximum - numbers.minimum) * place) / numbers.counts.length).toPrecision(4);
      const share = count / Math.max(...numbers.counts);
      return `${at(i).padStart(12)} ${number(count).padStart(10)}  ${bar(share, Math.max(10, width - 27))}`;
    });
    const facts = `mean ${numbers.mean.toPrecision(4)}, standard deviation ${numbers.deviation.toPrecision(4)}, from ${numbers.minimum} to ${numbers.maximum}`;
    return [title("Numbers"), ...bins, facts].join("\n");
  }
  if (names.length === 0) return "";
  const order = names.map((_, id) => id).sort((a, b) => (counts[b] as number) - (counts[a] as number));
  const shown = order.slice(0, most);
  const nameWidth = Math.min(28, Math.max(...shown.map((id) => widthOf(names[id] as string))));
  const largest = Math.max(...counts);
  const barWidth = Math.max(10, width - nameWidth - 24);
  const lines = shown.map((id) => {
    const count = counts[id] as number;
    return `${padded(shortened(names[id] as string, nameWidth), nameWidth, "after")} ${number(count).padStart(10)} ${percent(count / report.rows).padStart(8)}  ${bar(count / largest, barWidth)}`;
  });
  const rest =
    order.length > most
      ? [`… and ${order.length - most} more, the smallest with ${number(Math.min(...counts))} rows`]
      : [];
  const { perRow } = report.labels;
  const sets =
    perRow.length === 0
      ? []
      : [`classes of a row: ${perRow.map((count, i) => `${i} in ${number(count)} rows`).join(", ")}`];
  const majority = `majority-${perRow.length === 0 ? "class" : "set"} accuracy ${percent(majorityAccuracy)}`;
  return [title("Labels"), ...lines, ...rest, ...sets, majority].join("\n");
}

function lengths(report: DataReport, width: number): string {
  const header = `${"".padEnd(24)}${["mean", "median", "90 %", "95 %", "99 %", "longest"].map((name) => name.padStart(9)).join("")}`;
  const row = (name: string, s: LengthReport["all"]): string =>
    `${padded(shortened(name, 24), 24, "after")}${[s.mean.toFixed(1), s.median, s.p90, s.p95, s.p99, s.maximum].map((value) => (typeof value === "number" ? number(value) : value).padStart(9)).join("")}`;
  const blocks = report.lengths.map((length) => {
    const parts = Object.entries(length.byPart);
    const table = [
      row(length.unit, length.all),
      ...(parts.length > 1 ? parts.map(([name, part]) => row(`  ${name}`, part.summary)) : []),
      ...(length.byLabel.length <= 12 ? length.byLabel.map(({ label, summary }) => row(`  ${label}`, summary)) : []),
    ];
    return table.join("\n");
  });
  const first = report.lengths.find((length) => length.unit === "tokens") ?? report.lengths[0];
  const histogram = first === undefined ? [] : ["", `rows by length in ${first.unit}`, ...histogramLines(first, width)];
  const { tokens } = report;
  const cut =
    tokens === undefined
      ? []
      : [
          "",
          `cut off by truncation (${tokens.tokenizer}): ${tokens.shares.map((entry) => `${percent(entry.share)} at ${entry.limit}`).join(", ")}; ${tokens.covering95} tokens cover 95 %`,
          `tokens for a word ${tokens.perWord.toFixed(2)}; ${number(tokens.used)} of ${number(tokens.vocabularySize)} tokens occur; unknown ${percent(tokens.unknownShare)}`,
        ];
  return [title("Lengths"), header, ...blocks, ...histogram, ...cut].join("\n");
}

function histogramLines(length: LengthReport, width: number): string[] {
  // Merge to about sixteen lines: the terminal is no place for forty.
  const { counts, width: bin, beyond } = length.histogram;
  const step = Math.max(1, Math.ceil(counts.length / 16));
  const merged = Array.from({ length: Math.ceil(counts.length / step) }, (_, i) => ({
    name: `${number(i * step * bin)}-${number(Math.min((i + 1) * step, counts.length) * bin - 1)}`,
    count: counts.slice(i * step, (i + 1) * step).reduce((sum, count) => sum + count, 0),
  }));
  if (beyond > 0) merged.push({ name: `from ${number(counts.length * bin)}`, count: beyond });
  const most = Math.max(1, ...merged.map(({ count }) => count));
  return merged.map(
    ({ name, count }) =>
      `${name.padStart(15)} ${number(count).padStart(10)}  ${bar(count / most, Math.max(10, width - 30))}`,
  );
}

function duplicates(report: DataReport, width: number): string {
  const { duplicates: found } = report;
  const near = report.nearDuplicates;
  if (found.normalized === 0 && found.contradictory === 0 && near.texts === 0) return "";
  const lines = [
    `${number(found.exact)} rows repeat an earlier text exactly, ${number(found.normalized)} apart from case, punctuation and spaces`,
    ...found.examples
      .slice(0, 3)
      .map((example) => shortened(`  ${number(example.times)} times: ${example.text}`, width)),
    ...(found.contradictory > 0 ? [`${number(found.contradictory)} texts with different labels`] : []),
    ...found.contradictions
      .slice(0, 3)
      .map((example) => shortened(`  ${example.labels.join(" / ")}: ${example.text}`, width)),
    ...found.acrossParts.map(({ part, alsoIn, rows }) => `${number(rows)} rows of ${part} also stand in ${alsoIn}`),
    ...(near.texts > 0
      ? [
          `${number(near.texts)} texts are nearly the same as an earlier one, ${number(near.contradictory)} with another label`,
        ]
      : []),
    ...near.examples
      .slice(0, 2)
      .flatMap(({ texts: [a, b], labels: [x, y] }) => [
        shortened(`  ${x === "" ? "" : `${x}: `}${a}`, width),
        shortened(`  ${y === "" ? "" : `${y}: `}${b}`, width),
      ]),
    ...near.acrossParts.map(
      ({ part, alsoIn, texts }) => `${number(texts)} more texts of ${part} are nearly the same as one of ${alsoIn}`,
    ),
  ];
  return [title("Duplicates"), ...lines].join("\n");
}

function texts(report: DataReport): string {
  const { looked, shares } = report.languages;
  const lines = [
    ...report.damage.map((entry) => `${number(entry.rows).padStart(10)} rows with ${entry.what}`),
    ...(report.scripts.length > 0
      ? [`scripts: ${report.scripts.map(({ script, rows }) => `${script} ${percent(rows / report.rows)}`).join(", ")}`]
      : []),
    ...(looked > 0
      ? [
          `languages (of ${number(looked)} longer texts): ${shares
            .slice(0, 6)
            .map(({ language, rows }) => `${language === "?" ? "unsure" : language} ${percent(rows / looked)}`)
            .join(", ")}`,
        ]
      : []),
  ];
  return lines.length === 0 ? "" : [title("Texts"), ...lines].join("\n");
}

function vocabulary({ vocabulary: found, frequent }: DataReport, width: number): string {
  if (found.words === 0) return "";
  const lines = [
    `${number(found.words)} words, ${number(found.different)} different, ${number(found.once)} of these once`,
    ...found.newIn.map(({ part, share }) => `${percent(share)} of the words of ${part} are new in it`),
    ...frequent
      .filter(({ terms }) => terms.length > 0)
      .map(({ words: size, terms }) =>
        shortened(
          `${["words", "pairs", "triples"][size - 1]}: ${terms.map(({ term, count }) => `${term} ${number(count)}`).join(", ")}`,
          width,
        ),
      ),
  ];
  return [title("Vocabulary"), ...lines].join("\n");
}

function words(report: DataReport, width: number, most: number): string {
  const telling = report.words.filter((entry) => entry.contentWords.length > 0).slice(0, most);
  if (telling.length === 0) return "";
  const nameWidth = Math.min(28, Math.max(...telling.map((entry) => widthOf(entry.label))));
  return [
    title("Most telling words"),
    ...telling.map((entry) =>
      shortened(
        `${padded(shortened(entry.label, nameWidth), nameWidth, "after")}  ${entry.contentWords.map(({ word, count }) => `${word} ${number(count)}`).join(", ")}`,
        width,
      ),
    ),
  ].join("\n");
}

function samples(report: DataReport, width: number, perClass: number, most: number): string {
  if (perClass === 0) return "";
  const lines = report.samples
    .slice(0, most)
    .flatMap(({ label, texts: all }) =>
      all.slice(0, perClass).map((text) => shortened(`${label === "" ? "" : `${label}: `}${text}`, width)),
    );
  return lines.length === 0 ? "" : [title("Samples"), ...lines].join("\n");
}

function title(text: string): string {
  return `${text}\n${"─".repeat(text.length)}`;
}

/** Breaks a sentence into lines, those after the first indented. */
function wrapped(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
