import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { personsTerminal } from "../../../tests/support/terminal.js";
import { runCommandLine } from "../command-line.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "textune train "));
  await writeFile(join(folder, "wrong.csv"), "no table");
});
afterAll(() => rm(folder, { recursive: true }));

/** The exit code, and the line that was said, of what is refused. */
async function refused(...args: string[]): Promise<readonly [number, string]> {
  const { terminal, log } = personsTerminal();
  const code = await runCommandLine(args, { ...terminal, environment: { NO_COLOR: "1" } });
  return [code, log.join("").trim()];
}

it("refuses a model that is not there before it reads the data", async () => {
  const data = join(folder, "wrong.csv");
  const [code, said] = await refused("train", data, "--output", join(folder, "out"), "--model", "./no such model");
  expect([code, said]).toEqual([1, expect.stringContaining("./no such model: expected a model folder, got nothing")]);
  const [, asId] = await refused("train", data, "--output", join(folder, "out"), "--model", "nomodel", "--offline");
  expect(asId).toContain("nomodel: expected");
  expect((await refused("train", data, "--output", join(folder, "out")))[1]).toContain("wrong.csv");
});

it.each([
  ["train", "--lr", "did you mean --learning-rate?"],
  ["train", "--num_epochs", "did you mean --epochs?"],
  ["train", "--per-device-train-batch-size", "did you mean --batch-size?"],
  ["train", "--num-labels", "the classes are those of the labels"],
  ["train", "--no-labl", "did you mean --no-label?"],
  ["evaluate", "--max-train-samples", "did you mean --limit?"],
  ["predict", "--output-file", "did you mean --output?"],
])("textune %s %s: %s", async (command, flag, hint) => {
  const [code, said] = await refused(command, "model", "data.csv", flag, "3");
  expect([code, said]).toEqual([2, expect.stringContaining(hint)]);
});
