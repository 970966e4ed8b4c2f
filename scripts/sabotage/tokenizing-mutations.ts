/** Mistakes in how texts become token ids. */
import { inFile, type SourceMutation } from "./source-mutation.js";

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
    "src/tokenizers/template.ts",
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
      ["maxLength is not in the key", "tokenizer.fingerprint, maxLength]", "tokenizer.fingerprint]"],
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
