/** What the page says of a report, a section for each subject. */
import type { Chart } from "../chart-look.js";
import type { DataReport, LengthReport, ShownRow } from "../data-report.js";
import type { TellingWord } from "../telling-words.js";
import {
  bars,
  choice,
  escapeHtml,
  number,
  percent,
  type Section,
  sparkline,
  type TableCell,
  table,
} from "./html-parts.js";

/** The sections of the page; those without content are left out. */
export function sectionsOf(report: DataReport, charts: readonly Chart[]): readonly Section[] {
  const plot = plotter(charts);
  const all: Section[] = [
    { title: "Findings", content: findingList(report) },
    { title: report.labels.numbers === undefined ? "Labels" : "Numbers", content: labelSection(report, plot) },
    { title: "Lengths", content: lengthSection(report, plot) },
    { title: "Tokens", content: tokenSection(report) },
    {
      title: "Parts",
      content: list(report.comparisons.map(({ sentence }) => escapeHtml(sentence))),
    },
    { title: "Duplicates", content: duplicateSection(report) },
    { title: "Texts", content: textSection(report) },
    { title: "Words", content: vocabularySection(report) },
    { title: "Telling words", content: wordSection(report) },
    { title: "Classes alike", content: alikeSection(report) },
    { title: "Columns", content: columnSection(report) },
    { title: "Samples", content: sampleSection(report) },
  ];
  return all.filter(({ content }) => content !== "");
}

/** Gives the place of a plot in the page, or nothing where there is no such plot. */
type Plot = (name: string) => string;

function plotter(charts: readonly Chart[]): Plot {
  return (name) => {
    const chart = charts.find((candidate) => candidate.name === name);
    if (chart === undefined) return "";
    return `<figure><figcaption>${escapeHtml(chart.title)}</figcaption><div class="plot" id="${name}" role="img" aria-label="${escapeHtml(chart.title)}"></div></figure>`;
  };
}

const list = (items: readonly string[]): string =>
  items.length === 0 ? "" : `<ul>${items.map((item) => `<li>${item}</li>`).join("")}</ul>`;

function findingList({ findings }: DataReport): string {
  return findings.length === 0
    ? ""
    : `<ul class="findings">${findings.map(({ kind, finding, advice }) => `<li class="${kind}"><span class="kind">${kind}</span><div><b>${escapeHtml(finding)}</b> ${escapeHtml(advice)}</div></li>`).join("")}</ul>`;
}

function labelSection(report: DataReport, plot: Plot): string {
  const { labels, parts, rows } = report;
  if (labels.numbers !== undefined) {
    const { mean, deviation, minimum, q25, median, q75, maximum } = labels.numbers;
    const facts = [minimum, q25, median, q75, maximum, mean, deviation].map((value) => Number(value.toPrecision(6)));
    return `${plot("numbers")}${table(["smallest", "25 %", "median", "75 %", "largest", "mean", "standard deviation"], [facts.map(String)])}`;
  }
  if (labels.names.length === 0) return "";
  const several = parts.length > 1;
  const words = report.lengths.find(({ unit }) => unit === "words");
  const lines = labels.names.map((name, id): TableCell[] => {
    const alike = report.alikeClasses.find(({ a, b }) => a === name || b === name);
    const telling = report.words[id]?.contentWords.slice(0, 4).map(({ word }) => word) ?? [];
    return [
      name,
      labels.counts[id] as number,
      Math.round((1000 * (labels.counts[id] as number)) / Math.max(1, rows)) / 10,
      ...(several ? parts.map(({ counts }) => counts[id] as number) : []),
      words?.byLabel[id]?.summary.median ?? 0,
      telling.join(", "),
      ...(report.alikeClasses.length > 0 ? [alike === undefined ? "" : alike.a === name ? alike.b : alike.a] : []),
    ];
  });
  const head = [
    "class",
    "rows",
    "%",
    ...(several ? parts.map(({ name }) => name) : []),
    "median words",
    "telling words",
    ...(report.alikeClasses.length > 0 ? ["most like"] : []),
  ];
  const sets =
    labels.perRow.length === 0
      ? ""
      : `${table(
          ["classes of a row", "rows"],
          labels.perRow.map((count, size): TableCell[] => [size, count]),
        )}${table(
          ["together", "rows"],
          labels.together.map(({ labels: pair, rows: count }): TableCell[] => [pair.join(" + "), count]),
        )}`;
  const answer = labels.perRow.length === 0 ? "class" : "set of classes";
  const beat = `<p>Always answering with the most frequent ${answer} reaches <b>${percent(labels.majorityAccuracy)}</b> accuracy: any model must beat that.</p>`;
  return `${choice("scale", [
    { name: "linear", html: plot("labels-linear") },
    { name: "logarithmic", html: plot("labels-log") },
    { name: "table", html: table(head, lines) },
  ])}${beat}${sets}`;
}

