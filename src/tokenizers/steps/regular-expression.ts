/** Regular expressions of tokenizer.json, which are written for the library Oniguruma. */
import { fail } from "../../base/errors.js";
import { quote } from "../files/read-json.js";
import { rangesOf } from "../unicode/code-points.js";
import { DIGIT, LETTER, MARKS, NUMBER, WHITE } from "../unicode/unicode-characters.js";

/** Classes whose members the two know differently, by their tables. */
const TABLES: Readonly<Record<string, string>> = { L: LETTER, N: NUMBER, M: MARKS };

/**
 * `pattern` as JavaScript's, global and by code points.
 *
 * @throws E_TOKENIZER for what JavaScript lacks or understands otherwise
 */
export function regularExpression(pattern: string, where: string): RegExp {
  const refuse = (cause?: unknown): never =>
    fail(
      "E_TOKENIZER",
      {
        where,
        expected: "a regular expression of letters, classes, groups, alternatives and repetitions",
        got: quote(pattern),
        fix: "use a model whose tokenizer is of the BERT, RoBERTa or SentencePiece kind",
      },
      cause,
    );
  let source = "";
  let inClass = false;
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i];
    const escaped = char === "\\" ? pattern.slice(i + 1) : undefined;
    const property = escaped === undefined ? null : /^([pP])\{(\^?)(\w+)\}/.exec(escaped);
    if (property !== null) {
      const [whole, kind, caret, name] = property;
      source += classOf(TABLES[name], name, (kind === "P") !== (caret === "^"), inClass) ?? refuse();
      i += whole.length;
    } else if (escaped !== undefined) {
      const letter = escaped[0] ?? "";
      if (letter === "s" || letter === "S") source += classOf(WHITE, "", letter === "S", inClass) ?? refuse();
      else if (letter === "d") source += classOf(DIGIT, "", false, inClass);
      else if (/[a-zA-Z0-9]/.test(letter) && !/[nrtfv]/.test(letter)) refuse();
      else source += /[A-Za-z]|[\^$\\.*+?()[\]{}|/-]/.test(letter) ? `\\${letter}` : letter;
      i++;
    } else if (inClass) {
      if (char === "[" || (char === "&" && pattern[i + 1] === "&")) refuse();
      inClass = char !== "]";
      source += char;
    } else if (char === "^" || char === "$") refuse();
    else if (char === "+" && /[+?*}]/.test(pattern[i - 1] ?? "") && pattern[i - 2] !== "\\") refuse();
    else {
      inClass = char === "[";
      source += char === "." ? "[^\\n]" : char;
    }
  }
  try {
    return new RegExp(source, "gu");
  } catch (error) {
    return refuse(error);
  }
}

/** A class by its table, or by its name; undefined for a class that cannot be negated where it stands. */
function classOf(table: string | undefined, name: string, negated: boolean, inClass: boolean): string | undefined {
  if (table === undefined) return `\\${negated ? "P" : "p"}{${name}}`;
  const members = membersOf(table);
  if (!inClass) return `[${negated ? "^" : ""}${members}]`;
  return negated ? undefined : members;
}

function membersOf(table: string): string {
  const hex = (code: number): string => `\\u{${code.toString(16)}}`;
  return [...rangesOf(table)]
    .map(([from, to]) => (to - from === 1 ? hex(from) : `${hex(from)}-${hex(to - 1)}`))
    .join("");
}
