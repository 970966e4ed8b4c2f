/** Labels corrected in the Studio: where they go, which texts are nearest, and what is refused. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readDataset, TextClassifier } from "../../src/index.js";
import { type RunningStudio, startStudio } from "../../src/studio/node/server.js";
import type { CorrectionState, LookAnswer } from "../../src/studio/wire/corrections.js";
import { init } from "../../src/tracking/index.js";
import { openStore, type Store } from "../../src/tracking/store/node/open-store.js";
import { writeRandomCheckpoint } from "../support/random-checkpoint.js";

const place = mkdtempSync(join(tmpdir(), "textune studio correct "));
const folder = join(place, "work");
const data = join(folder, "my mails.csv");
const WORDS = ["cat", "mat", "the", "sat", "on", "dog", "ran"];
const LINES = Array.from({ length: 30 }, (_, i) => {
  const text = [0, 1, 2].map((k) => WORDS[(i * (k + 2) + k) % WORDS.length]).join(" ");
  return `<i>${text} ${i}</i>,${["ham", "news", "spam"][i % 3]}`;
});
// One text stands twice, with two labels.
const LONG = `${"🐈".repeat(600)} ${"cat ".repeat(300)}`.trim();
const CSV = `text,label\n${[...LINES, "twice,ham", "twice,spam", `${LONG},news`].join("\n")}\n`;
let store: Store;
let studio: RunningStudio;

async function record(id: string, given: object | undefined, project = "mails"): Promise<void> {
  const settings = { statsSamplingInterval: 0, console: false } as const;
  const run = await init({ dir: join(place, "store"), id, project, settings, config: { seed: 7 } });
  if (given !== undefined) run.describe({ reproduce: { command: "train", given } as never });
  await run.finish();
}

const cache = join(place, "cache");
const start = (options = {}) => startStudio(store, { port: 0, ...options }, undefined, { folder, cache });

beforeAll(async () => {
  mkdirSync(folder);
  writeFileSync(data, CSV);
  writeFileSync(join(place, "outside.csv"), CSV);
  writeFileSync(join(folder, "several.csv"), 'text,label\none,"a|b"\ntwo,b\nthree,a\n');
  writeFileSync(join(folder, "numbers.csv"), "text,label\none,0.5\ntwo,3\nthree,-1\n");
  writeFileSync(join(folder, "first.csv"), "text,label\none,a\ntwo,b\n");
  writeFileSync(join(folder, "second.csv"), "text,label\none,b\nthree,b\n");
  await writeRandomCheckpoint("bert-relu", join(folder, "models/one"), ["ham", "news", "spam"]);
  await writeRandomCheckpoint("bert-relu", join(folder, "models/two"), ["ham", "news", "spam"]);
  const given = { data: [data], validationSplit: 0.25 };
  await record("whole", { ...given, output: join(folder, "models/one") });
  await record("older", { ...given, output: join(folder, "models/two") });
  await record("newer", { ...given, output: join(folder, "models/two") });
  await record("program", undefined);
  await record("gone", { data: [join(folder, "none.csv")] });
  await record("outside", { data: [join(place, "outside.csv")] });
  await record("pattern", { data: [join(folder, "*.csv")] });
  await record("two-files", { data: [join(folder, "first.csv"), join(folder, "second.csv")], validationSplit: 0 });
  await record("numbers", { data: [join(folder, "numbers.csv")], validationSplit: 0 });
  await record("several", { data: [join(folder, "several.csv")], labelSeparator: "|", validationSplit: 0 });
  store = await openStore(join(place, "store"));
  studio = await start();
});
afterAll(async () => {
  await studio.close();
  await store.close();
  rmSync(place, { recursive: true, force: true, maxRetries: 3 });
});

async function ask<T>(path: string, body?: object, at = studio): Promise<T & { error?: string; status: number }> {
  const sent =
    body === undefined
      ? {}
      : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(`${at.address}/api/corrections/${path}`, sent);
  return { ...((await answer.json()) as T & { error?: string }), status: answer.status };
}
async function look(run: string, body: object): Promise<LookAnswer> {
  for (;;) {
    const said = await ask<LookAnswer>(`${run}/look`, body);
    expect(said.error).toBeUndefined();
    if (!("done" in said.near)) return said;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

it("finds the row of a text and the nearest texts trained on, itself not among them", async () => {
  const { train } = (await readDataset(data)).split({
    validation: 0.25,
    stratify: true,
    smallClasses: "first",
    seed: 7,
  });
  const text = train.text(3);
  const { found, near } = await look("whole", { text });
  expect(found).toMatchObject([{ part: "train", row: 3, text, label: train.label(3) }]);
  expect(LINES[found[0].place]).toContain(text);
  const classifier = await TextClassifier.fromPretrained(join(folder, "models/one"));
  const { values, width } = await classifier.features([...train].map((row) => row.text));
  await classifier.close();
  const rowAt = (row: number) => values.subarray(row * width, (row + 1) * width);
  const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, one, i) => sum + one * b[i], 0);
  const cosine = (row: number): number =>
    dot(rowAt(row), rowAt(3)) / Math.sqrt(dot(rowAt(row), rowAt(row)) * dot(rowAt(3), rowAt(3)));
  const others =
    [...train.row(3).text].length > 0 ? [...train].map(({ index }) => index).filter((row) => row !== 3) : [];
  const expected = others.map((row) => ({ row, similarity: cosine(row) })).sort((a, b) => b.similarity - a.similarity);
  const texts = "texts" in near ? near.texts : [];
  expect(texts).toHaveLength(8);
  for (const [at, { row, similarity }] of texts.entries()) {
    expect(similarity).toBeCloseTo(expected[at].similarity, 4);
    expect(similarity).toBeCloseTo(cosine(row), 4);
  }
});

it("writes a correction beside the data for every row of its text, and takes it back", async () => {
  const { found } = await look("whole", { text: "twice" });
  expect(found.map(({ label }) => label).sort()).toEqual(["ham", "spam"]);
  const [{ part, row, label }] = found;
  const { corrections, rows, file } = await ask<CorrectionState>("whole/relabel", { part, row, label: "news" });
  expect(rows.train + rows.validation).toBe(2);
  expect(corrections).toMatchObject([{ text: "twice", corrected: "news" }]);
  expect(readFileSync(data, "utf8")).toBe(CSV);
  expect(readFileSync(join(folder, file), "utf8")).toMatch(/^\{"textuneLabels":1.*\n\{"action":"label".*"news".*\n$/);

  expect(await ask("whole/export", { to: "mended.jsonl" })).toMatchObject({ status: 200, rows: 33 });
  const mended = await readDataset(join(folder, "mended.jsonl"));
  expect([...mended].filter(({ text }) => text === "twice").map((one) => one.label)).toEqual(["news", "news"]);
  for (const one of mended) if (one.index < 30) expect(LINES[one.index]).toContain(`${one.text},${one.label}`);

  // Another Studio sees them; while this one writes, it does not.
  const other = await start();
  const refused = await ask("whole/relabel", { part, row, label: "ham" }, other);
  expect([refused.status, refused.error]).toEqual([404, expect.stringContaining("labels of one session at a time")]);
  expect((await ask<CorrectionState>("whole", undefined, other)).corrections).toHaveLength(1);
  await other.close();

  const { corrections: left } = await ask<CorrectionState>("whole/relabel", { part, row, label });
  // The other row of the text had another label: it is the text that has one now.
  expect(left.map((one) => [one.label, one.corrected])).toEqual([[label === "ham" ? "spam" : "ham", label]]);
});

it("corrects several labels of a row, and numbers", async () => {
  const state = await ask<CorrectionState>("several");
  expect([state.kind, state.classes]).toEqual(["labels", ["a", "b"]]);
  const relabel = (run: string, row: number, label: string) =>
    ask<CorrectionState>(`${run}/relabel`, { part: "train", row, label });
  expect((await relabel("several", 0, "[]")).corrections).toMatchObject([{ label: '["a","b"]', corrected: "[]" }]);
  expect((await relabel("several", 2, '["b","a"]')).corrections).toMatchObject([{}, { corrected: '["a","b"]' }]);
  // The label of the data takes a correction back, in whatever order.
  expect((await relabel("several", 0, '["b","a"]')).corrections).toHaveLength(1);
  expect(await ask("several/export", { to: "several mended.jsonl" })).toMatchObject({ status: 200, rows: 3 });
  const mended = await readDataset(join(folder, "several mended.jsonl"));
  expect([...mended].map(({ labels }) => labels)).toEqual([["a", "b"], ["b"], ["a", "b"]]);

  expect((await ask<CorrectionState>("numbers")).kind).toBe("number");
  expect((await relabel("numbers", 1, "3.0")).corrections).toEqual([]);
  expect((await relabel("numbers", 1, "1e-1")).corrections).toMatchObject([{ label: "3", corrected: "0.1" }]);
  const { status, error } = await relabel("numbers", 1, "three");
  expect([status, error]).toEqual([400, expect.stringContaining("expected a number")]);
});

it("keeps corrections of several files beside the first, and writes over none of them", async () => {
  const { file, corrections } = await ask<CorrectionState>("two-files/relabel", { part: "train", row: 3, label: "a" });
  expect([file, corrections]).toMatchObject(["first.csv.corrections.jsonl", [{ text: "three", corrected: "a" }]]);
  expect((await look("two-files", { text: "one" })).found.map(({ label }) => label)).toEqual(["a", "b"]);
  for (const to of ["first.csv", "second.csv"])
    expect((await ask("two-files/export", { to, overwrite: true })).status).toBe(400);
});

it("finds a text by as much of it as a table of predictions keeps, and nothing by less", async () => {
  const kept = [...LONG].slice(0, 1000).join("");
  expect((await look("whole", { text: kept })).found).toMatchObject([{ text: LONG, label: "news" }]);
  expect((await look("whole", { text: kept.slice(0, 500) })).found).toEqual([]);
});

it("says in a sentence why nothing can be corrected, or no text is near", async () => {
  const whys = {
    program: "A program trained on it",
    gone: "The file is gone",
    outside: "expected a file in the folder of the Studio",
    pattern: "of a pattern no labels are corrected",
  };
  for (const [run, why] of Object.entries(whys)) {
    const state = await ask<CorrectionState>(run);
    expect([run, state.why, state.status]).toEqual([run, expect.stringContaining(why), 200]);
    expect((await ask(`${run}/relabel`, { part: "train", row: 0, label: "a" })).status).toBe(400);
  }
  expect(existsSync(join(place, "outside.csv.corrections.jsonl"))).toBe(false);
  expect((await look("older", { text: "twice" })).near).toEqual({ why: expect.stringContaining("newer run, newer") });
});

it("refuses a row, a class and a file that there is not, and all of it when it is read-only", async () => {
  const refuse = async (path: string, body: object, said: RegExp): Promise<void> => {
    const { status, error } = await ask(path, body);
    expect([status, error]).toEqual([400, expect.stringMatching(said)]);
  };
  await refuse("whole/relabel", { part: "train", row: 99, label: "ham" }, /expected one below 25 of train/);
  await refuse("whole/relabel", { part: "test", row: 0, label: "ham" }, /expected one that the run had/);
  await refuse(
    "whole/relabel",
    { part: "train", row: 0, label: "eggs" },
    /expected one of the classes "ham", "news", "spam", got "eggs"/,
  );
  for (const to of ["my mails.csv", "./my mails.csv", "my mails.csv.corrections.jsonl", "x.labels.jsonl", "."])
    await refuse("whole/export", { to, overwrite: true }, /to: expected a file of its own/);
  await refuse("whole/export", { to: "../elsewhere.csv" }, /inside the folder of the Studio/);
  expect(readFileSync(data, "utf8")).toBe(CSV);
  const shown = await start({ readOnly: true });
  for (const [path, body] of [["whole"], ["whole/look", { text: "twice" }]] as const)
    expect((await ask(path, body, shown)).status).toBe(403);
  await shown.close();
});
