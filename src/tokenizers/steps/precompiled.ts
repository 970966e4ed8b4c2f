/**
 * SentencePiece's normalization: a table in the model's file says what some texts of a few characters become.
 *
 * @source huggingface/spm_precompiled, src/lib.rs; tokenizers/src/normalizers/precompiled.rs; s-yata/darts-clone
 */
import { fail } from "../../base/errors.js";
import { RESTORE } from "../files/read-json.js";
import { FIRST_JOINING, graphemeEnd } from "../unicode/graphemes.js";

/** Longer graphemes are looked up character by character. */
const LONGEST_GRAPHEME = 5;
/** Graphemes that are remembered with what they become. */
const REMEMBERED = 20_000;

/**
 * Makes the normalization that a table says.
 *
 * @param table the size of a double-array trie, uint32; the trie; and the replacements, each with a zero byte behind it
 * @throws E_TOKENIZER for a table that is cut off
 */
export function createPrecompiled(table: Uint8Array, where: string): (text: string) => string {
  const lookUp = createLookUp(table, where);
  const remembered = new Map<string, string | undefined>();
  const become = (chunk: string): string | undefined => {
    if (remembered.has(chunk)) return remembered.get(chunk);
    const found = lookUp(chunk);
    if (remembered.size >= REMEMBERED) remembered.clear();
    remembered.set(chunk, found);
    return found;
  };
  const keeps = Array.from(
    { length: 128 },
    (_, code) => code !== 0x0d && lookUp(String.fromCharCode(code)) === undefined,
  );
  return (text) => {
    let result = "";
    let copied = 0;
    const replace = (start: number, end: number, by: string): void => {
      result += text.slice(copied, start) + by;
      copied = end;
    };
    for (let start = 0; start < text.length; ) {
      const code = text.charCodeAt(start);
      if (code < 128 && keeps[code] && !(text.charCodeAt(start + 1) >= FIRST_JOINING)) {
        start++;
        continue;
      }
      const end = graphemeEnd(text, start);
      const grapheme = text.slice(start, end);
      // What the first characters become stands for the whole grapheme: so it is in the library.
      const whole = bytesIn(grapheme) <= LONGEST_GRAPHEME ? become(grapheme) : undefined;
      if (whole !== undefined) replace(start, end, whole);
      else {
        for (let at = start; at < end; ) {
          const next = at + ((text.codePointAt(at) as number) > 0xffff ? 2 : 1);
          const one = become(text.slice(at, next));
          if (one !== undefined) replace(at, next, one);
          at = next;
        }
      }
      start = end;
    }
    return copied === 0 ? text : result + text.slice(copied);
  };
}

/** What the shortest beginning of a text that is in the table becomes. */
function createLookUp(table: Uint8Array, where: string): (chunk: string) => string | undefined {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const trieBytes = table.length < 4 ? 0 : view.getUint32(0, true);
  if (trieBytes === 0 || trieBytes % 4 !== 0 || trieBytes + 4 > table.length) {
    fail("E_TOKENIZER", {
      where,
      expected: "a whole table of normalization",
      got: "one that is cut off",
      fix: RESTORE,
    });
  }
  const units = Uint32Array.from({ length: trieBytes / 4 }, (_, i) => view.getUint32(4 + 4 * i, true));
  const replacements = table.subarray(4 + trieBytes);
  const offsetOf = (unit: number): number => (unit >>> 10) << ((unit & 0x200) >>> 6);
  const unitAt = (at: number): number => units[at] ?? 0;
  return (chunk) => {
    let at = offsetOf(unitAt(0));
    for (const byte of encoder.encode(chunk)) {
      if (byte === 0) return undefined;
      at ^= byte;
      const unit = unitAt(at);
      if ((unit & 0x800000ff) !== byte) return undefined;
      at ^= offsetOf(unit);
      if ((unit & 0x100) !== 0) {
        const start = unitAt(at) & 0x7fffffff;
        const end = replacements.indexOf(0, start);
        return decoder.decode(replacements.subarray(start, end < 0 ? undefined : end));
      }
    }
    return undefined;
  };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The length in UTF-8; of pairs of surrogates each half counts 2. */
function bytesIn(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    bytes += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 2 : 3;
  }
  return bytes;
}
