/** Whether the parts of a data set are alike, in labels and lengths. */
import { countWords } from "./count-words.js";
import type { Part } from "./part.js";
import { chiSquareTest, kolmogorovSmirnovTest } from "./statistical-tests.js";

/** How a part compares with the first. */
export interface PartComparison {
  readonly part: string;
  readonly reference: string;
  readonly labels: { readonly statistic: number; readonly pValue: number; readonly alike: boolean };
  readonly lengths: { readonly statistic: number; readonly pValue: number; readonly alike: boolean };
  readonly sentence: string;
}

/** Parts count as alike unless a difference as large would come by chance in fewer than one of a hundred splits. */
const ALIKE = 0.01;

/** The labels and lengths of `part` beside those of `reference`, with a test for each and a sentence. */
export function compareParts(part: Part, reference: Part, names: readonly string[]): PartComparison {
  const areNumbers = reference.dataset.targetKind === "number" && part.dataset.targetKind === "number";
  const labels = areNumbers ? compareNumbers(part, reference) : compareClasses(part, reference, names);
  const words = ({ dataset }: Part): Int32Array =>
    Int32Array.from({ length: dataset.length }, (_, row) => countWords(dataset.text(row)));
  const lengths = judged(kolmogorovSmirnovTest(words(reference), words(part)));
  const lengthSentence = lengths.alike
    ? `its texts are as long (Kolmogorov-Smirnov, p = ${pText(lengths.pValue)})`
    : `its texts differ in length (Kolmogorov-Smirnov, D = ${lengths.statistic.toFixed(3)}, p = ${pText(lengths.pValue)})`;
  const sentence =
    labels.sentence === ""
      ? `In ${part.name}, compared with ${reference.name}, ${lengthSentence}.`
      : `${labels.sentence}; ${lengthSentence}.`;
  return { part: part.name, reference: reference.name, labels: labels.test, lengths, sentence };
}

type Judged = PartComparison["labels"];

const judged = ({ statistic, pValue }: { readonly statistic: number; readonly pValue: number }): Judged => ({
  statistic,
  pValue,
  alike: pValue >= ALIKE,
});

interface LabelComparison {
  readonly test: Judged;
  readonly sentence: string;
}

function compareClasses(part: Part, reference: Part, names: readonly string[]): LabelComparison {
  const countsOf = ({ dataset }: Part): number[] =>
    names.map((name) => dataset.labels.counts[dataset.labels.id(name)] ?? 0);
  const [a, b] = [countsOf(reference), countsOf(part)];
  const test = judged(chiSquareTest(a, b));
  const share = (counts: readonly number[], id: number): number =>
    (counts[id] as number) /
    Math.max(
      1,
      counts.reduce((sum, count) => sum + count, 0),
    );
  const gap = names
    .map((name, id) => ({ name, a: share(a, id), b: share(b, id) }))
    .sort((x, y) => Math.abs(y.a - y.b) - Math.abs(x.a - x.b))[0];
  const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
  const sentence =
    names.length === 0
      ? ""
      : test.alike
        ? `The labels of ${part.name} are mixed as in ${reference.name} (chi-square, p = ${pText(test.pValue)})`
        : `The labels of ${part.name} are mixed otherwise than in ${reference.name} (chi-square, p = ${pText(test.pValue)}): "${gap?.name}" is ${percent(gap?.b ?? 0)} of it and ${percent(gap?.a ?? 0)} of ${reference.name}`;
  return { test, sentence };
}

function compareNumbers(part: Part, reference: Part): LabelComparison {
  const numbersOf = ({ dataset }: Part): Float64Array =>
    Float64Array.from({ length: dataset.length }, (_, row) => dataset.target(row)).filter(
      (value) => !Number.isNaN(value),
    );
  const test = judged(kolmogorovSmirnovTest(numbersOf(reference), numbersOf(part)));
  const how = test.alike ? "are spread as in" : "are spread otherwise than in";
  return {
    test,
    sentence: `The numbers of ${part.name} ${how} ${reference.name} (Kolmogorov-Smirnov, p = ${pText(test.pValue)})`,
  };
}

function pText(p: number): string {
  return p < 0.001 ? "less than 0.001" : p.toFixed(p < 0.1 ? 3 : 2);
}
