/**
 * Textune's 8 bits beside those of onnxruntime's Python quantizer, which optimum calls: size, quality on a test set, and
 * speed in processor time, of the same classifier.
 *
 *   npx tsx bench/int8-peer.ts --data sst2|trec|banking77|imdb [--classifier FOLDER] [--rounds 3] [--python python3] [--json]
 */
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type OnnxDtype, onnxPath } from "../src/checkpoints/onnx-files.js";
import { type InferenceClassifier, openClassifier } from "../src/classifier/node/inference.js";
import { EXPORT_TASKS, trainedOn } from "./export-tasks.js";
import { median } from "./median.js";

const { values: options } = parseArgs({
  options: {
    data: { type: "string", default: "sst2" },
    classifier: { type: "string" },
    rounds: { type: "string", default: "3" },
    python: { type: "string", default: "python3" },
    json: { type: "boolean", default: false },
  },
});

/** The peer's model takes the place of `int8`, which would be the same as `q8`. */
const MODELS: Readonly<Record<string, OnnxDtype>> = {
  float32: "fp32",
  "Textune's q8": "q8",
  "the quantizer's": "int8",
};
const TIMED = 128;

const place = await mkdtemp(join(tmpdir(), "textune-bench-"));
const folder = join(place, "exported");
const task = EXPORT_TASKS[options.data];
const trained = await trainedOn(task, options.classifier ?? join(place, "classifier"));
await trained.export(folder, { dtype: "fp32,q8" });
await trained.close();
const script = fileURLToPath(new URL("peers/quantize_dynamic.py", import.meta.url));
execFileSync(options.python, [script, join(folder, onnxPath("fp32")), join(folder, onnxPath("int8"))], {
  stdio: ["ignore", "ignore", "inherit"],
});

const { test } = await task.data();
const texts = Array.from({ length: test.length }, (_, row) => test.text(row));
const opened = new Map<string, InferenceClassifier>();
for (const [name, dtype] of Object.entries(MODELS))
  opened.set(name, await openClassifier(folder, { dtype, threads: 1 }));

const answers = new Map<string, { readonly label: string; readonly scores: Readonly<Record<string, number>> }[]>();
for (const [name, classifier] of opened) answers.set(name, await classifier.predict(texts));
const rates = new Map(Object.keys(MODELS).map((name) => [name, { 1: [] as number[], 32: [] as number[] }]));
for (let round = 0; round < Number(options.rounds); round++) {
  for (const [name, classifier] of opened) {
    for (const batchSize of [1, 32] as const) {
      const some = texts.slice(0, TIMED);
      const began = process.cpuUsage();
      if (batchSize === 1) for (const text of some) await classifier.predict(text);
      else await classifier.predict(some, { batchSize });
      const { user, system } = process.cpuUsage(began);
      rates.get(name)?.[batchSize].push((1e6 * some.length) / (user + system));
    }
  }
}

console.error(`${cpus()[0].model}, ${options.data}, ${texts.length} texts, 1 thread, texts a second of processor time`);
const base = answers.get("float32") ?? [];
const rows = [];
for (const [name, dtype] of Object.entries(MODELS)) {
  const own = answers.get(name) ?? [];
  rows.push({
    name,
    megabytes: Number(((await stat(join(folder, onnxPath(dtype)))).size / 1e6).toFixed(1)),
    accuracy: Number((own.filter(({ label }, row) => label === test.label(row)).length / own.length).toFixed(4)),
    agrees: Number((own.filter(({ label }, row) => label === base[row].label).length / own.length).toFixed(4)),
    largestChange: Math.max(
      ...own.flatMap(({ scores }, row) =>
        Object.entries(scores).map(([label, p]) => Math.abs(p - base[row].scores[label])),
      ),
    ),
    batch1: Math.round(median(rates.get(name)?.[1] ?? [])),
    batch32: Math.round(median(rates.get(name)?.[32] ?? [])),
  });
}
if (options.json) console.log(JSON.stringify(rows, undefined, 2));
else console.table(rows);
for (const classifier of opened.values()) await classifier.close();
await rm(place, { recursive: true, force: true });
