import { fail } from "../../base/errors.js";
import { createRandom, DEFAULT_SEED } from "../../base/random.js";
import { stopIfAborted } from "../../base/stop-if-aborted.js";
import { tableOf } from "../dataset/create-dataset.js";
import type { Dataset } from "../dataset/dataset.js";
import { createTextIndex, normalizedText } from "../dataset/row-groups.js";
import { compareParts, type Part } from "./compare-parts.js";
import { countWords } from "./count-words.js";
import type { DataReport, DuplicateReport, LengthReport, ReportOptions } from "./data-report.js";
import { findingsOf } from "./findings.js";
import { detectLanguages } from "./languages.js";
import { type LengthHistogram, lengthHistogram, percentile, summarizeLengths } from "./length-statistics.js";
import { tellingWords } from "./telling-words.js";
import { DAMAGE_KINDS, scriptsOf } from "./text-damage.js";

/** Rows in which words are counted at most: more change no list and cost minutes. */
const MOST_WORD_ROWS = 300_000;
const LIMITS = [128, 256, 512] as const;
const SAMPLE_CHARACTERS = 240;

/**
 * Looks at a data set, or at its parts.
 *
 * @example
 * const report = await reportDataset({ train, validation, test });
 * for (const { kind, finding, advice } of report.findings) console.log(kind, finding, advice);
 *
 * @throws E_USAGE where there is no part, E_ABORTED when the signal says so
 */
export async function reportDataset(
  data: Dataset | Readonly<Record<string, Dataset>>,
  options: ReportOptions = {},
): Promise<DataReport> {
  const parts = isDataset(data)
    ? [{ name: "all", dataset: data }]
    : Object.entries(data).map(([name, dataset]) => ({ name, dataset }));
  const first = parts[0]?.dataset;
  if (first === undefined)
    fail("E_USAGE", {
      where: "reportDataset",
      expected: "a data set or parts by name",
      got: "none",
      fix: "pass { train, test }",
    });
  for (const { dataset } of parts)
    if (dataset.targetKind === "labels" || dataset.targetKind === "number")
      fail("E_DATA", {
        where: `report of ${dataset.source}`,
        option: "target",
        expected: "one class for each row, or texts alone",
        got: dataset.targetKind === "number" ? "numbers" : "several classes in a row",
        fix: "look at the texts alone",
        set: { label: false },
      });
  const names = mergedNames(parts.map((part) => part.dataset));
  const total = parts.reduce((sum, part) => sum + part.dataset.length, 0);
  const seen = await lookAtRows(parts, names, total, options);

  const units = [
    "words",
    "characters",
    ...(options.countTokens === undefined ? [] : ["tokens"]),
  ] as LengthReport["unit"][];
  const lengths = units.map((unit, u) =>
    lengthReport(unit, seen.lengths[u] as Int32Array, seen.labelIds, parts, names),
  );
  const counts = names.map((_, id) => seen.labelIds.reduce((sum, label) => sum + (label === id ? 1 : 0), 0));
  const present = counts.filter((count) => count > 0);
  const step = Math.max(1, Math.ceil(total / MOST_WORD_ROWS));
  const tokens = options.countTokens === undefined ? undefined : (seen.lengths[2] as Int32Array);
  options.onProgress?.(0.7);
  await breathe(options.signal);
  const words = names.length < 2 ? [] : tellingWords(() => labelledRows(parts, seen.labelIds, step), names.length);
  options.onProgress?.(0.95);
  await breathe(options.signal);

  const facts: Omit<DataReport, "findings"> = {
    title: options.title ?? (isDataset(data) ? data.source : parts.map((part) => part.name).join(", ")),
    fingerprint: parts.map((part) => part.dataset.fingerprint).join(" "),
    rows: total,
    parts: parts.map(({ name, dataset }) => ({
      name,
      rows: dataset.length,
      counts: names.map((label) => dataset.labels.counts[dataset.labels.id(label)] ?? 0),
    })),
    columns: columnFacts(first),
    notices: [...new Set([...(options.notices ?? []), ...parts.flatMap((part) => part.dataset.notices)])],
    labels: {
      names,
      counts,
      majorityAccuracy: total === 0 || names.length === 0 ? 0 : Math.max(...counts) / total,
      imbalance: present.length === 0 ? 1 : Math.max(...present) / Math.min(...present),
    },
    lengths,
    truncation: tokens === undefined ? undefined : truncationOf(tokens, options.tokenizerName ?? "the tokenizer"),
    duplicates: seen.duplicates,
    damage: seen.damage,
    scripts: seen.scripts,
    languages: await detectLanguages(first),
    words: names.map((label, id) => ({ label, words: words[id] ?? [] })),
    wordRows: Math.ceil(total / step),
    samples: sampleRows(first, options.samplesPerClass ?? 10, options.seed ?? DEFAULT_SEED),
    comparisons: parts.slice(1).map((part) => compareParts(part, parts[0] as Part, names)),
  };
  options.onProgress?.(1);
  return { ...facts, findings: findingsOf(facts) };
}

