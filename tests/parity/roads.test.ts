/** `textune train --model ROAD`: the same weights train to the same classifier from whatever library they come. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runCommandLine } from "../../src/cli/command-line.js";
import { goldenCheckpoints, writeVariant } from "../support/golden-checkpoints.js";
import { writtenTerminal } from "../support/terminal.js";
import { writeFormat } from "../support/weight-formats.js";

const { texts } = goldenCheckpoints;
// Others than those of the heads that some of the files have, so that all get a new one.
const CLASSES = ["left", "right", "neither"];
const ROADS: readonly (readonly [format: string, file: string, ofHuggingFace: boolean])[] = [
  ["pytorch", "", true],
  ["google-bert", "bert_model.ckpt", false],
  ["saved-model", "", false],
  ["keras-hub-task", "", false],
  ["keras", "classifier.keras", false],
  // A folder of ONNX models is opened to predict with; its file of weights is trained.
  ["onnx", "onnx/model.onnx", true],
  ["archives", "uncased_L-2_H-8_A-2.zip", false],
];

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune roads "));
  const rows = texts.map((text, i) => JSON.stringify({ text, label: CLASSES[i % CLASSES.length] }));
  await writeFile(join(place, "rows.jsonl"), `${rows.join("\n")}\n`);
});
afterAll(() => rm(place, { recursive: true, force: true }));

async function textune(...args: string[]): Promise<string> {
  const { terminal, written } = writtenTerminal();
  expect(await runCommandLine(args, terminal), written.err).toBe(0);
  return written.out;
}

/** What a classifier that was trained from `model` says of the texts. */
async function answersOf(model: string, name: string): Promise<string> {
  const output = join(place, `${name} trained`);
  const how = "--validation-split 0 --epochs 1 --batch-size 4 --learning-rate 0.01 --max-length 24 --seed 3".split(" ");
  await textune("train", join(place, "rows.jsonl"), "--model", model, "--output", output, ...how);
  return textune("predict", output, "--file", join(place, "rows.jsonl"), "--json");
}

it("every road leads to the same scores, bit for bit", { timeout: 240_000 }, async () => {
  await writeVariant("float32", join(place, "safetensors"));
  const expected = await answersOf(join(place, "safetensors"), "safetensors");
  expect(expected.trim().split("\n")).toHaveLength(texts.length);
  expect(expected).toContain('"scores"');
  for (const [format, file, ofHuggingFace] of ROADS) {
    const folder = join(place, format);
    await writeFormat(format, folder, ofHuggingFace);
    expect(await answersOf(join(folder, file), `${format} ${file}`), format).toBe(expected);
  }
});
