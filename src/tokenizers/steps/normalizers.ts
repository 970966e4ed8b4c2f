/**
 * The normalizers of tokenizer.json: what is done to a text before it is split.
 *
 * @source huggingface/tokenizers, tokenizers/src/normalizers
 */
import { fail } from "../../base/errors.js";
import { type JsonObject, quote } from "../files/read-json.js";
import { normalForm, withoutAccents } from "../unicode/unicode-forms.js";
import { bertNormalize, lowercase } from "./bert-words.js";
import { createPrecompiled } from "./precompiled.js";
import { regularExpression } from "./regular-expression.js";

export type Normalize = (text: string) => string;

/** By the type in tokenizer.json: what makes the function from the section. */
const NORMALIZERS: Readonly<Record<string, (section: JsonObject, where: string) => Normalize>> = {
  BertNormalizer: (section) => {
    const settings = {
      cleanText: section.clean_text === true,
      handleChineseChars: section.handle_chinese_chars === true,
      stripAccents: (section.strip_accents ?? section.lowercase) === true,
      lowercase: section.lowercase === true,
    };
    return (text) => bertNormalize(text, settings);
  },
  Lowercase: () => lowercase,
  NFC: () => (text) => normalForm(text, "NFC"),
  NFD: () => (text) => normalForm(text, "NFD"),
  NFKC: () => (text) => normalForm(text, "NFKC"),
  NFKD: () => (text) => normalForm(text, "NFKD"),
  StripAccents: () => withoutAccents,
  Strip: ({ strip_left, strip_right }) => {
    const ends = [strip_left === true ? "^\\p{White_Space}+" : "", strip_right === true ? "\\p{White_Space}+$" : ""];
    const pattern = new RegExp(ends.filter((end) => end !== "").join("|") || "(?!)", "gu");
    return (text) => text.replace(pattern, "");
  },
  Prepend:
    ({ prepend }) =>
    (text) =>
      text === "" ? "" : `${String(prepend)}${text}`,
  Replace: ({ pattern, content }, where) => {
    const { String: literal, Regex: expression } = (pattern ?? {}) as JsonObject;
    const by = String(content);
    if (typeof literal === "string") return (text) => (literal === "" ? text : text.replaceAll(literal, () => by));
    const found = regularExpression(String(expression), where);
    return (text) => text.replace(found, () => by);
  },
  Precompiled: ({ precompiled_charsmap }, where) =>
    createPrecompiled(fromBase64(String(precompiled_charsmap)), `${where}, precompiled_charsmap`),
};

/**
 * The functions of a section "normalizer", in the order in which they are applied.
 *
 * @throws E_TOKENIZER for one of an unknown type
 */
export function normalizerSteps(section: JsonObject | undefined, where: string): readonly Normalize[] {
  if (section === undefined) return [];
  if (section.type === "Sequence")
    return (Array.isArray(section.normalizers) ? (section.normalizers as JsonObject[]) : []).flatMap((one) =>
      normalizerSteps(one, where),
    );
  const create = Object.hasOwn(NORMALIZERS, String(section.type)) ? NORMALIZERS[String(section.type)] : undefined;
  if (create !== undefined) return [create(section, where)];
  return fail("E_TOKENIZER", {
    where,
    expected: `a normalizer of a known type (${Object.keys(NORMALIZERS).join(", ")}, Sequence)`,
    got: quote(section.type),
    fix: "use a model of the BERT family",
  });
}

function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return new Uint8Array(0);
  }
}
