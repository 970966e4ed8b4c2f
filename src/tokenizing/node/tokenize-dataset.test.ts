import { mkdtemp, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { datasetOf, HARD_PAIRS, HARD_TEXTS, smallTokenizer } from "../../../tests/support/hard-texts.js";
import type { TextTokenizer } from "../../tokenizers/tokenizer.js";
import { tokenizeTexts } from "../tokenize-texts.js";
import type { TokenizeProgress } from "../tokenized-texts.js";
import type { TokenCache } from "./token-cache.js";
import { tokenizeDataset } from "./tokenize-dataset.js";

const tokenizer = smallTokenizer();
/** The same tokenizer to the cache, and none to whoever wants to tokenize. */
const broken: TextTokenizer = {
  ...tokenizer,
  files: {},
  encode() {
    throw new Error("it tokenizes");
  },
};
const dataset = datasetOf(HARD_TEXTS);
const expected = tokenizeTexts(
  Array.from({ length: dataset.length }, (_, row) => dataset.text(row)),
  tokenizer,
  { maxLength: 64 },
);

let cache: TokenCache;
let warnings: string[];
let progress: TokenizeProgress[];
beforeEach(async () => {
  cache = { folder: await mkdtemp(join(tmpdir(), "textune-")), mostBytes: 1e9 };
  warnings = [];
  progress = [];
});
afterEach(() => rm(cache.folder, { recursive: true }));

const tokenize = (change: object = {}, limits = { largeBytes: 1, patience: 0 }, rows = dataset) =>
  tokenizeDataset(
    rows,
    {
      tokenizer,
      maxLength: 64,
      cache,
      threads: 2,
      onWarning: (message) => warnings.push(message),
      onProgress: (event) => progress.push(event),
      ...change,
    },
    limits,
  );

describe("tokenizeDataset", () => {
  it("gives the same bits on this thread, on others, and from the cache, where it does not tokenize", async () => {
    expect(await tokenize({}, { largeBytes: 1e9, patience: 0 })).toEqual(expected);
    expect(await readdir(cache.folder)).toEqual([]);
    await expect(tokenize({ tokenizer: broken })).rejects.toMatchObject({ code: "E_TOKENIZER" });
    expect(await tokenize()).toEqual(expected);
    expect(await tokenize({ tokenizer: broken })).toEqual(expected);
    expect(await tokenize({ cache: undefined, threads: 1 })).toEqual(expected);
    await expect(tokenize({ tokenizer: broken, cache: undefined, threads: 1 })).rejects.toThrow("it tokenizes");
    expect(warnings).toEqual([]);
  });

  it("gives the segments of pairs on this thread, on others, and from the cache", async () => {
    const pairs = datasetOf(HARD_PAIRS);
    const wanted = tokenizeTexts(HARD_PAIRS, tokenizer, { maxLength: 64 });
    expect(wanted.secondStarts?.[0]).toBe(5); // [CLS] hello , hello [SEP], and then [SEP] of an empty text
    expect(await tokenize({}, { largeBytes: 1e9, patience: 0 }, pairs)).toEqual(wanted);
    expect(await tokenize({}, undefined, pairs)).toEqual(wanted);
    expect(await tokenize({ tokenizer: broken }, undefined, pairs)).toEqual(wanted);
    await expect(tokenize({ tokenizer: broken, truncation: "only_first" }, undefined, pairs)).rejects.toThrow();
    // The first texts alone are other examples.
    expect(await tokenize()).toEqual(expected);
    expect(warnings).toEqual([]);
  });

  it("gives the windows of long texts on this thread, on others, and from the cache", async () => {
    const longTexts = { read: "windows", stride: 8, scores: "max" } as const;
    const wanted = tokenizeTexts(HARD_TEXTS, tokenizer, { maxLength: 64, longTexts });
    expect(wanted.length).toBeGreaterThan(dataset.length);
    expect(await tokenize({ longTexts }, { largeBytes: 1e9, patience: 0 })).toEqual(wanted);
    expect(await tokenize({ longTexts })).toEqual(wanted);
    expect(progress.at(-1)).toEqual({ done: dataset.length, total: dataset.length });
    expect(await tokenize({ longTexts, tokenizer: broken })).toEqual(wanted);
    // Other windows of the same texts.
    expect(await tokenize({ longTexts: { ...longTexts, stride: 9 } })).not.toEqual(wanted);
    expect(warnings).toEqual([]);
  });

  it("says once that the cache's file is damaged, tokenizes anew, and repairs it", async () => {
    await tokenize();
    const [name] = await readdir(cache.folder);
    const path = join(cache.folder, name);
    await truncate(path, 200);
    expect(await tokenize()).toEqual(expected);
    expect(warnings).toEqual([
      `token cache: ${path}: expected a whole file of tokens, got one that is cut off or damaged; the texts are tokenized anew`,
    ]);
    expect(await tokenize({ tokenizer: broken })).toEqual(expected);
    expect(warnings.length).toBe(1);
  });

  it("does without a cache that cannot be written, and says so", async () => {
    const file = join(cache.folder, "file");
    await writeFile(file, "");
    expect(await tokenize({ cache: { ...cache, folder: join(file, "tokens") } })).toEqual(expected);
    expect(warnings.length).toBeGreaterThan(0);
    expect(warnings[0]).toMatch(/^token cache: ENOTDIR[^\n]*; the texts are tokenized anew$/);
  });

  it("stops when it is aborted, and stores nothing", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(tokenize({ signal })).rejects.toMatchObject({ code: "E_ABORTED" });
    const controller = new AbortController();
    const tokenizing = tokenize({ signal: controller.signal });
    setImmediate(() => controller.abort(new Error("enough")));
    await expect(tokenizing).rejects.toMatchObject({ code: "E_ABORTED" });
    expect(await readdir(cache.folder)).toEqual([]);
  });

  it("tells how far it is once its patience is over", async () => {
    await tokenize({ cache: undefined }, { largeBytes: 1, patience: 1e6 });
    expect(progress).toEqual([]);
    await tokenize({ cache: undefined });
    expect(progress.at(-1)).toEqual({ done: dataset.length, total: dataset.length });
  });
});
