/**
 * Pieces of a text by what is found in it.
 *
 * @source huggingface/tokenizers, tokenizers/src/tokenizer/normalizer.rs, NormalizedString::split
 */

/** What becomes of the parts that are found. */
export type SplitBehavior = "Removed" | "Isolated" | "Contiguous" | "MergedWithPrevious" | "MergedWithNext";
export const SPLIT_BEHAVIORS: readonly SplitBehavior[] = [
  "Removed",
  "Isolated",
  "Contiguous",
  "MergedWithPrevious",
  "MergedWithNext",
];

/** Where something is found, in order and apart from each other. */
export type Find = (text: string) => Iterable<readonly [start: number, end: number]>;

/** The parts of a text, those that were found and those between them, none empty. */
interface Part {
  start: number;
  end: number;
  readonly isFound: boolean;
}

/** The pieces of `text` where `find` finds something; `invert` takes what is between for what is found. */
export function split(text: string, find: Find, behavior: SplitBehavior, invert = false): string[] {
  const parts: Part[] = [];
  let last = 0;
  for (const [start, end] of find(text)) {
    if (start > last) parts.push({ start: last, end: start, isFound: invert });
    if (end > start) parts.push({ start, end, isFound: !invert });
    last = end;
  }
  if (last < text.length) parts.push({ start: last, end: text.length, isFound: invert });
  return joined(parts, behavior).map(({ start, end }) => text.slice(start, end));
}

function joined(parts: readonly Part[], behavior: SplitBehavior): readonly Part[] {
  if (behavior === "Isolated") return parts;
  if (behavior === "Removed") return parts.filter(({ isFound }) => !isFound);
  const fromEnd = behavior === "MergedWithNext";
  const result: Part[] = [];
  let wasFound = false;
  for (const part of fromEnd ? [...parts].reverse() : parts) {
    const merges = behavior === "Contiguous" ? part.isFound === wasFound : part.isFound && !wasFound;
    const other = result[result.length - 1];
    if (!merges || other === undefined) result.push({ ...part });
    else if (fromEnd) other.start = part.start;
    else other.end = part.end;
    wasFound = part.isFound;
  }
  return fromEnd ? result.reverse() : result;
}

/** Finds what a regular expression with the flag "g" matches. */
export function matchesOf(pattern: RegExp): Find {
  return function* (text) {
    // `matchAll` would copy the expression for every text, which costs more than to search it.
    let from = 0;
    while (from <= text.length) {
      pattern.lastIndex = from;
      const match = pattern.exec(text);
      if (match === null) return;
      const end = match.index + match[0].length;
      yield [match.index, end];
      from = end > match.index ? end : end + 1;
    }
  };
}

/** Finds each character, by its code point, that `is`. */
export function charactersThat(is: (code: number) => boolean): Find {
  return function* (text) {
    for (let i = 0; i < text.length; ) {
      const code = text.codePointAt(i) as number;
      const next = i + (code > 0xffff ? 2 : 1);
      if (is(code)) yield [i, next];
      i = next;
    }
  };
}