function isDataset(data: Dataset | Readonly<Record<string, Dataset>>): data is Dataset {
  return typeof (data as Dataset).text === "function";
}

function mergedNames(datasets: readonly Dataset[]): readonly string[] {
  const [first] = datasets as readonly [Dataset];
  return [...new Set([...first.labels.names, ...datasets.flatMap((dataset) => dataset.labels.names)])];
}

/** Lets timers and signals have their turn. */
async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  stopIfAborted(signal, "report");
}

interface Seen {
  /** Words, characters and, with a tokenizer, tokens of each row of all parts one after the other. */
  readonly lengths: readonly Int32Array[];
  readonly labelIds: Int32Array;
  readonly duplicates: DuplicateReport;
  readonly damage: DataReport["damage"];
  readonly scripts: DataReport["scripts"];
}

/** The one pass over all rows. */
async function lookAtRows(
  parts: readonly Part[],
  names: readonly string[],
  total: number,
  options: ReportOptions,
): Promise<Seen> {
  const { countTokens } = options;
  const lengths = [
    new Int32Array(total),
    new Int32Array(total),
    ...(countTokens === undefined ? [] : [new Int32Array(total)]),
  ];
  const labelIds = new Int32Array(total);
  const ids = new Map(names.map((name, id) => [name, id]));
  const exact = createTextIndex(total);
  const normalized = createTextIndex(total);
  const groups = new Int32Array(total);
  const times = new Int32Array(total);
  const damage = DAMAGE_KINDS.map((kind) => ({ kind, rows: 0, example: "" }));
  const scripts = new Map<string, number>();
  let at = 0;
  for (const { dataset } of parts) {
    for (let row = 0; row < dataset.length; row++, at++) {
      if ((at & 0x3fff) === 0x3fff) {
        options.onProgress?.((0.7 * at) / total);
        await breathe(options.signal);
      }
      const text = dataset.text(row);
      (lengths[0] as Int32Array)[at] = countWords(text);
      (lengths[1] as Int32Array)[at] = countCharacters(text);
      if (countTokens !== undefined) (lengths[2] as Int32Array)[at] = countTokens(text);
      labelIds[at] = ids.get(dataset.label(row) ?? "") ?? -1;
      // Rows with two texts are alike where both are.
      const second = dataset.textPair(row);
      exact.number(second === undefined ? text : `${text}\n${second}`);
      const group = normalized.number(
        second === undefined ? normalizedText(text) : `${normalizedText(text)}\n${normalizedText(second)}`,
      );
      groups[at] = group;
      times[group] = (times[group] as number) + 1;
      for (const entry of damage) {
        if (entry.kind.test(text)) {
          entry.rows++;
          if (entry.example === "") entry.example = shortened(text, 120);
        }
      }
      for (const script of scriptsOf(text)) scripts.set(script, (scripts.get(script) ?? 0) + 1);
    }
  }
  const textAt = (index: number): string => {
    let rest = index;
    for (const { dataset } of parts) {
      if (rest < dataset.length) return dataset.text(rest);
      rest -= dataset.length;
    }
    return "";
  };
  return {
    lengths,
    labelIds,
    duplicates: duplicatesOf(
      { groups, times, labelIds, exactCount: exact.size, groupCount: normalized.size },
      parts,
      names,
      textAt,
    ),
    damage: damage
      .filter((entry) => entry.rows > 0)
      .map(({ kind, rows, example }) => ({ name: kind.name, what: kind.what, rows, example, advice: kind.advice })),
    scripts: [...scripts].map(([script, rows]) => ({ script, rows })).sort((a, b) => b.rows - a.rows),
  };
}