function lengthSection(report: DataReport, plot: Plot): string {
  const units = [...report.lengths].sort((a, b) => order(a) - order(b));
  return `${choice(
    "unit",
    units.map(({ unit }) => ({
      name: unit,
      html: `${choice("scale", [
        { name: "linear", html: plot(`length-${unit}`) },
        { name: "logarithmic", html: plot(`length-${unit}-log`) },
        { name: "cumulative", html: plot(`length-${unit}-cumulative`) },
      ])}${plot(`length-${unit}-by-class`)}`,
    })),
  )}${lengthTable(report)}${rowTable("Shortest texts", report.shortest)}${rowTable("Longest texts", report.longest)}`;
}

/** Tokens first: they are what a model is limited by. */
const order = ({ unit }: LengthReport): number => ["tokens", "words", "characters"].indexOf(unit);

function lengthTable(report: DataReport): string {
  const line = (name: string, s: LengthReport["all"]): TableCell[] => [
    name,
    Math.round(s.mean * 10) / 10,
    s.minimum,
    s.median,
    s.p90,
    s.p95,
    s.p99,
    s.maximum,
  ];
  const rows = report.lengths.flatMap((length) => [
    line(length.unit, length.all),
    ...(report.parts.length > 1
      ? Object.entries(length.byPart).map(([name, part]) => line(`${length.unit}, ${name}`, part.summary))
      : []),
    ...(length.byLabel.length <= 200
      ? length.byLabel.map(({ label, summary }) => line(`${length.unit}, “${label}”`, summary))
      : []),
  ]);
  return details(
    "Lengths in numbers",
    table(["", "mean", "shortest", "median", "90 %", "95 %", "99 %", "longest"], rows),
  );
}

function rowTable(title: string, rows: readonly ShownRow[]): string {
  const parts = new Set(rows.map(({ part }) => part));
  const lines = rows.map(({ part, row, label, words, characters, text }): TableCell[] => [
    parts.size > 1 || part !== "all" ? `${part} ${row}` : String(row),
    label,
    words,
    characters,
    text,
  ]);
  return details(title, table(["row", "label", "words", "characters", "text"], lines));
}

const details = (title: string, content: string, open = false): string =>
  content === "" ? "" : `<details${open ? " open" : ""}><summary>${escapeHtml(title)}</summary>${content}</details>`;

