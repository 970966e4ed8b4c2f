import { spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { datasetFrom } from "../../data/dataset/dataset-from.js";
import { readDataset } from "../../data/dataset/node/read-dataset.js";
import { openLabelBook } from "./label-book.js";

const folder = mkdtempSync(join(tmpdir(), "labels-"));
const texts = ["one", "two", "three", "four", "two"];
const dataset = datasetFrom(texts.map((text, id) => ({ text, id: `r${id}` })));
const now = () => new Date("2026-01-02T03:04:05Z");
const open = (name: string, of = dataset) =>
  openLabelBook({ path: join(folder, name), dataset: of, source: "texts.csv", classes: ["a", "b"], now });

it("keeps what was decided, takes the latest back, and knows new classes", async () => {
  const book = await open("plain.jsonl");
  await book.decide(0, { action: "label", label: "a" });
  await book.decide(1, { action: "label", label: "b" });
  await book.decide(0, { action: "label", label: "c" });
  await book.decide(2, { action: "skip" });
  expect((await book.undo())?.row).toBe(2);
  expect((await book.undo())?.row).toBe(0);
  await book.decide(3, { action: "unsure" });
  await book.decide(2, { action: "label", label: "new one" });
  await book.close();
  const again = await open("plain.jsonl");
  expect(again.classes).toEqual(["a", "b", "new one"]);
  expect(again.decided()).toEqual({ labelled: { rows: [0, 1, 2], classes: [0, 1, 2] }, passed: [3] });
  await again.close();
});

it("refuses a second session, and a row that there is not", async () => {
  const book = await open("busy.jsonl");
  await expect(open("busy.jsonl")).rejects.toThrow(
    /labels of one session at a time, got another one at work, process \d+/,
  );
  await expect(book.decide(5, { action: "skip" })).rejects.toThrow("row: expected a row below 5, got 5");
  await book.close();
  await (await open("busy.jsonl")).close();
});

it("leaves out a last line that was cut off, whatever is left of it, and goes on behind the one before", async () => {
  const book = await open("torn.jsonl");
  await book.decide(0, { action: "label", label: "a" });
  await book.decide(1, { action: "label", label: "b" });
  await book.close();
  const path = join(folder, "torn.jsonl");
  const whole = readFileSync(path);
  const last = whole.subarray(0, -1).lastIndexOf(10) + 1;
  for (const kept of [1, 20, whole.length - last - 1]) {
    writeFileSync(path, whole.subarray(0, last + kept));
    const torn = await open("torn.jsonl");
    expect(torn.notices).toEqual(["the last line of the labels was cut off by a crash, and was left out"]);
    expect([...torn.decisions.keys()]).toEqual([0]);
    await torn.decide(3, { action: "skip" });
    await torn.close();
    const after = await open("torn.jsonl");
    expect([after.notices, [...after.decisions.keys()]]).toEqual([[], [0, 3]]);
    await after.close();
  }
  // The very first line too.
  writeFileSync(path, whole.subarray(0, 10));
  await (await open("torn.jsonl")).close();
  appendFileSync(path, "{}\n");
  await expect(open("torn.jsonl")).rejects.toThrow(/torn\.jsonl, line 2: expected a decision about a row, got \{\}/);
});

it("touches no file that is not its own", async () => {
  writeFileSync(join(folder, "reviews.csv"), "text\nnot yours, and no line break");
  const before = readFileSync(join(folder, "reviews.csv"), "utf8");
  await expect(open("reviews.csv")).rejects.toThrow("expected the first line of a file of labels, got text");
  expect(readFileSync(join(folder, "reviews.csv"), "utf8")).toBe(before);
});

it("finds texts again in a file that has grown, and says which are gone", async () => {
  const book = await open("grown.jsonl");
  await book.decide(0, { action: "label", label: "a" });
  await book.decide(4, { action: "label", label: "b" });
  await book.decide(2, { action: "label", label: "b" });
  await book.close();
  const grown = datasetFrom(["zero", "one", "two", "four"].map((text) => ({ text })));
  const again = await open("grown.jsonl", grown);
  expect(again.decided().labelled).toEqual({ rows: [1, 2], classes: [0, 1] });
  expect(again.notices).toEqual(["1 labels are of texts that are no more in the file, and are left out"]);
  await again.close();
});

it("exports the labelled rows with their columns", async () => {
  const book = await open("export.jsonl");
  await book.decide(3, { action: "label", label: "b" });
  await book.decide(1, { action: "label", label: "a" });
  await book.decide(2, { action: "skip" });
  for (const name of ["out.csv", "out.jsonl", "out.parquet"]) {
    const path = join(folder, name);
    expect(await book.export(path, false)).toBe(2);
    const read = await readDataset(path, { text: "text", label: "label", columns: "all" });
    expect(Array.from(read, (row) => [row.text, row.label, row.value("id")])).toEqual([
      ["two", "a", "r1"],
      ["four", "b", "r3"],
    ]);
    await expect(book.export(path, false)).rejects.toThrow(name);
  }
  await book.close();
});

it("loses no label that was confirmed when its process is killed", async () => {
  const path = join(folder, "killed.jsonl");
  const program = `
    import { openLabelBook } from ${JSON.stringify(new URL("./label-book.ts", import.meta.url).href)};
    import { datasetFrom } from ${JSON.stringify(new URL("../../data/dataset/dataset-from.ts", import.meta.url).href)};
    const dataset = datasetFrom(Array.from({ length: 5000 }, (_, i) => ({ text: "text " + i })));
    const book = await openLabelBook({ path: ${JSON.stringify(path)}, dataset, source: "x", classes: ["a"], now: () => new Date() });
    for (let row = 0; row < 5000; row++) {
      await book.decide(row, { action: "label", label: "a" });
      process.stdout.write(row + "\\n");
    }`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program]);
  let confirmed = -1;
  child.stdout.on("data", (chunk: Buffer) => {
    const rows = chunk.toString().trim().split("\n");
    confirmed = Number(rows.at(-1));
    if (confirmed >= 20) child.kill("SIGKILL");
  });
  await new Promise((resolve) => child.on("exit", resolve));
  expect(confirmed).toBeGreaterThanOrEqual(20);
  const many = datasetFrom(Array.from({ length: 5000 }, (_, i) => ({ text: `text ${i}` })));
  const book = await open("killed.jsonl", many);
  const rows = book.decided().labelled.rows;
  expect(rows.slice(0, confirmed + 1)).toEqual(Array.from({ length: confirmed + 1 }, (_, row) => row));
  await book.close();
});
