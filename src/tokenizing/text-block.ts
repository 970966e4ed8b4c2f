/** Texts as bytes in one piece, which are cheap to hash and to hand to another thread. */

import type { TextExample } from "../tokenizers/tokenizer.js";

/** Some texts, or pairs of texts, in their order. */
export interface TextBlock {
  /** Their UTF-8 bytes, one after the other. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** [N], or [2 N] for pairs: where each text ends in `bytes`. */
  readonly ends: Uint32Array<ArrayBuffer>;
  /** Whether two texts each belong together. */
  readonly pairs: boolean;
}

/** The texts or pairs of `block`. */
export function* examplesOf({ bytes, ends, pairs }: TextBlock): Generator<TextExample> {
  const text = (i: number): string => decoder.decode(bytes.subarray(i === 0 ? 0 : ends[i - 1], ends[i]));
  if (pairs) for (let i = 0; i < ends.length; i += 2) yield { text: text(i), textPair: text(i + 1) };
  else for (let i = 0; i < ends.length; i++) yield text(i);
}

// A byte order mark inside a text is part of it, so the decoder must not eat it.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
