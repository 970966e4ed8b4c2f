/** An exported folder gives Textune's answers in transformers.js, in Python, in plain onnxruntime, and in Textune again. */
import { readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  env,
  pipeline,
  type TextClassificationOutput,
  type TextClassificationPipeline,
} from "@huggingface/transformers";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ONNX_DTYPES, type OnnxDtype, onnxPath } from "../../src/checkpoints/onnx-files.js";
import { fromArrays, type Prediction, TextClassifier } from "../../src/index.js";
import { printModel } from "../../src/onnx/print-model.js";
import { EXPORTED_SHARPNESS, EXPORTED_LABELS as LABELS, EXPORTED_TEXTS as TEXTS } from "../support/exported-texts.js";
import { saveTwoLayers } from "../support/two-layers.js";

/** How far a probability may be from the float32 one, by dtype; float32 itself is the same within rounding. */
const CHANGE: Readonly<Record<OnnxDtype, number>> = {
  fp32: 1e-5,
  fp16: 1e-3,
  q8: 0.02,
  int8: 0.02,
  uint8: 0.02,
  q4: 0.03,
  q4f16: 0.03,
};
/** What transformers' tokenizer and onnxruntime make of the same folder in Python: scripts/golden/exported_in_python.py. */
const inPython = JSON.parse(
  readFileSync(new URL("../golden/exported-in-python.json", import.meta.url), "utf8"),
) as Readonly<Record<string, readonly Readonly<Record<string, number>>[]>>;
/** Two libraries that run the same file on the same ids. */
const SAME_FILE = 1e-4;

let place: string;
let folder: string;
let expected: readonly Prediction[];

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune export "));
  folder = join(place, "exported model");
  await saveTwoLayers(join(place, "original"), LABELS, 3, EXPORTED_SHARPNESS);
  const classifier = await TextClassifier.fromPretrained(join(place, "original"));
  expected = await classifier.predict(TEXTS);
  await classifier.export(folder, { dtype: ONNX_DTYPES });
  await classifier.close();
  env.allowRemoteModels = false;
}, 240_000);
afterAll(() => rm(place, { recursive: true, force: true }));

function largestChange(a: readonly Prediction[], b: readonly Pick<Prediction, "scores">[]): number {
  return Math.max(...a.flatMap(({ scores }, i) => LABELS.map((name) => Math.abs(scores[name] - b[i].scores[name]))));
}

async function inTextune(dtype: OnnxDtype): Promise<Prediction[]> {
  const classifier = await TextClassifier.fromPretrained(folder, { dtype });
  // One text a run, as transformers.js is called below: 8-bit models scale activations by the batch.
  const predictions = await classifier.predict(TEXTS, { batchSize: 1 });
  await classifier.close();
  return predictions;
}

describe.each(ONNX_DTYPES)("%s", (dtype) => {
  it("keeps the probabilities, opened by Textune, by transformers.js and in Python", async () => {
    const own = await inTextune(dtype);
    expect(largestChange(own, expected)).toBeLessThan(CHANGE[dtype]);
    // Computed on another machine.
    const python = inPython[onnxPath(dtype)].map((scores) => ({ scores }));
    expect(python).toHaveLength(TEXTS.length);
    expect(largestChange(own, python)).toBeLessThan(CHANGE[dtype]);
    const classify = (await pipeline("text-classification", folder, {
      dtype,
      device: "cpu",
    })) as TextClassificationPipeline;
    const theirs: Prediction[] = [];
    for (const text of TEXTS) {
      const answer = (await classify(text, { top_k: null })) as TextClassificationOutput;
      const scores = Object.fromEntries(answer.map(({ label, score }) => [label, score]));
      theirs.push({ label: answer[0].label, probability: answer[0].score, scores });
    }
    await classify.dispose();
    expect(largestChange(theirs, own)).toBeLessThan(dtype === "fp32" ? CHANGE.fp32 : SAME_FILE);
    expect(theirs.map(({ label }) => label)).toEqual(own.map(({ label }) => label));
  });

  it("uses operators of the ONNX standard alone", () => {
    const bytes = readFileSync(join(folder, onnxPath(dtype)));
    const text = printModel(bytes);
    expect(text).not.toContain("com.microsoft");
    expect(text).toContain("input input_ids int64[batch_size, sequence_length]");
    expect(text).toContain("output logits float32[batch_size, 3]");
    expect(text).toContain(`metadata labels = ${JSON.stringify(LABELS)}`);
  });
});

