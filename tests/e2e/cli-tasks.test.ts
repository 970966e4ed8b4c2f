/** Every task from the command line: trained, and used by the commands that the training names. Needs the build in dist/. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { writeVariant } from "../support/golden-checkpoints.js";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const OPTIONS = ["--model", "model", "--preset", "none", "--epochs", "1", "--max-length", "16", "--no-track"];
const run = promisify(execFile);
const NUMBERS = Array.from({ length: 40 }, (_, i) => i);

let place = "";
const textune = (...words: readonly string[]) => run(process.execPath, [MAIN, ...words], { cwd: place });
const write = (name: string, columns: string, row: (i: number) => readonly (string | number)[]): Promise<void> =>
  writeFile(join(place, name), `${[columns, ...NUMBERS.map((i) => row(i).join(","))].join("\n")}\n`);

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune tasks "));
  await writeVariant("float32", join(place, "model"));
  await write("columns.csv", "text,red,blue,round", (i) => [
    `thing ${i}`,
    i % 2,
    Number(i % 3 === 0),
    Number(i % 5 < 2),
  ]);
  await write("cells.csv", "text,kinds", (i) => [
    `thing ${i}`,
    ["red", "blue|round", "", "red|round"][i % 4] as string,
  ]);
  await write("pairs.csv", "question,answer,fits", (i) => [`what is ${i}`, `it is ${i}`, i / 8]);
  await write("one-hot.csv", "text,red,blue,round", (i) => [
    `thing ${i}`,
    ...[0, 1, 2].map((c) => Number(i % 3 === c)),
  ]);
  await write("two.csv", "text,label", (i) => [`thing ${i}`, i % 2 === 0 ? "even" : "odd"]);
});
afterAll(() => rm(place, { recursive: true, force: true }));

it.each<[string, readonly string[], string, readonly string[]]>([
  [
    "columns.csv",
    ["--text", "text", "--label", "red", "--label", "blue", "--label", "round"],
    "multi_label_classification",
    ["red", "blue", "round"],
  ],
  [
    "cells.csv",
    ["--text", "text", "--label", "kinds", "--label-separator", "|"],
    "multi_label_classification",
    ["blue", "red", "round"],
  ],
  [
    "one-hot.csv",
    ["--text", "text", "--label", "red", "--label", "blue", "--label", "round", "--target", "class"],
    "single_label_classification",
    ["red", "blue", "round"],
  ],
  ["pairs.csv", ["--text", "question", "--text-pair", "answer", "--label", "fits"], "regression", ["value"]],
  // Python reads one sigmoid unit as several labels, of which there is one.
  ["two.csv", ["--problem-type", "binary_classification"], "multi_label_classification", ["even", "odd"]],
])(
  "%s %j",
  async (data, columns, problemType, labels) => {
    const folder = data.replace(".csv", "");
    const { stderr } = await textune("train", data, ...columns, "--output", folder, ...OPTIONS);
    const config = JSON.parse(await readFile(join(place, folder, "config.json"), "utf8")) as Record<string, unknown>;
    expect(config).toMatchObject({ problem_type: problemType });
    const named = [...stderr.matchAll(/^ {2}textune (.*)$/gm)].map(([, words]) =>
      (words as string).replace("other-data.csv", data).replaceAll("'", "").replace('"some text"', "text").split(" "),
    );
    expect(named.map(([command]) => command)).toEqual(["predict", "evaluate"]);
    const [predict, evaluate] = named as [string[], string[]];
    const [first] = (await textune(...predict, "--json")).stdout.split("\n");
    const { scores, value } = JSON.parse(first as string) as { scores?: object; value?: number };
    expect(Object.keys(scores ?? { value })).toEqual(labels);
    const report = JSON.parse((await textune(...evaluate, "--json")).stdout) as { examples: number };
    expect(report.examples).toBe(NUMBERS.length);
    if (data !== "pairs.csv") return;
    await expect(textune("predict", folder, "a text")).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining("expected pairs of texts, as in training, got texts alone"),
    });
  },
  60_000,
);