/** Code points. */
function countCharacters(text: string): number {
  let count = text.length;
  for (let i = 0; i + 1 < text.length; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      count--;
      i++;
    }
  }
  return count;
}

interface Groups {
  readonly groups: Int32Array;
  readonly times: Int32Array;
  readonly labelIds: Int32Array;
  readonly exactCount: number;
  readonly groupCount: number;
}

function duplicatesOf(
  found: Groups,
  parts: readonly Part[],
  names: readonly string[],
  textAt: (row: number) => string,
): DuplicateReport {
  const { groups, times, labelIds, exactCount, groupCount } = found;
  const firstRow = new Int32Array(groupCount).fill(-1);
  const firstLabel = new Int32Array(groupCount).fill(-1);
  const contradictory = new Map<number, Set<number>>();
  // Which parts a text occurs in, a bit for each; more than 31 parts share the last bit.
  const inParts = new Int32Array(groupCount);
  let part = 0;
  let end = parts[0]?.dataset.length ?? 0;
  const across = new Map<string, number>();
  for (let row = 0; row < groups.length; row++) {
    while (row >= end) end += parts[++part]?.dataset.length ?? 0;
    const group = groups[row] as number;
    const label = labelIds[row] as number;
    if (firstRow[group] === -1) {
      firstRow[group] = row;
      firstLabel[group] = label;
    } else if (label !== firstLabel[group]) {
      const labels = contradictory.get(group) ?? new Set([firstLabel[group] as number]);
      contradictory.set(group, labels.add(label));
    }
    for (let earlier = 0; earlier < Math.min(part, 31); earlier++) {
      if (((inParts[group] as number) & (1 << earlier)) !== 0)
        across.set(`${part} ${earlier}`, (across.get(`${part} ${earlier}`) ?? 0) + 1);
    }
    inParts[group] = (inParts[group] as number) | (1 << Math.min(part, 31));
  }
  const repeated = Array.from(firstRow.keys()).filter((group) => (times[group] as number) > 1);
  const top = repeated.sort((a, b) => (times[b] as number) - (times[a] as number) || a - b).slice(0, 10);
  return {
    exact: groups.length - exactCount,
    normalized: groups.length - groupCount,
    examples: top.map((group) => ({
      text: shortened(textAt(firstRow[group] as number), 120),
      times: times[group] as number,
    })),
    contradictory: contradictory.size,
    contradictions: [...contradictory].slice(0, 10).map(([group, labels]) => ({
      text: shortened(textAt(firstRow[group] as number), 120),
      labels: [...labels].map((id) => names[id] ?? "(none)").sort(),
    })),
    acrossParts: [...across].map(([key, rows]) => {
      const [later, earlier] = key.split(" ").map(Number) as [number, number];
      const [a, b] = [parts[later] as Part, parts[earlier] as Part];
      return { part: a.name, alsoIn: b.name, rows, split: tableOf(a.dataset).table === tableOf(b.dataset).table };
    }),
  };
}

