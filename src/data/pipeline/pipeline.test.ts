import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fromArrays } from "../dataset/dataset-from.js";
import { fileStore } from "./node/file-store.js";
import { type Pipeline, pipelineOf } from "./pipeline.js";

const upTo = (n: number): Pipeline<number> => pipelineOf(Array.from({ length: n }, (_, i) => i));

describe("pipeline", () => {
  it("is lazy, pulls no more than is asked for, and can be gone through again", async () => {
    let made = 0;
    const source = pipelineOf(function* () {
      for (;;) yield made++;
    });
    const first = source
      .map((n) => n * 2)
      .filter((n) => n % 4 === 0)
      .batch(2)
      .take(2);
    expect(made).toBe(0);
    expect(await first.toArray()).toEqual([
      [0, 4],
      [8, 12],
    ]);
    expect(made).toBe(7);
    expect(await upTo(5).skip(1).repeat(2).toArray()).toEqual([1, 2, 3, 4, 1, 2, 3, 4]);
  });

  it("ends the source when the consumer stops early", async () => {
    let ended = false;
    const source = pipelineOf(async function* () {
      try {
        for (let i = 0; ; i++) yield i;
      } finally {
        ended = true;
      }
    });
    for await (const item of source
      .map((n) => n, { concurrency: 3 })
      .shuffle(4)
      .batch(2)
      .prefetch(3))
      if (item.length > 0) break;
    expect(ended).toBe(true);
  });

  it("maps several at a time in order, and passes on the first error", async () => {
    let running = 0;
    let most = 0;
    const gates: (() => void)[] = [];
    const result = upTo(7)
      .map(
        async (n) => {
          most = Math.max(most, ++running);
          await new Promise<void>((resolve) => {
            gates.push(resolve);
            // The last one in opens all gates, the latest first.
            if (gates.length === 3 || n === 6) for (const open of gates.splice(0).reverse()) open();
          });
          running--;
          return n;
        },
        { concurrency: 3 },
      )
      .toArray();
    expect(await result).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(most).toBe(3);
    const failing = upTo(9)
      .map(
        (n) => {
          if (n >= 4) throw new Error(`item ${n}`);
          return n;
        },
        { concurrency: 4 },
      )
      .prefetch(2);
    await expect(failing.toArray()).rejects.toThrow("item 4");
  });

  it("shuffles within its buffer, the same for a seed, anew in every pass", async () => {
    const mixed = upTo(100).shuffle(10, { seed: 5 });
    const [first, second] = [await mixed.toArray(), await mixed.toArray()];
    expect([...first].sort((a, b) => a - b)).toEqual(await upTo(100).toArray());
    expect(first).not.toEqual(second);
    expect(first).toEqual(await upTo(100).shuffle(10, { seed: 5 }).toArray());
    // An item cannot come out more than a buffer before its turn.
    expect(Math.max(...first.map((item, place) => item - place))).toBeLessThanOrEqual(10);
    const fixed = upTo(50).shuffle(50, { reshuffle: false });
    expect(await fixed.toArray()).toEqual(await fixed.toArray());
    const whole = await upTo(1000).shuffle(1000, { seed: 1 }).toArray();
    expect(whole.slice(0, 500).filter((item) => item >= 500).length).toBeGreaterThan(180);
  });

  it("keeps the remainder unless told otherwise", async () => {
    expect((await upTo(7).batch(3).toArray()).map((batch) => batch.length)).toEqual([3, 3, 1]);
    expect((await upTo(7).batch(3, { dropRemainder: true }).toArray()).length).toBe(2);
    await expect(async () => upTo(3).batch(0)).rejects.toThrow(/batch, size: expected a whole number from 1, got 0/);
  });

  it("buckets by length, loses nothing, and mixes no buckets", async () => {
    const words = Array.from({ length: 100 }, (_, i) => "x".repeat((i * 37) % 50));
    const batches = await pipelineOf(words)
      .bucketByLength({ lengthOf: (word) => word.length, boundaries: [10, 30], batchSize: [8, 4, 2] })
      .toArray();
    expect(batches.flat().sort()).toEqual([...words].sort());
    const bucket = (word: string): number => (word.length < 10 ? 0 : word.length < 30 ? 1 : 2);
    for (const batch of batches) {
      expect(new Set(batch.map(bucket)).size).toBe(1);
      expect(batch.length).toBeLessThanOrEqual([8, 4, 2][bucket(batch[0] as string)] as number);
    }
    expect(() =>
      upTo(1)
        .bucketByLength({ lengthOf: Number, boundaries: [5, 5], batchSize: 2 })
        [Symbol.asyncIterator](),
    ).toThrow(/ascending/);
  });

  it("prepares ahead while the consumer is busy, but no further than told", async () => {
    let made = 0;
    const source = pipelineOf(function* () {
      while (made < 100) yield made++;
    });
    const iterator = source.prefetch(4)[Symbol.asyncIterator]();
    await iterator.next();
    await new Promise((resolve) => setImmediate(resolve));
    expect(made).toBe(5);
    await iterator.return?.(undefined);
    expect(made).toBe(5);
  });

  it("caches a whole pass, not a broken one", async () => {
    let passes = 0;
    const source = pipelineOf(function* () {
      passes++;
      yield* [1, 2, 3];
    });
    const kept = source.cache();
    expect(await kept.take(2).toArray()).toEqual([1, 2]);
    expect(await kept.toArray()).toEqual([1, 2, 3]);
    expect(await kept.toArray()).toEqual([1, 2, 3]);
    expect(passes).toBe(2);
  });

  it("caches in a file under a key, whole or not at all, also when two write at once", async () => {
    const folder = await mkdtemp(join(tmpdir(), "textune-"));
    try {
      const path = join(folder, "below", "tokens.cache");
      let passes = 0;
      const source = pipelineOf(function* () {
        passes++;
        for (let i = 0; i < 3000; i++)
          yield { ids: Int32Array.from({ length: i % 300 }, (_, k) => k), text: `text ${i} – ünï` };
      });
      const expected = await source.toArray();
      const [a, b] = await Promise.all([
        source.cache(fileStore(path, "k1")).toArray(),
        source.cache(fileStore(path, "k1")).toArray(),
      ]);
      expect(a).toEqual(expected);
      expect(b).toEqual(expected);
      passes = 0;
      expect(await source.cache(fileStore(path, "k1")).toArray()).toEqual(expected);
      expect(passes).toBe(0);
      await source.cache(fileStore(path, "k2")).take(1).toArray();
      expect(passes).toBe(1);
      expect(await readdir(join(folder, "below"))).toEqual(["tokens.cache"]);
      await writeFile(path, (await readFile(path)).subarray(0, 5000));
      await expect(source.cache(fileStore(path, "k1")).toArray()).rejects.toMatchObject({ code: "E_STORE" });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("says what its items are", async () => {
    const dataset = fromArrays(["some words", "more"], ["a", "b"]);
    const features = pipelineOf(dataset).map((row) => ({
      ids: new Int32Array(8),
      label: dataset.labelId(row.index),
      text: row.text,
    }));
    expect(await features.batch(2).elementSpec()).toEqual({
      kind: "list",
      length: 2,
      of: {
        kind: "object",
        fields: {
          ids: { kind: "tensor", dtype: "int32", shape: [8] },
          label: { kind: "tensor", dtype: "float64", shape: [] },
          text: { kind: "string" },
        },
      },
    });
    await expect(upTo(0).elementSpec()).rejects.toThrow(/at least one item/);
  });
});
