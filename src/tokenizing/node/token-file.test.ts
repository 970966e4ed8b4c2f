import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HARD_PAIRS, HARD_TEXTS, smallTokenizer } from "../../../tests/support/hard-texts.js";
import { createRandom } from "../../base/random.js";
import { tokenizeTexts } from "../tokenize-texts.js";
import { readTokenFile, tokenFileBytes, writeTokenFile } from "./token-file.js";

const KEY = "0123456789abcdef".repeat(4);
const texts = tokenizeTexts(HARD_TEXTS, smallTokenizer(), { maxLength: 32 });
const pairs = tokenizeTexts(HARD_PAIRS, smallTokenizer(), { maxLength: 32 });

let folder = "";
let path = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "textune-"));
  path = join(folder, "whole");
  await writeTokenFile(path, KEY, texts);
});
afterAll(() => rm(folder, { recursive: true }));

describe("a file of tokens", () => {
  it("gives back what was written, and is as large as was said", async () => {
    expect(await readTokenFile(path, KEY)).toEqual(texts);
    expect(texts.truncated).toBeGreaterThan(0);
    expect((await stat(path)).size).toBe(tokenFileBytes(texts));
    // A view into a larger array is written as the view alone.
    const view = { ...texts, ids: Int32Array.of(7, ...texts.ids, 7).subarray(1, -1) };
    await writeTokenFile(join(folder, "view"), KEY, view);
    expect(await readTokenFile(join(folder, "view"), KEY)).toEqual(texts);
    await writeTokenFile(join(folder, "pairs"), KEY, pairs);
    expect(await readTokenFile(join(folder, "pairs"), KEY)).toEqual(pairs);
    expect((await stat(join(folder, "pairs"))).size).toBe(tokenFileBytes(pairs));
    const windows = tokenizeTexts(HARD_TEXTS, smallTokenizer(), {
      maxLength: 32,
      longTexts: { read: "windows", stride: 4, scores: "max" },
    });
    expect(windows.length).toBeGreaterThan(HARD_TEXTS.length);
    await writeTokenFile(join(folder, "windows"), KEY, windows);
    expect(await readTokenFile(join(folder, "windows"), KEY, "max")).toEqual(windows);
    expect((await stat(join(folder, "windows"))).size).toBe(tokenFileBytes(windows));
    const none = tokenizeTexts([], smallTokenizer(), { maxLength: 32 });
    await writeTokenFile(join(folder, "none"), KEY, none);
    expect(await readTokenFile(join(folder, "none"), KEY)).toEqual(none);
  });

  it("is nothing where there is none, and belongs to its key", async () => {
    expect(await readTokenFile(join(folder, "absent"), KEY)).toBeUndefined();
    await expect(readTokenFile(path, KEY.replace("0", "1"))).rejects.toMatchObject({ code: "E_STORE" });
  });

  it("is not replaced in place", async () => {
    await expect(writeTokenFile(path, KEY, texts)).rejects.toMatchObject({ code: "EEXIST" });
  });

  it("notices any flipped bit, any end that is missing, and anything added", async () => {
    const bytes = await readFile(path);
    const refused = async (change: Buffer): Promise<void> => {
      const damaged = join(folder, "damaged");
      await writeFile(damaged, change);
      await expect(readTokenFile(damaged, KEY)).rejects.toMatchObject({
        code: "E_STORE",
        message: `${damaged}: expected a whole file of tokens, got one that is cut off or damaged`,
      });
    };
    const random = createRandom(1);
    const places = [...Array(96).keys(), ...Array.from({ length: 40 }, () => random.integer(bytes.length))];
    for (const at of places) {
      const flipped = Buffer.from(bytes);
      flipped[at] ^= 1 << random.integer(8);
      await refused(flipped);
    }
    for (const length of [0, 1, 95, 96, 104, bytes.length - 1]) await refused(bytes.subarray(0, length));
    await refused(Buffer.concat([bytes, Buffer.alloc(4)]));
  });
});
