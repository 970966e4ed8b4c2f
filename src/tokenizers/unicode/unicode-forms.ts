/** Unicode's normal forms, accents and case, as the Rust tokenizers know them: their tables are older than JavaScript's. */
import { flagged } from "./code-points.js";
import { ACCENT, UNNORMALIZED } from "./unicode-characters.js";

const IS_UNNORMALIZED = 1;
const IS_ACCENT = 2;

let loaded: Uint8Array | undefined;

function flagsOfAll(): Uint8Array {
  loaded ??= flagged([
    [UNNORMALIZED, IS_UNNORMALIZED],
    [ACCENT, IS_ACCENT],
  ]);
  return loaded;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
const ASCII = /^[\x00-\x7f]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: all below the first combining character, where NFC changes nothing
const COMPOSED = /^[\x00-\u02ff]*$/;

/**
 * `text` in a normal form. What the library's tables do not have stays as it is, and nothing is composed or reordered across it.
 */
export function normalForm(text: string, form: "NFC" | "NFD" | "NFKC" | "NFKD"): string {
  if (ASCII.test(text) || (form === "NFC" && COMPOSED.test(text))) return text;
  const flags = flagsOfAll();
  let result = "";
  let known = 0;
  for (let i = 0; i < text.length; ) {
    const code = text.codePointAt(i) as number;
    const next = i + (code > 0xffff ? 2 : 1);
    if (flags[code] & IS_UNNORMALIZED) {
      result += text.slice(known, i).normalize(form) + text.slice(i, next);
      known = next;
    }
    i = next;
  }
  return known === 0 ? text.normalize(form) : result + text.slice(known).normalize(form);
}

/** `text` without combining marks of any kind. */
export function withoutAccents(text: string): string {
  if (COMPOSED.test(text)) return text;
  const flags = flagsOfAll();
  let result = "";
  for (const char of text) if ((flags[char.codePointAt(0) as number] & IS_ACCENT) === 0) result += char;
  return result;
}
