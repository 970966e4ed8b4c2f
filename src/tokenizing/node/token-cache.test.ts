import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { datasetOf, HARD_TEXTS, smallTokenizer } from "../../../tests/support/hard-texts.js";
import type { TextExample, TextTokenizer } from "../../tokenizers/tokenizer.js";
import { textBlocks } from "../dataset-blocks.js";
import { tokenizeTexts } from "../tokenize-texts.js";
import { loadTokens, storeTokens, type TokenCache, tokenKey, userTokenCache } from "./token-cache.js";
import { tokenFileBytes } from "./token-file.js";

const tokenizer = smallTokenizer();
const NOW = new Date("2026-01-01T12:00:00Z");
const HOUR = 3_600_000;
const later = (hours: number): Date => new Date(NOW.getTime() + hours * HOUR);
const keyNamed = (digit: string): string => digit.repeat(64);
const texts = tokenizeTexts(HARD_TEXTS, tokenizer, { maxLength: 32 });
const SIZE = tokenFileBytes(texts);

let cache: TokenCache;
beforeEach(async () => {
  cache = { folder: join(await mkdtemp(join(tmpdir(), "textune-")), "tokens"), mostBytes: 3 * SIZE };
});
afterEach(() => rm(join(cache.folder, ".."), { recursive: true }));
const kept = async (): Promise<string[]> => (await readdir(cache.folder)).map((name) => name.slice(0, 1)).sort();

describe("tokenKey", () => {
  const key = (rows: readonly TextExample[], other: TextTokenizer = tokenizer, options: object = {}): string =>
    tokenKey(textBlocks(datasetOf(rows)), other, { maxLength: 32, ...options });
  const pair = [{ text: "ab", textPair: "c" }];

  it("is another for other texts, another order, tokenizer, maxLength or truncation of pairs", () => {
    const keys = [
      key(["ab", "c"]),
      key(["c", "ab"]),
      key(["a", "bc"]),
      key(["ab", "c", ""]),
      key(["", "ab", "c"]),
      key(["abc"]),
      key(["ab", "d"]),
      key(["ab", "c"], smallTokenizer("c")),
      key(["ab", "c"], tokenizer, { maxLength: 33 }),
      key(pair),
      key([{ text: "a", textPair: "bc" }]),
      key(pair, tokenizer, { truncation: "only_first" }),
      key(pair, tokenizer, { truncation: "only_second" }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(key(pair, tokenizer, { truncation: "longest_first" })).toBe(key(pair));
  });

  it("is that of the texts, wherever they stand", () => {
    const part = datasetOf(["x", "c", "ab"]).select([2, 1]);
    expect(tokenKey(textBlocks(part), tokenizer, { maxLength: 32 })).toBe(key(["ab", "c"]));
  });
});

describe("the cache of tokens", () => {
  it("gives back what was stored under a key, and nothing under another", async () => {
    expect(await loadTokens(cache, keyNamed("a"), NOW)).toBeUndefined();
    await storeTokens(cache, keyNamed("a"), texts, NOW);
    expect(await loadTokens(cache, keyNamed("a"), NOW)).toEqual(texts);
    expect(await loadTokens(cache, keyNamed("b"), NOW)).toBeUndefined();
  });

  it("removes what was used longest ago when it would grow too large", async () => {
    for (const [hours, digit] of ["a", "b", "c"].entries()) {
      await storeTokens(cache, keyNamed(digit), texts, NOW);
      await loadTokens(cache, keyNamed(digit), later(hours));
    }
    expect(await kept()).toEqual(["a", "b", "c"]);
    await loadTokens(cache, keyNamed("a"), later(5));
    await storeTokens(cache, keyNamed("d"), texts, NOW);
    expect(await kept()).toEqual(["a", "c", "d"]);
    // Stored anew, a key needs no further room.
    await storeTokens(cache, keyNamed("d"), texts, NOW);
    expect(await kept()).toEqual(["a", "c", "d"]);
    await storeTokens({ ...cache, mostBytes: SIZE - 1 }, keyNamed("e"), texts, NOW);
    expect(await kept()).toEqual(["a", "c", "d"]);
  });

  it("removes parts whose writer is gone, and nothing that is not its own", async () => {
    await storeTokens(cache, keyNamed("a"), texts, NOW);
    for (const [name, hours] of [
      ["gone.part", -25],
      ["writing.part", -1],
      ["notes.txt", -1000],
    ] as const) {
      await writeFile(join(cache.folder, name), "x");
      await utimes(join(cache.folder, name), later(hours), later(hours));
    }
    await storeTokens(cache, keyNamed("b"), texts, NOW);
    expect(await kept()).toEqual(["a", "b", "n", "w"]);
  });

  it("leaves nothing behind where it cannot store", async () => {
    await writeFile(cache.folder, "a file where the folder should be");
    await expect(storeTokens(cache, keyNamed("a"), texts, NOW)).rejects.toMatchObject({ code: "EEXIST" });
  });

  it("is whole at any time while two processes store the same", async () => {
    const key = keyNamed("a");
    const write = `
      const { register } = await import(${JSON.stringify(import.meta.resolve("tsx/esm/api"))});
      register();
      const { storeTokens } = await import(${JSON.stringify(new URL("./token-cache.ts", import.meta.url))});
      const texts = { length: 3, ids: new Int32Array(300_000).fill(7), offsets: Float64Array.of(0, 1e5, 2e5, 3e5), truncated: 1 };
      for (let i = 0; i < 30; i++) await storeTokens(${JSON.stringify({ ...cache, mostBytes: 1e9 })}, "${key}", texts, new Date());
    `;
    const writers = [1, 2].map(() =>
      spawn(process.execPath, ["--input-type=module", "--eval", write], { stdio: ["ignore", "ignore", "inherit"] }),
    );
    const ended = Promise.all(writers.map((writer) => once(writer, "exit")));
    let running = true;
    void ended.then(() => {
      running = false;
    });
    let seen = 0;
    while (running || seen === 0) {
      const found = await loadTokens(cache, key, NOW);
      if (found === undefined) continue;
      seen++;
      expect([found.length, found.ids.length, found.truncated]).toEqual([3, 300_000, 1]);
      expect(found.ids.every((id) => id === 7)).toBe(true);
    }
    expect((await ended).map(([status]) => status)).toEqual([0, 0]);
    expect(await readdir(cache.folder)).toEqual([`${key}.tokens`]);
  });

  it("stands where TEXTUNE_CACHE says, or among the user's caches", () => {
    const before = { ...process.env };
    try {
      process.env.XDG_CACHE_HOME = join("/", "caches");
      process.env.TEXTUNE_CACHE = "";
      expect(userTokenCache().folder).toBe(join("/", "caches", "textune", "tokens"));
      process.env.TEXTUNE_CACHE = join("/", "elsewhere");
      expect(userTokenCache().folder).toBe(join("/", "elsewhere", "tokens"));
    } finally {
      for (const name of ["XDG_CACHE_HOME", "TEXTUNE_CACHE"]) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
    }
  });
});
