/** What can be classified: a text, or a pair of texts. */
import type { TextExample, TextPair } from "../tokenizers/tokenizer.js";

/** How it is called in messages. */
export const EXAMPLE = "a text, or a pair { text, textPair }";

export function isExample(value: unknown): value is TextExample {
  if (typeof value !== "object" || value === null) return typeof value === "string";
  const { text, textPair } = value as Partial<TextPair>;
  return typeof text === "string" && typeof textPair === "string";
}

/** What a wrong value is. */
export function kindOf(value: unknown): string {
  return value === null ? "null" : typeof value;
}
