/** Why a classifier says what it says of a text: the tokens and words that speak for a class. */
import { z } from "zod";
import { fail } from "../base/errors.js";
import { didYouMean } from "../base/nearest.js";
import { resolveOptions } from "../base/resolve-options.js";
import type { Family } from "../metrics/family.js";
import type { LabelsPrediction, PredictionOf } from "../tasks/prediction.js";
import type { WindowScores } from "../tokenizers/long-texts.js";
import type { TokenPlace } from "../tokenizers/token-places.js";
import type { TextExample } from "../tokenizers/tokenizer.js";
import {
  ATTRIBUTION_METHODS,
  type AttributionMethod,
  attributeTokens,
  type TokenAttributions,
} from "../training/attribute-tokens.js";
import type { TokenGradients } from "../training/token-gradients.js";
import type { ClassifierState } from "./classifier-state.js";
import { EXAMPLE, isExample, kindOf } from "./text-example.js";

export const explainOptions = z.strictObject({
  label: z.string().optional().describe("the class to explain; by default the one that is predicted"),
  method: z
    .enum(ATTRIBUTION_METHODS)
    .default("integratedGradients")
    .describe("integrated gradients, or the gradient times the input, which is faster and adds up to nothing"),
  steps: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(32)
    .describe("gradients that are averaged by integrated gradients: more are more exact"),
  signal: z.instanceof(AbortSignal).optional(),
});

/** How a prediction is explained. */
export interface ExplainOptions {
  /** The class to explain; by default the one that is predicted, or the first number of a regression. */
  readonly label?: string | undefined;
  /** "integratedGradients" by default; "gradientTimesInput" is faster, and its scores add up to nothing. */
  readonly method?: AttributionMethod;
  /** Gradients that integrated gradients averages, from 1 to 1,000; 32 by default. */
  readonly steps?: number;
  /** Stops after the run in progress. */
  readonly signal?: AbortSignal | undefined;
}

/** A part of a text, and what it adds to the class. */
export interface Attribution {
  readonly text: string;
  /** Where it stands, in UTF-16 units, as `slice(start, end)` takes it. */
  readonly start: number;
  readonly end: number;
  /** Which text of a pair it is of. */
  readonly of: "text" | "textPair";
  /** What it adds to `value`: above 0 where it speaks for the class, below 0 where it speaks against it. */
  readonly score: number;
}

/** What speaks for a class. */
export interface Explanation {
  /** The class, or the name of the number, that is explained. */
  readonly label: string;
  /** Its logit: what the model puts out before it is made a probability. */
  readonly value: number;
  /** The same of a text that says nothing: padding in the place of every token. */
  readonly baselineValue: number;
  /**
   * The sum of the scores less (value - baselineValue), which is 0 for exact integrated gradients: what the average over
   * `steps` gradients is wrong by. Undefined for gradient times input, which promises no sum.
   */
  readonly error: number | undefined;
  /** The tokens of the text, without those that the tokenizer adds. */
  readonly tokens: readonly Attribution[];
  /** The same, summed over the tokens of each word, number or sign. */
  readonly words: readonly Attribution[];
}

/** What an explanation needs beside the classifier: the gradients, and what is predicted. */
export interface Explainer {
  use<T>(work: (gradients: TokenGradients) => Promise<T>): Promise<T>;
  predict(example: TextExample): Promise<PredictionOf<Family>>;
}

/** @throws E_USAGE for what is no text, E_CONFIG for an option or a label that there is not */
export async function explainExample(
  state: ClassifierState,
  example: TextExample,
  options: ExplainOptions,
  { use, predict }: Explainer,
): Promise<Explanation> {
  if (!isExample(example)) fail("E_USAGE", { where: "explain", expected: EXAMPLE, got: kindOf(example) });
  const { method, steps, signal, label: asked } = resolveOptions(explainOptions, { ...options });
  const { tokenizer, task, labels, model, config, weights } = state;
  const label = asked ?? foremost(await predict(example));
  const outputWeights = weightsOf(label, labels, task.outputs(labels));
  const table = weights.get(model.wordEmbeddings) as Float32Array;
  const width = table.length / model.sizes(config).vocabularySize;
  const pieces = tokenizer.encodePlaced(example, state);
  const all: TokenAttributions[] = [];
  await use(async (gradients) => {
    for (const { ids, places, secondStart } of pieces) {
      const baseline = ids.map((id, t) => (places[t] === undefined ? id : tokenizer.padId));
      const how = { method, steps, padId: tokenizer.padId, outputWeights, signal };
      all.push(await attributeTokens(gradients, table, width, { ids, baseline, secondStart }, how));
    }
  });
  const shares = sharesOf(all, state.longTexts?.read === "windows" ? state.longTexts.scores : "mean", task.family);
  const mean = (numberOf: (one: TokenAttributions) => number): number =>
    all.reduce((sum, one, i) => sum + shares[i] * numberOf(one), 0);
  const value = mean((one) => one.value);
  const baselineValue = mean((one) => one.baselineValue);
  const total = mean(({ scores }) => scores.reduce((sum, score) => sum + score, 0));
  const tokens = tokensOf(
    example,
    pieces.flatMap(({ places }, i) => places.map((place, t) => ({ place, score: shares[i] * all[i].scores[t] }))),
  );
  return {
    ...{ label, value, baselineValue, tokens, words: wordsOf(example, tokens) },
    error: method === "integratedGradients" ? total - (value - baselineValue) : undefined,
  };
}