function lengthReport(
  unit: LengthReport["unit"],
  lengths: Int32Array,
  labelIds: Int32Array,
  parts: readonly Part[],
  names: readonly string[],
): LengthReport {
  const all = summarizeLengths(lengths);
  const histogram = lengthHistogram(lengths);
  let from = 0;
  const byPart = parts.map(({ name, dataset }): [string, LengthReport["byPart"][string]] => {
    const some = lengths.subarray(from, from + dataset.length);
    from += dataset.length;
    return [name, { summary: summarizeLengths(some), histogram: rebinned(some, histogram) }];
  });
  const sizes = new Int32Array(names.length + 1);
  for (const id of labelIds) sizes[id + 1] = (sizes[id + 1] as number) + 1;
  const perLabel = names.map((_, id) => new Int32Array(sizes[id + 1] as number));
  const filled = new Int32Array(names.length);
  labelIds.forEach((id, row) => {
    if (id < 0) return;
    (perLabel[id] as Int32Array)[filled[id] as number] = lengths[row] as number;
    filled[id] = (filled[id] as number) + 1;
  });
  return {
    unit,
    all,
    histogram,
    byPart: Object.fromEntries(byPart),
    byLabel: names.map((label, id) => ({ label, summary: summarizeLengths(perLabel[id] as Int32Array) })),
  };
}

/** The histogram of `lengths` in the bins of another, so that both can be drawn over each other. */
function rebinned(lengths: Int32Array, like: LengthHistogram): LengthHistogram {
  const counts = new Array<number>(like.counts.length).fill(0);
  for (const length of lengths)
    counts[Math.floor(length / like.width)] = (counts[Math.floor(length / like.width)] as number) + 1;
  return { width: like.width, counts };
}

function truncationOf(tokens: Int32Array, tokenizer: string): NonNullable<DataReport["truncation"]> {
  const sorted = tokens.slice().sort();
  const shares = LIMITS.map((limit) => ({
    limit,
    share: tokens.reduce((sum, count) => sum + (count > limit ? 1 : 0), 0) / Math.max(1, tokens.length),
  }));
  return { tokenizer, shares, covering95: percentile(sorted, 0.95) };
}

function* labelledRows(
  parts: readonly Part[],
  labelIds: Int32Array,
  step: number,
): Generator<{ text: string; labelId: number }> {
  let at = 0;
  for (const { dataset } of parts) {
    for (let row = 0; row < dataset.length; row++, at++) {
      if (at % step === 0) yield { text: dataset.text(row), labelId: labelIds[at] as number };
    }
  }
}

function columnFacts(dataset: Dataset): DataReport["columns"] {
  return dataset.columns.map(({ name, kind, role }) => {
    const index = createTextIndex(Math.min(dataset.length, 1 << 16));
    let missing = 0;
    for (let row = 0; row < dataset.length; row++) {
      const value = role === "text" ? dataset.text(row) : dataset.value(row, name);
      if (value === undefined || value === "") missing++;
      else index.number(String(value));
    }
    return { name, kind, role, missing, distinct: index.size };
  });
}

function sampleRows(dataset: Dataset, perClass: number, seed: number): DataReport["samples"] {
  const random = createRandom(seed).fork("samples");
  const { names } = dataset.labels;
  // Reservoir sampling (Vitter's algorithm R): one pass, no list of a class's rows.
  const chosen: number[][] = (names.length === 0 ? [""] : names).map(() => []);
  const met = new Int32Array(chosen.length);
  for (let row = 0; row < dataset.length; row++) {
    const id = names.length === 0 ? 0 : dataset.labelId(row);
    const list = chosen[id];
    if (list === undefined) continue;
    met[id] = (met[id] as number) + 1;
    if (list.length < perClass) list.push(row);
    else {
      const place = random.integer(met[id] as number);
      if (place < perClass) list[place] = row;
    }
  }
  return chosen.map((rows, id) => ({
    label: names[id] ?? "",
    texts: rows.sort((a, b) => a - b).map((row) => shortened(dataset.text(row), SAMPLE_CHARACTERS)),
  }));
}

/** The start of a text on one line. */
function shortened(text: string, most: number): string {
  const line = text
    .slice(0, most * 4)
    .replace(/\s+/gu, " ")
    .trim();
  const characters = Array.from(line);
  return characters.length > most ? `${characters.slice(0, most - 1).join("")}…` : line;
}
