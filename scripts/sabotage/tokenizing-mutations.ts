/** Mistakes in how texts become token ids. */
import { inFile, type SourceMutation } from "./source-mutation.js";

const KINDS = "tests/parity/tokenizer-kinds.test.ts";

export const TOKENIZING_MUTATIONS: readonly SourceMutation[] = [
  ...inFile(
    "src/tokenizers/truncate.ts",
    ["tests/parity/tokenizer-pairs.test.ts"],
    [
      ["the shorter text is cut", "shorter <= half ? room - shorter : room - half", "room - half"],
      [
        "the second text is cut where the first should be",
        "? [rest, second] : [first, rest]",
        "? [first, rest] : [rest, second]",
      ],
    ],
  ),
  ...inFile(
    "src/tokenizers/files/template.ts",
    ["tests/parity/tokenizer-pairs.test.ts"],
    [
      ["RoBERTa's pairs have one separator", "[...single, sep, {", "[...single, {"],
      [
        "the second text of BERT's pairs is in the first segment",
        '{ text: "second", type: 1 }',
        '{ text: "second", type: 0 }',
      ],
    ],
  ),
  ...inFile(
    "src/tokenizers/models/byte-pair.ts",
    [KINDS],
    [
      [
        "of equal pairs the last is joined",
        "push(waiting, rank * length + at)",
        "push(waiting, rank * length + length - 1 - at)",
      ],
      ["a pair that has become another is joined", "if (rank < 0 || results[rank] !== result) continue;", ""],
    ],
  ),
  ...inFile(
    "src/tokenizers/models/unigram.ts",
    [KINDS],
    [
      ["unknown characters are a token each", "while (start > 0 && idAt[start] === unkId) start = from[start];", ""],
      ["of equal ways the last is taken", "score <= best[end]", "score < best[end]"],
    ],
  ),
  ...inFile(
    "src/tokenizers/steps/byte-level.ts",
    [KINDS],
    [
      ["the last space stays with those before it", "if (end < text.length && end > start + 1) end--;", ""],
      ["contractions are words of letters", "let end = endOfContraction(text, start);", "let end = start;"],
    ],
  ),
  ...inFile(
    "src/tokenizers/steps/precompiled.ts",
    [KINDS],
    [
      ["long graphemes are replaced as a whole", "bytesIn(grapheme) <= LONGEST_GRAPHEME", "bytesIn(grapheme) <= 60"],
      [
        "the longest beginning is taken, not the shortest",
        "if ((unit & 0x100) !== 0) {",
        "if ((unit & 0x100) !== 0 && byte === 0x60) {",
      ],
    ],
  ),
  ...inFile(
    "src/tokenizers/unicode/graphemes.ts",
    ["src/tokenizers/unicode/graphemes.test.ts"],
    [
      [
        "a carriage return stands apart from its line feed",
        "if (code === 0x0d && text.charCodeAt(end) === 0x0a) return end + 1;",
        "",
      ],
      ["marks join controls", "if (flag & IS_BREAKING || code === 0) return end;", ""],
      ["syllables of Hangul fall apart", "isSyllable(code, next);", "false;"],
    ],
  ),
  ...inFile(
    "src/tokenizers/unicode/unicode-forms.ts",
    [KINDS],
    [
      [
        "what the library's tables lack is normalized too",
        "if (flags[code] & IS_UNNORMALIZED)",
        "if (flags[code] & 64)",
      ],
    ],
  ),
  ...inFile(
    "src/tokenizers/files/sentence-piece.ts",
    [KINDS],
    [["XLM-RoBERTa keeps SentencePiece's ids", "...pieces.slice(3)", "...pieces.slice(4)"]],
  ),
  ...inFile(
    "src/tokenizing/node/tokenize-in-workers.ts",
    ["src/tokenizing/node/tokenize-in-workers.test.ts"],
    [
      ["blocks come in another order", "await (underWay.shift() as", "await (underWay.pop() as"],
      ["all blocks are sent at once", "if (underWay.length === BLOCKS_AHEAD * count) yield await next();", ""],
      ["threads go on after an abort", "await Promise.all(workers.map((worker) => worker.end()));", ""],
    ],
  ),
  ...inFile(
    "src/tokenizing/node/token-file.ts",
    ["src/tokenizing/node/token-file.test.ts"],
    [
      [
        "damaged ids are taken",
        "if (view.readUInt32LE(BODY_CHECKSUM_AT) !== checksum(body)) return damaged(path);",
        "",
      ],
      ["another key's tokens are taken", "!view.subarray(0, COUNTS_AT).equals(start) ||", ""],
    ],
  ),
  ...inFile(
    "src/tokenizing/node/token-cache.ts",
    ["src/tokenizing/node/token-cache.test.ts"],
    [
      ["where texts end is not in the key", "hash.update(ends).update(bytes)", "hash.update(bytes)"],
      ["maxLength is not in the key", "tokenizer.fingerprint, maxLength,", "tokenizer.fingerprint,"],
      ["how pairs are cut is not in the key", "pairs, $", "pairs"],
      ["use is not remembered", "await utimes(path, now, now).catch(() => {})", "await undefined"],
      [
        "a file has its name before it is whole",
        "await writeTokenFile(temporary, key, texts);",
        "await rm(path, { force: true }); await writeTokenFile(path, key, texts); await writeTokenFile(temporary, key, texts);",
      ],
    ],
  ),
];
