/**
 * Added tokens: "[SEP]" inside a text is one token, before anything else looks at it.
 *
 * @source huggingface/tokenizers, tokenizers/src/tokenizer/added_vocabulary.rs
 */

/** A token that is found in the text as it stands (or, `normalized`, in the normalized text). */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly special: boolean;
  readonly singleWord: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  readonly normalized: boolean;
}

const WORD_BEFORE = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]$/u;
const WORD_AFTER = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u;
const SPACE = /\p{White_Space}/u;

/** What receives the parts of a text, in order. */
export interface PartReceiver {
  /** `start` is where the part stands. */
  text(part: string, start: number): void;
  token(id: number, start: number, end: number): void;
}

/** Makes a function that takes a text apart at `tokens`, the leftmost first and of these the longest; undefined without tokens. */
export function createTokenFinder(
  tokens: readonly { readonly content: string; readonly token: AddedToken }[],
): ((text: string, receiver: PartReceiver) => void) | undefined {
  const byContent = new Map(
    tokens.filter(({ content }) => content !== "").map(({ content, token }) => [content, token]),
  );
  if (byContent.size === 0) return undefined;
  const pattern = [...byContent.keys()]
    .sort((a, b) => b.length - a.length)
    .map((content) => content.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"))
    .join("|");
  const contents = new RegExp(pattern, "gu");
  return (text, receiver) => {
    let from = 0;
    contents.lastIndex = 0;
    for (let match = contents.exec(text); match !== null; match = contents.exec(text)) {
      const token = byContent.get(match[0]) as AddedToken;
      let start = match.index;
      let end = start + match[0].length;
      if (token.singleWord) {
        if (WORD_BEFORE.test(text.slice(Math.max(0, start - 2), start)) || WORD_AFTER.test(text.slice(end, end + 2)))
          continue;
      }
      if (token.lstrip) while (start > from && SPACE.test(text.charAt(start - 1))) start--;
      if (token.rstrip) while (end < text.length && SPACE.test(text.charAt(end))) end++;
      if (from < start) receiver.text(text.slice(from, start), from);
      receiver.token(token.id, start, end);
      from = Math.max(from, end);
    }
    if (from < text.length) receiver.text(from === 0 ? text : text.slice(from), from);
  };
}
