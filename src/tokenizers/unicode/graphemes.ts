/**
 * Where graphemes end, as the Rust tokenizers see them.
 *
 * @source Unicode Standard Annex 29, extended grapheme clusters (rules GB3 to GB13)
 */
import { flagged } from "./code-points.js";
import { BREAKING, CONSONANT, EXTENDING, JOINING, LINKING, PICTURE, PREPENDING } from "./unicode-characters.js";

const IS_JOINING = 1;
const IS_EXTENDING = 2;
const IS_LINKING = 4;
const IS_PREPENDING = 8;
const IS_PICTURE = 16;
const IS_BREAKING = 32;
const IS_CONSONANT = 64;

/** The first character that is never a grapheme's beginning. */
export const FIRST_JOINING = 0x300;
const NON_JOINER = 0x200c;
const JOINER = 0x200d;

let loaded: Uint8Array | undefined;

function flagsOfAll(): Uint8Array {
  loaded ??= flagged([
    [JOINING, IS_JOINING],
    [EXTENDING, IS_EXTENDING],
    [LINKING, IS_LINKING],
    [PREPENDING, IS_PREPENDING],
    [PICTURE, IS_PICTURE],
    [BREAKING, IS_BREAKING],
    [CONSONANT, IS_CONSONANT],
  ]);
  return loaded;
}

/** The end of the grapheme of `text` that begins at `start`. */
export function graphemeEnd(text: string, start: number): number {
  const flags = flagsOfAll();
  let code = text.codePointAt(start) as number;
  let end = start + (code > 0xffff ? 2 : 1);
  if (code === 0x0d && text.charCodeAt(end) === 0x0a) return end + 1;
  let flag = flags[code];
  if (flag & IS_BREAKING || code === 0) return end;
  // A picture and what extends it; then with the joiner behind it.
  let picture = flag & IS_PICTURE ? 1 : 0;
  // A consonant and what extends it; then with a linking character among that.
  let conjunct = flag & IS_CONSONANT ? 1 : 0;
  let indicators = isIndicator(code) ? 1 : 0;
  while (end < text.length) {
    const next = text.codePointAt(end) as number;
    const nextFlag = flags[next];
    if (nextFlag & IS_BREAKING || next === 0) return end;
    const joins =
      nextFlag & IS_JOINING ||
      flag & IS_PREPENDING ||
      (picture === 2 && nextFlag & IS_PICTURE) ||
      (conjunct === 2 && nextFlag & IS_CONSONANT) ||
      (indicators % 2 === 1 && isIndicator(next)) ||
      isSyllable(code, next);
    if (!joins) return end;
    if (nextFlag & IS_PICTURE) picture = 1;
    else if (picture !== 1 || !(nextFlag & IS_EXTENDING)) picture = picture === 1 && next === JOINER ? 2 : 0;
    if (nextFlag & IS_CONSONANT) conjunct = 1;
    else if (conjunct > 0) {
      if (nextFlag & IS_LINKING) conjunct = 2;
      else if (!(nextFlag & IS_EXTENDING && next !== NON_JOINER) && next !== JOINER) conjunct = 0;
    }
    indicators = isIndicator(next) ? indicators + 1 : 0;
    code = next;
    flag = nextFlag;
    end += next > 0xffff ? 2 : 1;
  }
  return end;
}

/** A regional indicator: two of them are a flag. */
function isIndicator(code: number): boolean {
  return code >= 0x1f1e6 && code <= 0x1f1ff;
}

/** Whether two parts of a Hangul syllable follow each other. */
function isSyllable(code: number, next: number): boolean {
  if (code < 0x1100) return false;
  if (isLead(code)) return isLead(next) || isVowel(next) || (next >= 0xac00 && next <= 0xd7a3);
  const isOpen = isVowel(code) || (code >= 0xac00 && code <= 0xd7a3 && (code - 0xac00) % 28 === 0);
  if (isOpen) return isVowel(next) || isTrail(next);
  return (isTrail(code) || (code >= 0xac00 && code <= 0xd7a3)) && isTrail(next);
}

function isLead(code: number): boolean {
  return (code >= 0x1100 && code <= 0x115f) || (code >= 0xa960 && code <= 0xa97c);
}

function isVowel(code: number): boolean {
  return (code >= 0x1160 && code <= 0x11a7) || (code >= 0xd7b0 && code <= 0xd7c6);
}

function isTrail(code: number): boolean {
  return (code >= 0x11a8 && code <= 0x11ff) || (code >= 0xd7cb && code <= 0xd7fb);
}