function tokenSection({ tokens }: DataReport): string {
  if (tokens === undefined) return "";
  const { tokenizer, shares, covering95, perWord, used, vocabularySize, unknown, unknownShare, unknownRows } = tokens;
  const cuts = shares.map(({ limit, share }) => `<b>${percent(share)}</b> of the texts at ${limit} tokens`);
  return `<p>With the tokenizer of ${escapeHtml(tokenizer)}, truncation cuts ${cuts.join(", ")}; <b>${covering95}</b> tokens cover 95 %.</p>
<p>A word takes <b>${perWord.toFixed(2)}</b> tokens. ${number(used)} of ${number(vocabularySize)} tokens of the vocabulary occur (${percent(used / Math.max(1, vocabularySize))}). ${
    unknown === 0
      ? "None is unknown."
      : `<b>${unknownShare < 0.001 ? "Less than 0.1 %" : percent(unknownShare)}</b> of the tokens are unknown, in ${number(unknownRows)} rows:`
  }</p>${table(
    ["unknown", "times"],
    tokens.unknownWords.map(({ word, count }): TableCell[] => [word, count]),
  )}`;
}

function duplicateSection({ duplicates: found, nearDuplicates: near, parts }: DataReport): string {
  const pieces: string[] = [];
  if (found.normalized > 0)
    pieces.push(
      `<p><b>${number(found.normalized)}</b> rows repeat an earlier text apart from case, punctuation and spaces, ${number(found.exact)} of them exactly.</p>`,
      details(
        "The most repeated texts",
        table(
          ["times", "text"],
          found.examples.map(({ times, text }): TableCell[] => [times, text]),
        ),
      ),
    );
  if (found.contradictory > 0)
    pieces.push(
      `<p><b>${number(found.contradictory)}</b> ${found.contradictory === 1 ? "text occurs" : "texts occur"} with different labels.</p>`,
      details(
        "Texts with different labels",
        table(
          ["labels", "text"],
          found.contradictions.map(({ labels, text }): TableCell[] => [labels.join(" / "), text]),
        ),
      ),
    );
  if (near.texts > 0)
    pieces.push(
      `<p><b>${number(near.texts)}</b> texts share at least 80 % of their words with an earlier one, ${number(near.contradictory)} of them have another label.</p>`,
      details(
        "Texts that are nearly the same",
        table(
          ["alike", "labels", "texts"],
          near.examples.map(({ similarity, labels: [x, y], texts: [a, b] }): TableCell[] => [
            Math.round(similarity * 100) / 100,
            x === y ? x : `${x} / ${y}`,
            { html: `${escapeHtml(a)}<hr>${escapeHtml(b)}` },
          ]),
        ),
      ),
    );
  if (parts.length > 1) {
    const pairs = new Map<string, [string, string, number, number]>();
    const at = (part: string, alsoIn: string): [string, string, number, number] => {
      const key = JSON.stringify([part, alsoIn]);
      const entry = pairs.get(key) ?? [part, alsoIn, 0, 0];
      pairs.set(key, entry);
      return entry;
    };
    for (const { part, alsoIn, rows } of found.acrossParts) at(part, alsoIn)[2] = rows;
    for (const { part, alsoIn, texts } of near.acrossParts) at(part, alsoIn)[3] = texts;
    pieces.push(table(["rows of", "also in", "the same", "nearly the same"], [...pairs.values()]));
  }
  return pieces.join("");
}

function textSection(report: DataReport): string {
  const { looked, shares } = report.languages;
  const damage = table(
    ["rows", "hold", "for example"],
    report.damage.map(({ rows, what, example }): TableCell[] => [rows, what, example]),
  );
  const shareOf = (name: string, rows: number, all: number): string => `${escapeHtml(name)} ${percent(rows / all)}`;
  const scripts =
    report.scripts.length === 0
      ? ""
      : `<p>Scripts: ${report.scripts.map(({ script, rows }) => shareOf(script, rows, report.rows)).join(", ")}.</p>`;
  const languages =
    looked === 0
      ? ""
      : `<p>Languages, of ${number(looked)} longer texts: ${shares
          .slice(0, 8)
          .map(({ language, rows }) => shareOf(language === "?" ? "unsure" : language, rows, looked))
          .join(", ")}.</p>`;
  return `${damage}${scripts}${languages}`;
}

