/** Texts of requests, checked. */
import { Problem } from "../http/problem.js";
import type { TextExample } from "../tokenizers/tokenizer.js";
import type { WireExample } from "./wire.js";

export interface RequestLimits {
  /** Bytes. */
  readonly maxBody: number;
  readonly maxTexts: number;
  /** Characters. */
  readonly maxTextLength: number;
}

/** The examples of a request and whether it was one alone. @throws Problem 400 for none, 413 for too many or too long ones */
export function examplesOf(
  input: WireExample | readonly WireExample[],
  { maxTexts, maxTextLength }: RequestLimits,
): { examples: TextExample[]; alone: boolean } {
  const alone = !Array.isArray(input);
  const all = (alone ? [input] : input) as readonly WireExample[];
  if (all.length === 0) throw new Problem(400, "input: expected at least one text, got none");
  if (all.length > maxTexts)
    throw new Problem(413, `input: expected at most ${maxTexts} texts, got ${all.length}; send them in parts`);
  const examples = all.map((one, index) => {
    for (const text of typeof one === "string" ? [one] : [one.text, one.text_pair]) {
      const place = `input, text ${index + 1}`;
      if (text.length > maxTextLength)
        throw new Problem(413, `${place}: expected at most ${maxTextLength} characters, got ${text.length}`);
      if (text.trim() === "") throw new Problem(400, `${place}: expected a text, got an empty one`);
    }
    return typeof one === "string" ? one : { text: one.text, textPair: one.text_pair };
  });
  return { examples, alone };
}
