/** Tokens for single bytes, `<0x00>` to `<0xFF>`: what SentencePiece makes of characters that its vocabulary lacks. */
import type { JsonObject } from "../files/read-json.js";

/** The ids of the bytes of a text; undefined where the vocabulary lacks one of them, or none are asked for. */
export type ByteFallback = (text: string) => readonly number[] | undefined;

const encoder = new TextEncoder();

/** By a section's `byte_fallback`. @source huggingface/tokenizers, tokenizers/src/models/unigram/model.rs, bpe/model.rs */
export function byteFallback(section: JsonObject, vocabulary: ReadonlyMap<string, number>): ByteFallback {
  if (section.byte_fallback !== true) return () => undefined;
  const ids = Array.from({ length: 256 }, (_, byte) =>
    vocabulary.get(`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`),
  );
  return (text) => {
    const found = Array.from(encoder.encode(text), (byte) => ids[byte]);
    return found.every((id) => id !== undefined) ? found : undefined;
  };
}