function vocabularySection({ vocabulary, frequent }: DataReport): string {
  const { words, different, once, newIn } = vocabulary;
  if (words === 0) return "";
  const fresh = newIn.map(
    ({ part, share }) => ` <b>${percent(share)}</b> of the words of ${escapeHtml(part)} are new in it.`,
  );
  const facts = `<p><b>${number(words)}</b> words, <b>${number(different)}</b> different ones, ${number(once)} of these once.${fresh.join("")}</p>`;
  const cards = frequent.map(({ words: size, terms }) => {
    const shown = terms.map(({ term, count }) => ({ term, strength: count, note: number(count) }));
    return `<article class="card"><h3>${["words", "pairs", "triples"][size - 1]}</h3>${bars(shown)}</article>`;
  });
  return `${facts}<p class="soft">The most frequent, without stop words such as “the”:</p><div class="cards">${cards.join("")}</div>`;
}

function wordSection({ words, labels, wordRows, rows }: DataReport): string {
  const telling = words.filter((entry) => entry.words.length > 0 || entry.pairs.length > 0);
  if (telling.length === 0) return "";
  const cards = (terms: (entry: (typeof telling)[number]) => readonly TellingWord[]): string =>
    `<div class="cards" data-searched="classes">${telling
      .map((entry) => {
        const shown = terms(entry).map(({ word, z, count, total }) => ({
          term: word,
          strength: z,
          note: `${number(count)} of ${number(total)}`,
        }));
        return `<article class="card"><h3>${escapeHtml(entry.label)}</h3>${bars(shown)}</article>`;
      })
      .join("")}</div>`;
  const some = wordRows < rows ? ` Counted in ${number(wordRows)} rows.` : "";
  const what =
    labels.numbers === undefined ? "each class" : "the rows with the lowest and with the highest third of the numbers";
  return `<p class="soft">What speaks for ${what}: bars are log-odds in standard deviations, the numbers are occurrences there and in all.${some}</p>${choice(
    "words",
    [
      { name: "without stop words", html: cards(({ contentWords }) => contentWords) },
      { name: "pairs of words", html: cards(({ pairs }) => pairs) },
      { name: "all words", html: cards((entry) => entry.words) },
    ],
  )}`;
}

function alikeSection({ alikeClasses }: DataReport): string {
  const rows = alikeClasses.map(({ a, b, similarity, shared }): TableCell[] => [
    Math.round(similarity * 100) / 100,
    a,
    b,
    shared.join(", "),
  ]);
  const about = `<p class="soft">Each class with the one most like it: 1 for the same words as often, 0 for none in common (cosine of tf-idf).</p>`;
  return rows.length === 0 ? "" : `${about}${table(["alike", "class", "and", "words of both"], rows)}`;
}

function columnSection({ columns }: DataReport): string {
  const rows = columns.map(({ name, kind, role, distinct, missing, numbers, values }): TableCell[] => [
    name,
    role === "other" ? kind : role,
    distinct,
    missing,
    numbers === undefined
      ? values.map(({ value, rows: count }) => `${value} (${number(count)})`).join(", ")
      : {
          html: `${sparkline(numbers.counts).html} from ${plain(numbers.minimum)} to ${plain(numbers.maximum)}, mean ${plain(numbers.mean)}, median ${plain(numbers.median)}`,
        },
  ]);
  return table(["column", "holds", "different", "missing", "values"], rows);
}

const plain = (value: number): string => String(Number(value.toPrecision(5)));

function sampleSection({ samples }: DataReport): string {
  const open = samples.length <= 4;
  const blocks = samples
    .filter(({ texts }) => texts.length > 0)
    .map(({ label, texts }) =>
      details(
        label === "" ? "texts" : label,
        `<ol>${texts.map((text) => `<li>${escapeHtml(text)}</li>`).join("")}</ol>`,
        open,
      ),
    );
  return blocks.length === 0 ? "" : `<div data-searched="samples">${blocks.join("")}</div>`;
}
