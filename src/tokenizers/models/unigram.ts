/**
 * Unigram: of all ways to divide a word into tokens the most probable one.
 *
 * @source huggingface/tokenizers, tokenizers/src/models/unigram/model.rs; arXiv:1804.10959
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { fail } from "../../base/errors.js";
import { type JsonObject, quote, RESTORE } from "../files/read-json.js";
import { type ByteFallback, byteFallback } from "./byte-tokens.js";
import { createPairTable } from "./pair-table.js";
import type { TokenModelKind } from "./token-model.js";

/** An unknown character is so much less probable than the rarest token. */
const UNKNOWN_PENALTY = 10;

export const unigramKind: TokenModelKind = {
  type: "Unigram",
  isUntyped: ({ vocab, merges }) => Array.isArray(vocab) && merges === undefined,
  read(section, added, where) {
    const { tokens, scores } = readScores(section, where);
    const unkId = section.unk_id;
    if (typeof unkId !== "number" || tokens[unkId] === undefined)
      fail("E_TOKENIZER", { where, expected: "model.unk_id to be a token's id", got: quote(unkId), fix: RESTORE });
    const vocabulary = new Map(tokens.map((token, id) => [token, id]));
    const divide = createDivider(tokens, scores, unkId, byteFallback(section, vocabulary));
    for (const [token, id] of added) vocabulary.set(token, id);
    return {
      kind: this.type,
      vocabulary,
      unkToken: tokens[unkId],
      get facts() {
        // A number for each of some 250,000 tokens: their bytes, which every machine in use has in this order.
        const bytes = section.byte_fallback === true ? { byteFallback: true } : {};
        return { scores: bytesToHex(sha256(new Uint8Array(scores.buffer))), unkId, ...bytes };
      },
      tokens: divide,
    };
  },
};

function readScores(section: JsonObject, where: string): { tokens: readonly string[]; scores: Float64Array } {
  const list: unknown = section.vocab;
  if (!Array.isArray(list) || list.length === 0)
    fail("E_TOKENIZER", { where, expected: "model.vocab to list tokens and scores", got: quote(list), fix: RESTORE });
  const scores = new Float64Array(list.length);
  const tokens = (list as unknown[]).map((entry, id) => {
    const [token, score] = Array.isArray(entry) ? (entry as unknown[]) : [];
    if (typeof token !== "string" || typeof score !== "number")
      fail("E_TOKENIZER", {
        where,
        expected: `model.vocab[${id}] to be a token and its score`,
        got: quote(entry),
        fix: RESTORE,
      });
    scores[id] = score;
    return token;
  });
  return { tokens, scores };
}

/** Makes the function that divides words, by the best score up to each place. */
function createDivider(
  tokens: readonly string[],
  scores: Float64Array,
  unkId: number,
  bytesOf: ByteFallback,
): (word: string) => readonly number[] {
  // A tree of the tokens' characters: by node and UTF-16 unit the next node, and by node the token that ends there.
  const children = createPairTable();
  const ends: number[] = [-1];
  let lowest = Number.POSITIVE_INFINITY;
  for (const [id, token] of tokens.entries()) {
    lowest = Math.min(lowest, scores[id]);
    let node = 0;
    for (let i = 0; i < token.length; i++) {
      const unit = token.charCodeAt(i);
      let child = children.get(node, unit);
      if (child < 0) {
        child = ends.push(-1) - 1;
        children.set(node, unit, child);
      }
      node = child;
    }
    if (token !== "") ends[node] = id;
  }
  const endOf = Int32Array.from(ends);
  const unknownScore = lowest - UNKNOWN_PENALTY;
  return (word) => {
    const { length } = word;
    const best = new Float64Array(length + 1);
    const from = new Int32Array(length + 1).fill(-1);
    const idAt = new Int32Array(length + 1);
    const offer = (start: number, end: number, id: number, score: number): void => {
      if (from[end] >= 0 && score <= best[end]) return;
      best[end] = score;
      from[end] = start;
      idAt[end] = id;
    };
    for (let start = 0; start < length; ) {
      const next = start + ((word.codePointAt(start) as number) > 0xffff ? 2 : 1);
      let isCharacterKnown = false;
      let node = 0;
      for (let end = start; end < length; ) {
        node = children.get(node, word.charCodeAt(end));
        if (node < 0) break;
        end++;
        const id = endOf[node];
        if (id < 0) continue;
        offer(start, end, id, best[start] + scores[id]);
        if (end === next) isCharacterKnown = true;
      }
      if (!isCharacterKnown) offer(start, next, unkId, best[start] + unknownScore);
      start = next;
    }
    const ids: number[] = [];
    for (let end = length; end > 0; ) {
      let start = from[end];
      if (idAt[end] !== unkId) ids.push(idAt[end]);
      else {
        // Unknown characters side by side are one token.
        while (start > 0 && idAt[start] === unkId) start = from[start];
        const bytes = bytesOf(word.slice(start, end));
        if (bytes === undefined) ids.push(unkId);
        else ids.push(...bytes.toReversed());
      }
      end = start;
    }
    return ids.reverse();
  };
}