/**
 * What each window counts for in the value of the text: the mean over its windows, or of the largest probability that
 * window alone.
 */
function sharesOf(all: readonly TokenAttributions[], scores: WindowScores, family: Family): readonly number[] {
  if (scores === "mean") return all.map(() => 1 / all.length);
  const ranks = all.map(({ value, logits }) =>
    family === "single-label" ? -Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - value), 0)) : value,
  );
  const top = ranks.indexOf(Math.max(...ranks));
  return all.map((_, i) => (i === top ? 1 : 0));
}

/** The class, or the number, that a prediction is about. */
function foremost(prediction: PredictionOf<Family>): string {
  if ("label" in prediction) return prediction.label;
  const { labels = [] } = prediction as Partial<LabelsPrediction>;
  const values = "values" in prediction ? prediction.values : prediction.scores;
  const [first = ""] = Object.keys(values);
  const names = "values" in prediction ? [first] : labels.length > 0 ? labels : Object.keys(values);
  return names.reduce((best, name) => (values[name] > values[best] ? name : best));
}

/** The weight of each output in what speaks for `label`: of two classes told by one output, the first is its opposite. */
function weightsOf(label: string, labels: readonly string[], outputs: readonly string[]): Float32Array {
  const output = outputs.indexOf(label);
  if (output >= 0) return Float32Array.from(outputs, (_, c) => (c === output ? 1 : 0));
  if (labels.includes(label)) return Float32Array.of(-1);
  return fail("E_CONFIG", {
    option: "label",
    expected: "one of the classes",
    got: label,
    fix: didYouMean(label, labels),
  });
}

interface Placed {
  readonly place: TokenPlace | undefined;
  readonly score: number;
}

/** The tokens in the order of the text; one that several windows read stands once, with what it adds in all. */
function tokensOf(example: TextExample, placed: readonly Placed[]): Attribution[] {
  const tokens = new Map<string, Attribution>();
  for (const { place, score } of placed) {
    if (place === undefined) continue;
    const { isSecond, start, end } = place;
    const of = isSecond ? "textPair" : "text";
    const text = textOf(example, of).slice(start, end);
    // Characters of several tokens, such as bytes, stand for the sum of these.
    const key = `${of} ${start} ${end}`;
    tokens.set(key, { text, start, end, of, score: score + (tokens.get(key)?.score ?? 0) });
  }
  return [...tokens.values()];
}

function textOf(example: TextExample, of: "text" | "textPair"): string {
  return typeof example === "string" ? example : example[of];
}

/** Words by the rules of Unicode, so that languages without spaces have them too. @source UAX #29 */
const WORDS = new Intl.Segmenter("en", { granularity: "word" });

function wordsOf(example: TextExample, tokens: readonly Attribution[]): Attribution[] {
  const words: Attribution[] = [];
  for (const part of ["text", "textPair"] as const) {
    const own = tokens.filter((token) => token.of === part).sort((a, b) => a.start - b.start);
    let next = 0;
    for (const { segment, index } of own.length === 0 ? [] : WORDS.segment(textOf(example, part))) {
      const end = index + segment.length;
      const first = next;
      while (next < own.length && own[next].start < end) next++;
      if (next === first) continue;
      const inside = own.slice(first, next);
      const last = Math.max(end, ...inside.map((token) => token.end));
      const start = Math.min(...inside.map((token) => token.start), segment.trim() === "" ? end : index);
      const score = inside.reduce((sum, token) => sum + token.score, 0);
      words.push({ text: textOf(example, part).slice(start, last), start, end: last, of: part, score });
    }
  }
  return words;
}
