import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { datasetFrom, fromArrays } from "../dataset-from.js";
import { readDataset } from "./read-dataset.js";
import { writeDataset, writeSplit } from "./write-dataset.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "textune-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("writeDataset", () => {
  const dataset = datasetFrom([
    { text: 'He said "hi",\nand left\t– ünï 🎬', label: "a", n: 1.5, ok: true },
    { text: '"quoted"', label: "b, c", n: undefined, ok: false },
    { text: " spaced ", label: "a", n: -2, ok: true },
  ]);

  it("writes what readDataset reads back the same, in every format", async () => {
    for (const name of ["a.csv", "a.tsv", "a.jsonl", "a.json", "a.parquet", "a.csv.gz", "a.jsonl.gz"]) {
      await writeDataset(dataset, join(folder, name));
      const back = await readDataset(join(folder, name), { text: "text", label: "label", columns: ["n", "ok"] });
      expect([name, back.fingerprint]).toEqual([name, dataset.fingerprint]);
      expect([0, 1, 2].map((row) => [back.value(row, "n"), back.value(row, "ok")])).toEqual([
        [1.5, true],
        [undefined, false],
        [-2, true],
      ]);
    }
    expect((await readdir(folder)).filter((name) => name.includes(".part"))).toEqual([]);
  });

  it("keeps any text through CSV and TSV", async () => {
    const cell = fc
      .string({ unit: fc.constantFrom("a", '"', ",", "\t", "\n", "\r\n", " ", "é"), minLength: 1, maxLength: 8 })
      .filter((text) => text.trim() !== "");
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { minLength: 1, maxLength: 12 }), async (texts) => {
        const some = fromArrays(
          texts,
          texts.map((_, i) => `label ${i % 2}`),
        );
        for (const name of ["r.csv", "r.tsv"]) {
          await writeDataset(some, join(folder, name), { overwrite: true });
          const back = await readDataset(join(folder, name), { text: "text", label: "label", quote: '"' });
          expect([...back].map((row) => row.text)).toEqual(texts);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("removes what killed runs left, and folders that were made for nothing", async () => {
    const place = join(folder, "left");
    await mkdir(place);
    const gone = 2 ** 22 - 1;
    for (const name of [`a.csv.${gone}.part`, `a.csv.${process.ppid}.part`, `b.csv.${gone}.part`])
      await writeFile(join(place, name), "");
    await writeDataset(dataset, join(place, "a.csv"));
    expect((await readdir(place)).sort()).toEqual(["a.csv", `a.csv.${process.ppid}.part`, `b.csv.${gone}.part`]);
    const stopped = writeSplit(dataset, join(folder, "new/parts"), { test: 0.5 }, { signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: "E_ABORTED" });
    expect(await readdir(folder)).not.toContain("new");
  });

  it("takes brackets in the name of a Parquet file for what they are", async () => {
    await writeFile(join(folder, "a1.parquet"), "another file, which the pattern would mean");
    const path = join(folder, "a[1].parquet");
    await writeDataset(dataset, path);
    expect((await readDataset(path)).fingerprint).toBe(dataset.fingerprint);
  });

  it("never writes over a file unless told, and leaves nothing behind", async () => {
    const path = join(folder, "there.csv");
    await writeFile(path, "mine");
    await expect(writeDataset(dataset, path)).rejects.toMatchObject({ code: "E_STORE" });
    expect(await readFile(path, "utf8")).toBe("mine");
    await expect(writeDataset(dataset, join(folder, "x.xlsx"))).rejects.toThrow(/a name that ends in .*\.csv,/);
    await expect(writeDataset(dataset, join(path, "below.csv"))).rejects.toMatchObject({ code: "E_STORE" });
  });

  it("writes the parts of a split, all or none", async () => {
    const many = fromArrays(
      Array.from({ length: 50 }, (_, i) => `text ${i}`),
      Array.from({ length: 50 }, (_, i) => (i % 2 === 0 ? "x" : "y")),
    );
    const target = join(folder, "parts");
    const written = await writeSplit(many, target, { validation: 0.2, test: 0.2, seed: 1 }, { format: "jsonl" });
    expect(written.map(({ part, rows }) => [part, rows])).toEqual([
      ["train", 30],
      ["validation", 10],
      ["test", 10],
    ]);
    const test = await readDataset(join(target, "test.jsonl"));
    expect(test.fingerprint).toBe(many.split({ validation: 0.2, test: 0.2, seed: 1 }).test.fingerprint);
    await rm(join(target, "train.jsonl"));
    await expect(writeSplit(many, target, { validation: 0.2, test: 0.2 }, { format: "jsonl" })).rejects.toThrow(
      /validation\.jsonl: expected no such file yet/,
    );
    expect(await readdir(target)).toEqual(["test.jsonl", "validation.jsonl"]);
  });

  it("leaves nothing when it is stopped midway", async () => {
    const many = fromArrays(Array.from({ length: 60_000 }, (_, i) => `text ${i} ${"and more ".repeat(20)}`));
    for (const name of ["stopped.csv", "stopped.parquet"]) {
      const controller = new AbortController();
      const writing = writeDataset(many, join(folder, name), { signal: controller.signal });
      setImmediate(() => controller.abort());
      await expect(writing).rejects.toMatchObject({
        code: "E_ABORTED",
        message: expect.stringContaining("stopped while writing; nothing was written"),
      });
    }
    expect((await readdir(folder)).filter((name) => name.includes("stopped"))).toEqual([]);
  });
});
