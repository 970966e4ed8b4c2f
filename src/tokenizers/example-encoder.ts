/** A text, or a pair of texts, to the ids that a model takes: cut, with the special tokens around. */
import { fail } from "../base/errors.js";
import type { TokenizerDescription } from "./files/read-files.js";
import type { Template } from "./files/template.js";
import { createSink, type EncodeText, type Sink } from "./text-encoder.js";
import { keptOfPair, type TruncationStrategy } from "./truncate.js";

/** Two texts that are classified as one, as a question and an answer. */
export interface TextPair {
  readonly text: string;
  readonly textPair: string;
}

/** What is classified: a text, or a pair of texts. */
export type TextExample = string | TextPair;

/** How an example is cut. */
export interface EncodeOptions {
  /** The most tokens, special ones included: at least one of each text besides these, so 3 for BERT, or 5 for a pair. */
  readonly maxLength: number;
  /** Which text of a pair gives way; "longest_first" by default. */
  readonly truncation?: TruncationStrategy | undefined;
}

/** The tokens of one example. */
export interface Encoding {
  /** [T] int32, from [CLS] to [SEP], T at most the `maxLength` asked for. */
  readonly ids: Int32Array;
  /** The first token of the second segment: `token_type_ids` are 0 before it and 1 from it on. T where all are 0. */
  readonly secondStart: number;
  /** T before truncation. */
  readonly fullLength: number;
}

export type EncodeExample = (example: TextExample, options: EncodeOptions) => Encoding;

/** Puts the template around the tokens of the texts, cut to the room that it leaves. */
export function createExampleEncoder(
  { templates, truncationSide }: TokenizerDescription,
  encodeText: EncodeText,
): EncodeExample {
  const fromEnd = truncationSide === "left";
  const tokensOf = (text: string, room: number): Sink => {
    const sink = createSink(fromEnd ? Number.POSITIVE_INFINITY : room);
    encodeText(text, sink);
    return sink;
  };
  /** The library leaves off after the word that makes `enough`, and takes for the longer text the one that it has more of. */
  const countUpTo = (text: string, enough: number): number => {
    const words: number[] = [];
    encodeText(text, createSink(0, words));
    if (fromEnd) words.reverse();
    let count = 0;
    for (let i = 0; i < words.length && count < enough; i++) count += words[i];
    return count;
  };
  const cut = ({ ids }: Sink, length: number): readonly number[] =>
    ids.length <= length ? ids : fromEnd ? ids.slice(ids.length - length) : ids.slice(0, length);
  return (example, { maxLength, truncation = "longest_first" }) => {
    const pair = typeof example === "string" ? undefined : example;
    const template = pair === undefined ? templates.single : (templates.pair ?? withoutPairs());
    const room = maxLength - template.specials;
    if (!Number.isInteger(maxLength) || room < (pair === undefined ? 1 : 2)) tooShort(maxLength, template, pair);
    const first = tokensOf(pair === undefined ? (example as string) : pair.text, room);
    const second = pair && tokensOf(pair.textPair, room);
    const counts = [first.count, second?.count ?? 0] as const;
    const kept =
      pair === undefined
        ? [Math.min(first.count, room), 0]
        : counts[0] >= maxLength && counts[1] >= maxLength
          ? keptOfPair(countUpTo(pair.text, maxLength), countUpTo(pair.textPair, maxLength), room, truncation)
          : keptOfPair(...counts, room, truncation);
    const ids = new Int32Array(template.specials + kept[0] + kept[1]);
    let end = 0;
    let secondStart = ids.length;
    for (const [i, part] of template.parts.entries()) {
      if (i === template.secondSegment) secondStart = end;
      const tokens = part === "first" ? cut(first, kept[0]) : part === "second" ? cut(second as Sink, kept[1]) : part;
      ids.set(tokens, end);
      end += tokens.length;
    }
    return { ids, secondStart, fullLength: template.specials + counts[0] + counts[1] };
  };
}

function tooShort(maxLength: number, { specials }: Template, pair: TextPair | undefined): never {
  const [least, parts] =
    pair === undefined
      ? [specials + 1, "one token and the special ones around it"]
      : [specials + 2, "a token of each text and the special ones around them"];
  return fail("E_CONFIG", {
    where: "maxLength",
    expected: `a whole number of at least ${least}: ${parts}`,
    got: String(maxLength),
    fix: "choose a larger one",
  });
}

function withoutPairs(): never {
  return fail("E_TOKENIZER", {
    where: "post_processor of tokenizer.json",
    expected: "a template of pairs",
    got: "none",
    fix: "classify one text at a time, or choose another model",
  });
}
