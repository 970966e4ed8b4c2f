/**
 * Byte-pair encoding: the characters of a word, joined pair by pair in the order of a list.
 *
 * @source huggingface/tokenizers, tokenizers/src/models/bpe/word.rs and model.rs; arXiv:1508.07909
 */
import { fail } from "../../base/errors.js";
import { type JsonObject, quote, RESTORE } from "../files/read-json.js";
import { byteFallback } from "./byte-tokens.js";
import { createPairTable, type PairTable } from "./pair-table.js";
import { readVocabulary, refuseOptions, type TokenModelKind } from "./token-model.js";

export const bytePairKind: TokenModelKind = {
  type: "BPE",
  isUntyped: ({ merges }) => Array.isArray(merges),
  read(section, added, where) {
    refuseOptions(section, ["dropout", "continuing_subword_prefix", "end_of_word_suffix"], where);
    const vocabulary = readVocabulary(section, where);
    const merges = readMerges(section, vocabulary, where);
    const own = new Map(vocabulary);
    const unkToken = typeof section.unk_token === "string" ? section.unk_token : undefined;
    const [fuseUnk, ignoreMerges] = [section.fuse_unk === true, section.ignore_merges === true];
    const unkId = unkToken === undefined ? undefined : own.get(unkToken);
    const bytesOf = byteFallback(section, own);
    for (const [token, id] of added) vocabulary.set(token, id);
    const join = createJoiner(merges);
    return {
      kind: this.type,
      vocabulary,
      unkToken,
      get facts() {
        // A pair is written as a list, or in older files with a space.
        const pairs = (section.merges as readonly (string | readonly string[])[]).map((pair) =>
          typeof pair === "string" ? pair : pair.join(" "),
        );
        const bytes = section.byte_fallback === true ? { byteFallback: true } : {};
        return { pairs, unkToken: unkToken ?? null, fuseUnk, ignoreMerges, ...bytes };
      },
      tokens(word) {
        const whole = ignoreMerges ? own.get(word) : undefined;
        if (whole !== undefined) return [whole];
        const ids: number[] = [];
        // An unknown character waits for the next known one, so that bytes come before it: as in the library.
        let waiting = false;
        const unknown = (): void => {
          if (waiting && unkId !== undefined) ids.push(unkId);
        };
        for (const char of word) {
          const id = own.get(char);
          const bytes = id === undefined ? bytesOf(char) : undefined;
          if (bytes !== undefined) {
            ids.push(...bytes);
            continue;
          }
          if (id !== undefined || !fuseUnk) unknown();
          if (id !== undefined) ids.push(id);
          waiting = id === undefined;
        }
        unknown();
        return join(ids);
      },
    };
  },
};

/** The pairs in their order, and the token that each makes. */
interface Merges {
  /** The place in the list of a pair of ids. */
  readonly ranks: PairTable;
  readonly results: Int32Array;
}

function readMerges(section: JsonObject, vocabulary: ReadonlyMap<string, number>, where: string): Merges {
  const list = section.merges;
  if (!Array.isArray(list))
    fail("E_TOKENIZER", { where, expected: "model.merges to be a list", got: quote(list), fix: RESTORE });
  const ranks = createPairTable();
  const results = Int32Array.from(list as unknown[], (entry, rank) => {
    const pair: unknown = typeof entry === "string" ? entry.split(" ") : entry;
    const [a, b] = Array.isArray(pair) && pair.length === 2 ? (pair as string[]) : ["", ""];
    const [first, second, both] = [a, b, a + b].map((token) => vocabulary.get(token));
    if (first === undefined || second === undefined || both === undefined) {
      return fail("E_TOKENIZER", {
        where,
        expected: `model.merges[${rank}] to be two tokens of the vocabulary that make a third`,
        got: quote(entry),
        fix: RESTORE,
      });
    }
    ranks.set(first, second, rank);
    return both;
  });
  return { ranks, results };
}

/** Joins the tokens of a word, the pair of the lowest rank first, of equal ones the leftmost. */
function createJoiner({ ranks, results }: Merges): (ids: number[]) => number[] {
  return (ids) => {
    const { length } = ids;
    if (length < 2) return ids;
    const previous = new Int32Array(length);
    const next = new Int32Array(length);
    // Pairs that may be joined, as rank * length + place: the smallest number is the next one.
    const waiting: number[] = [];
    const consider = (at: number): void => {
      const rank = ranks.get(ids[at], ids[next[at]]);
      if (rank >= 0) push(waiting, rank * length + at);
    };
    for (let i = 0; i < length; i++) {
      previous[i] = i - 1;
      next[i] = i + 1;
    }
    for (let i = 0; i < length - 1; i++) consider(i);
    while (waiting.length > 0) {
      const top = pop(waiting);
      const at = top % length;
      const right = next[at];
      if (ids[at] < 0 || right === length) continue;
      // Since it began to wait the pair may have become another one; one that makes the same token will do.
      const rank = ranks.get(ids[at], ids[right]);
      const result = results[Math.floor(top / length)];
      if (rank < 0 || results[rank] !== result) continue;
      ids[at] = result;
      ids[right] = -1;
      next[at] = next[right];
      if (next[at] < length) {
        previous[next[at]] = at;
        consider(at);
      }
      if (previous[at] >= 0) consider(previous[at]);
    }
    return ids.filter((id) => id >= 0);
  };
}

/** Puts `value` into a heap, whose first element is the smallest. */
function push(heap: number[], value: number): void {
  let at = heap.length;
  heap.push(value);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (heap[parent] <= value) break;
    heap[at] = heap[parent];
    at = parent;
  }
  heap[at] = value;
}

/** Takes the smallest value out of a heap that is not empty. */
function pop(heap: number[]): number {
  const top = heap[0];
  const last = heap.pop() as number;
  const { length } = heap;
  if (length === 0) return top;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= length) break;
    if (child + 1 < length && heap[child + 1] < heap[child]) child++;
    if (heap[child] >= last) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = last;
  return top;
}
