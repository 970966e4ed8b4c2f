/** Whether the parts of a data set are alike, in labels and lengths. */
import type { Dataset } from "../dataset/dataset.js";
import { countWords } from "./count-words.js";
import { chiSquareTest, kolmogorovSmirnovTest } from "./statistical-tests.js";

/** A data set by its name among others. */
export interface Part {
  readonly name: string;
  readonly dataset: Dataset;
}

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
  const countsOf = ({ dataset }: Part): number[] =>
    names.map((name) => dataset.labels.counts[dataset.labels.id(name)] ?? 0);
  const [a, b] = [countsOf(reference), countsOf(part)];
  const labelTest = chiSquareTest(a, b);
  const words = ({ dataset }: Part): Int32Array =>
    Int32Array.from({ length: dataset.length }, (_, row) => countWords(dataset.text(row)));
  const lengthTest = kolmogorovSmirnovTest(words(reference), words(part));
  const labels = { statistic: labelTest.statistic, pValue: labelTest.pValue, alike: labelTest.pValue >= ALIKE };
  const lengths = { statistic: lengthTest.statistic, pValue: lengthTest.pValue, alike: lengthTest.pValue >= ALIKE };
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
  const labelSentence =
    names.length === 0
      ? ""
      : labels.alike
        ? `The labels of ${part.name} are mixed as in ${reference.name} (chi-square, p = ${pText(labels.pValue)})`
        : `The labels of ${part.name} are mixed otherwise than in ${reference.name} (chi-square, p = ${pText(labels.pValue)}): "${gap?.name}" is ${percent(gap?.b ?? 0)} of it and ${percent(gap?.a ?? 0)} of ${reference.name}`;
  const lengthSentence = lengths.alike
    ? `its texts are as long (Kolmogorov-Smirnov, p = ${pText(lengths.pValue)})`
    : `its texts differ in length (Kolmogorov-Smirnov, D = ${lengths.statistic.toFixed(3)}, p = ${pText(lengths.pValue)})`;
  const sentence =
    labelSentence === ""
      ? `In ${part.name}, compared with ${reference.name}, ${lengthSentence}.`
      : `${labelSentence}; ${lengthSentence}.`;
  return { part: part.name, reference: reference.name, labels, lengths, sentence };
}

function pText(p: number): string {
  return p < 0.001 ? "less than 0.001" : p.toFixed(p < 0.1 ? 3 : 2);
}
