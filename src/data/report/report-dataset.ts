import { fail } from "../../base/errors.js";
import { createRandom, DEFAULT_SEED } from "../../base/random.js";
import { stopIfAborted } from "../../base/stop-if-aborted.js";
import type { Dataset } from "../dataset/dataset.js";
import { alikeClasses } from "./alike-classes.js";
import { profileColumns } from "./column-profiles.js";
import { compareParts } from "./compare-parts.js";
import type { DataReport, LengthReport, ReportOptions } from "./data-report.js";
import { duplicatesOf, nearDuplicatesOf } from "./duplicates.js";
import { findingsOf } from "./findings.js";
import { labelFacts } from "./label-facts.js";
import { detectLanguages } from "./languages.js";
import { extremeRows, lengthReport } from "./length-report.js";
import type { Part } from "./part.js";
import { labelRows, wordClasses } from "./row-labels.js";
import { scanRows } from "./scan-rows.js";
import { shownText } from "./shown-text.js";
import { stopWordsOf } from "./stop-words.js";
import { countByClass, tellingWords } from "./telling-words.js";
import { frequentTerms, vocabularyOf } from "./vocabulary.js";
import { countSequences, countTerms } from "./word-table.js";

/** Rows whose words are counted at most, and their characters: more change no list and cost minutes. */
const MOST_WORD_ROWS = 300_000;
const MOST_WORD_CHARACTERS = 150e6;
const SAMPLE_CHARACTERS = 240;

/**
 * Looks at a data set, or at its parts.
 *
 * @example
 * const report = await reportDataset({ train, validation, test });
 * for (const { kind, finding, advice } of report.findings) console.log(kind, finding, advice);
 *
 * @throws E_USAGE where there is no part, E_DATA where the parts have labels of different kinds, E_ABORTED when the signal
 *   says so
 */
export async function reportDataset(
  data: Dataset | Readonly<Record<string, Dataset>>,
  options: ReportOptions = {},
): Promise<DataReport> {
  const parts: readonly Part[] = isDataset(data)
    ? [{ name: "all", dataset: data }]
    : Object.entries(data).map(([name, dataset]) => ({ name, dataset }));
  const [first] = parts;
  if (first === undefined)
    fail("E_USAGE", {
      where: "reportDataset",
      expected: "a data set or parts by name",
      got: "none",
      fix: "pass { train, test }",
    });
  const pause = async (share: number): Promise<void> => {
    options.onProgress?.(share);
    await breathe(options.signal);
  };
  const total = parts.reduce((sum, part) => sum + part.dataset.length, 0);
  const labels = labelRows(parts, total);
  const scan = await scanRows(parts, total, options, (share) => pause(0.6 * share));
  const units = [
    "words",
    "characters",
    ...(options.tokenizer === undefined ? [] : ["tokens"]),
  ] as LengthReport["unit"][];
  const lengths = units.map((unit, u) => lengthReport(unit, scan.lengths[u] as Int32Array, parts, labels));
  const [words, characters] = scan.lengths as readonly [Int32Array, Int32Array];

  const languages = await detectLanguages(first.dataset);
  const isStopWord = await stopWordsOf(languages);
  const allCharacters = characters.reduce((sum, count) => sum + count, 0);
  const step = Math.max(1, Math.ceil(Math.max(total / MOST_WORD_ROWS, allCharacters / MOST_WORD_CHARACTERS)));
  await pause(0.6);
  const table = countTerms(everyRow(parts, step));
  await pause(0.75);
  const pairs = countSequences(table, table);
  await pause(0.8);
  const triples = countSequences(pairs, table);
  await pause(0.85);
  const classes = wordClasses(labels);
  const classesAt = (row: number): readonly number[] => classes.of(table.rows[row] as number);
  const wordCounts = countByClass(table, classesAt, classes.names.length);
  const isContent = (term: string): boolean => !isStopWord(term);
  const several = classes.names.length > 1;
  const most = classes.names.length > 100 ? 6 : 12;
  const telling = several ? tellingWords(table, wordCounts, most) : [];
  const content = several ? tellingWords(table, wordCounts, most, isContent) : [];
  const pairCounts = countByClass(pairs, classesAt, classes.names.length);
  const tellingPairs = several ? tellingWords(pairs, pairCounts, most, isContent) : [];
  await pause(0.9);
  const nearDuplicates = nearDuplicatesOf(scan.groups, table, parts, labels);
  await pause(0.98);

  const facts: Omit<DataReport, "findings"> = {
    title: options.title ?? (isDataset(data) ? titleOf(data.source) : parts.map((part) => part.name).join(", ")),
    fingerprint: parts.map((part) => part.dataset.fingerprint).join(" "),
    rows: total,
    targetKind: first.dataset.targetKind,
    parts: parts.map(({ name, dataset }) => ({
      name,
      rows: dataset.length,
      counts: labels.names.map((label) => dataset.labels.counts[dataset.labels.id(label)] ?? 0),
    })),
    columns: profileColumns(parts),
    notices: [...new Set([...(options.notices ?? []), ...parts.flatMap((part) => part.dataset.notices)])],
    labels: labelFacts(labels, parts, first.dataset.targetKind),
    lengths,
    tokens: scan.tokens,
    duplicates: duplicatesOf(scan.groups, parts, labels),
    nearDuplicates,
    damage: scan.damage,
    scripts: scan.scripts,
    languages,
    vocabulary: vocabularyOf(table, parts),
    frequent: frequentTerms([table, pairs, triples], isContent),
    words: classes.names.map((label, id) => ({
      label,
      words: telling[id] ?? [],
      contentWords: content[id] ?? [],
      pairs: tellingPairs[id] ?? [],
    })),
    wordRows: table.ends.length,
    alikeClasses: labels.names.length > 2 ? alikeClasses(table, wordCounts, labels.names, isStopWord) : [],
    ...extremeRows([words, characters], parts, labels),
    samples: sampleRows(first.dataset, options.samplesPerClass ?? 10, options.seed ?? DEFAULT_SEED),
    comparisons: parts.slice(1).map((part) => compareParts(part, first, labels.names)),
  };
  options.onProgress?.(1);
  return { ...facts, findings: findingsOf(facts) };
}