it("has the operators of onnxruntime where they are asked for, and the same answers", async () => {
  const fused = join(place, "fused");
  const classifier = await TextClassifier.fromPretrained(join(place, "original"));
  await classifier.export(fused, { dtype: ["fp32", "q4"], operators: "onnxruntime" });
  await classifier.close();
  for (const [dtype, operator] of [
    ["fp32", "FusedMatMul"],
    ["q4", "MatMulNBits"],
  ] as const) {
    expect(printModel(readFileSync(join(fused, onnxPath(dtype))))).toContain(`com.microsoft.${operator}`);
    const again = await TextClassifier.fromPretrained(fused, { dtype });
    expect(largestChange(await again.predict(TEXTS), expected)).toBeLessThan(CHANGE[dtype]);
    await again.close();
  }
});

it("runs in plain onnxruntime, given ids and a mask alone", async () => {
  const session = await InferenceSession.create(join(folder, onnxPath("fp32")));
  expect([...session.inputNames].sort()).toEqual(["attention_mask", "input_ids", "token_type_ids"]);
  expect(session.outputNames).toEqual(["logits"]);
  // [CLS] ok [SEP]
  const ids = BigInt64Array.of(101n, 7929n, 102n);
  const { logits } = await session.run({
    input_ids: new Tensor("int64", ids, [1, 3]),
    attention_mask: new Tensor(
      "int64",
      ids.map(() => 1n),
      [1, 3],
    ),
    token_type_ids: new Tensor(
      "int64",
      ids.map(() => 0n),
      [1, 3],
    ),
  });
  await session.release();
  const powers = Array.from(logits.data as Float32Array, Math.exp);
  const sum = powers.reduce((a, b) => a + b);
  for (const [id, name] of LABELS.entries())
    expect(Math.abs(powers[id] / sum - expected[3].scores[name])).toBeLessThan(CHANGE.fp32);
});

describe("opened again", () => {
  it("evaluates as the original, and says that it cannot be trained, saved or given other classes", async () => {
    const classifier = await TextClassifier.fromPretrained(folder);
    const data = fromArrays(
      TEXTS,
      expected.map(({ label }) => label),
    );
    expect((await classifier.evaluate(data)).accuracy).toBe(1);
    const refused = { code: "E_CONFIG", message: expect.stringContaining("classifier that was exported") };
    await expect(classifier.fit(data)).rejects.toMatchObject(refused);
    await expect(classifier.save(join(place, "saved"))).rejects.toMatchObject(refused);
    await expect(classifier.export(join(place, "again"))).rejects.toMatchObject(refused);
    await classifier.close();
    await expect(TextClassifier.fromPretrained(folder, { labels: ["a", "b"] })).rejects.toMatchObject({
      code: "E_CONFIG",
      message: expect.stringContaining("bad, good, so so"),
    });
  });

  it("says which dtypes there are when another is asked for", async () => {
    const q8 = join(place, "q8 only");
    const classifier = await TextClassifier.fromPretrained(join(place, "original"));
    await classifier.export(q8, { dtype: "q8" });
    await expect(TextClassifier.fromPretrained(q8, { dtype: "fp16" })).rejects.toMatchObject({
      code: "E_CONFIG",
      message: expect.stringContaining("that"),
    });
    expect(JSON.parse(readFileSync(join(q8, "config.json"), "utf8"))["transformers.js_config"]).toEqual({
      dtype: "q8",
    });
    await expect(classifier.export(q8, { dtype: "q9" })).rejects.toMatchObject({
      code: "E_CONFIG",
      message: expect.stringContaining('got "q9"'),
    });
    await classifier.close();
  });

  it("refuses another tokenizer than the one of the model", async () => {
    const q8 = join(place, "q8 only");
    const path = join(q8, "tokenizer.json");
    const tokenizer = readFileSync(path, "utf8");
    writeFileSync(path, tokenizer.replace('"film": ', '"flim": '));
    await expect(TextClassifier.fromPretrained(q8)).rejects.toMatchObject({ code: "E_TOKENIZER" });
  });
});
