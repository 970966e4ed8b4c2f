/** A text, or a pair of texts, to the ids that a model takes: cut, with the special tokens around. */
import { fail } from "../base/errors.js";
import type { TokenizerDescription } from "./files/read-files.js";
import type { Template } from "./files/template.js";
import { headOf, type LongTexts, windowStarts } from "./long-texts.js";
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
  /** What is read of a text by itself that is too long; by default what the tokenizer's files say, as a rule its head. */
  readonly longTexts?: LongTexts | undefined;
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

/** The tokens of an example: in one piece, but for long texts that are read in windows. */
export type EncodeExample = (example: TextExample, options: EncodeOptions) => Encoding;
export type EncodeWindows = (example: TextExample, options: EncodeOptions) => readonly Encoding[];

/** Puts the template around the tokens of the texts, cut to the room that it leaves. */
export function createExampleEncoder(
  { templates, truncationSide }: TokenizerDescription,
  encodeText: EncodeText,
): { readonly encode: EncodeExample; readonly windows: EncodeWindows } {
  const fromEnd = truncationSide === "left";
  const own = fromEnd ? "tail" : "head";
  const tokensOf = (text: string, room: number, whole = fromEnd, isSecond = false): Sink => {
    const sink = createSink(whole ? Number.POSITIVE_INFINITY : room);
    encodeText(text, sink, isSecond);
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
  const roomIn = (template: Template, maxLength: number, pair?: TextPair): number => {
    const room = maxLength - template.specials;
    if (!Number.isInteger(maxLength) || room < (pair === undefined ? 1 : 2)) tooShort(maxLength, template, pair);
    return room;
  };
  const encodePair = (pair: TextPair, { maxLength, truncation = "longest_first" }: EncodeOptions): Encoding => {
    const template = templates.pair ?? withoutPairs();
    const room = roomIn(template, maxLength, pair);
    const first = tokensOf(pair.text, room);
    const second = tokensOf(pair.textPair, room, fromEnd, true);
    const kept =
      first.count >= maxLength && second.count >= maxLength
        ? keptOfPair(countUpTo(pair.text, maxLength), countUpTo(pair.textPair, maxLength), room, truncation)
        : keptOfPair(first.count, second.count, room, truncation);
    return fill(template, cut(first, kept[0]), cut(second, kept[1]), template.specials + first.count + second.count);
  };
  const encode = (text: string, { maxLength, longTexts }: EncodeOptions): Encoding => {
    const template = templates.single;
    const room = roomIn(template, maxLength);
    const read = longTexts === undefined || longTexts.read === "windows" ? own : longTexts.read;
    const { ids, count } = tokensOf(text, room, read !== "head");
    const head = headOf(room, read);
    const kept = count <= room ? ids : [...ids.slice(0, head), ...ids.slice(count - (room - head), count)];
    return fill(template, read === "head" ? ids.slice(0, room) : kept, [], template.specials + count);
  };
  const windows = (text: string, maxLength: number, stride: number): Encoding[] => {
    const template = templates.single;
    const room = roomIn(template, maxLength);
    if (stride >= room) tooWide(stride, room);
    const { ids } = tokensOf(text, room, true);
    return windowStarts(ids.length, room, stride).map((start) => {
      const window = ids.slice(start, start + room);
      return fill(template, window, [], template.specials + window.length);
    });
  };
  const encodeAny: EncodeExample = (example, options) =>
    typeof example === "string" ? encode(example, options) : encodePair(example, options);
  return {
    encode: encodeAny,
    windows: (example, options) =>
      typeof example === "string" && options.longTexts?.read === "windows"
        ? windows(example, options.maxLength, options.longTexts.stride)
        : [encodeAny(example, options)],
  };
}

/** The template with the tokens of the texts in it. */
function fill(template: Template, first: readonly number[], second: readonly number[], fullLength: number): Encoding {
  const ids = new Int32Array(template.specials + first.length + second.length);
  let end = 0;
  let secondStart = ids.length;
  for (const [i, part] of template.parts.entries()) {
    if (i === template.secondSegment) secondStart = end;
    const tokens = part === "first" ? first : part === "second" ? second : part;
    ids.set(tokens, end);
    end += tokens.length;
  }
  return { ids, secondStart, fullLength };
}

function tooWide(stride: number, room: number): never {
  fail("E_CONFIG", {
    option: "stride",
    expected: `fewer than the ${room} tokens of text in a window`,
    got: String(stride),
    fix: "choose a smaller one, or a larger maxLength",
  });
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
