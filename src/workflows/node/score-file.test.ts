/** What a scoring tells of itself, and what it goes on with. */
import { mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { writeVariant } from "../../../tests/support/golden-checkpoints.js";
import { TextClassifier } from "../../classifier/node/text-classifier.js";
import { scoreFile } from "./score-file.js";

const ROWS = 3000;
let place: string;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune scoring "));
  await writeVariant("float32", join(place, "model"));
  const rows = Array.from({ length: ROWS }, (_, i) => `${i},row number ${i}`);
  await writeFile(join(place, "in.csv"), `id,text\n${rows.join("\n")}\n`);
});
afterAll(() => rm(place, { recursive: true, force: true }));

/** Scores into `output`; stops once so many rows are done. */
async function score(
  output: string,
  { workers = 1, stopAfter = Number.POSITIVE_INFINITY, limit = ROWS, input = "in.csv" } = {},
) {
  const name = join(place, "model");
  const classifier = await TextClassifier.fromPretrained(name, { threads: 1, workers });
  const controller = new AbortController();
  const seen: (readonly [number, number | undefined])[] = [];
  try {
    const result = await scoreFile({
      ...{ classifier, name, output: join(place, output), overwrite: false, batchSize: 32 },
      addresses: [join(place, input)],
      reading: { text: "text", limit },
      signal: controller.signal,
      onNotice: () => {},
      onProgress(rows, total) {
        seen.push([rows, total]);
        if (rows >= stopAfter) controller.abort();
      },
    });
    return { result, seen };
  } finally {
    await classifier.close();
  }
}

it("knows how many rows there will be, and gives each the same with any number of threads", async () => {
  const { seen } = await score("one.jsonl");
  expect(seen.at(-1)).toEqual([ROWS, ROWS]);
  await score("three.jsonl", { workers: 3 });
  const [one, three] = await Promise.all(
    ["one.jsonl", "three.jsonl"].map(async (name) =>
      (await readFile(join(place, name), "utf8"))
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, number | string>),
    ),
  );
  expect(three.map(({ id }) => Number(id))).toEqual(Array.from({ length: ROWS }, (_, i) => i));
  expect(three).toEqual(one);
});

it("reads and writes Parquet, with the columns that were there", async () => {
  await score("first.parquet", { limit: 50 });
  await score("second.csv", { limit: 50, input: "first.parquet" });
  const [header, ...lines] = (await readFile(join(place, "second.csv"), "utf8")).trim().split("\n");
  const names = header.split(",");
  expect(names.slice(0, 4)).toEqual(["id", "text", "predicted", "probability"]);
  // The names are taken, so those that are added get a number.
  expect(names).toContain("predicted 2");
  expect(lines).toHaveLength(50);
  for (const line of lines) {
    const cells = line.split(",");
    expect(cells[names.indexOf("predicted 2")]).toBe(cells[names.indexOf("predicted")]);
  }
});

it("goes on with its own rows, and refuses those of a model that was trained anew", async () => {
  await expect(score("stopped.csv", { stopAfter: 1000 })).rejects.toMatchObject({ code: "E_ABORTED" });
  expect((await score("stopped.csv")).result).toMatchObject({ rows: ROWS, resumed: expect.toBeOneOf([1024, 2048]) });
  await expect(score("again.csv", { stopAfter: 1000 })).rejects.toMatchObject({ code: "E_ABORTED" });
  const later = new Date(Date.now() + 5000);
  await utimes(join(place, "model", "config.json"), later, later);
  await expect(score("again.csv")).rejects.toThrow(/got those of another model or command, or of other data/);
});

it("refuses a number of threads that cannot be", async () => {
  await expect(score("none.csv", { workers: 0 })).rejects.toMatchObject({
    code: "E_CONFIG",
    message: expect.stringMatching(/workers: expected a whole number of at least 1, got 0/),
  });
});