function isDataset(data: Dataset | Readonly<Record<string, Dataset>>): data is Dataset {
  return typeof (data as Dataset).text === "function";
}

/** The names of files without their folders, which say more of a machine than of the data. */
export function titleOf(source: string): string {
  return source
    .split(", ")
    .map((path) => (/^[a-z]+:\/\//i.test(path) ? path : (path.split(/[/\\]/).findLast((name) => name !== "") ?? path)))
    .join(", ");
}

/** Lets timers and signals have their turn. */
async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  stopIfAborted(signal, "report");
}

function* everyRow(parts: readonly Part[], step: number): Generator<{ text: string; row: number }> {
  let at = 0;
  for (const { dataset } of parts)
    for (let row = 0; row < dataset.length; row++, at++)
      if (at % step === 0) yield { text: dataset.text(row), row: at };
}

function sampleRows(dataset: Dataset, perClass: number, seed: number): DataReport["samples"] {
  const random = createRandom(seed).fork("samples");
  const { names } = dataset.labels;
  // Reservoir sampling (Vitter's algorithm R): one pass, no list of a class's rows.
  const chosen: number[][] = (names.length === 0 ? [""] : names).map(() => []);
  const met = new Int32Array(chosen.length);
  for (let row = 0; row < dataset.length; row++) {
    for (const id of names.length === 0 ? [0] : dataset.labelIdsOf(row)) {
      const list = chosen[id] as number[];
      met[id] = (met[id] as number) + 1;
      if (list.length < perClass) list.push(row);
      else {
        const place = random.integer(met[id] as number);
        if (place < perClass) list[place] = row;
      }
    }
  }
  return chosen.map((rows, id) => ({
    label: names[id] ?? "",
    texts: rows.sort((a, b) => a - b).map((row) => shownText(dataset.text(row), SAMPLE_CHARACTERS)),
  }));
}
