/**
 * Prediction by each dtype of an export, on SST-2's dev set by default, as times the speed of float32. Models take turns, round by
 * round; ratios are medians over the rounds, from processor time, which work of others on the machine hardly changes.
 *
 *   npx tsx bench/export.ts [--model FOLDER] [--data sst2] [--dtypes fp32,q8,uint8,fp16,q4] [--rounds 5] [--texts 256] [--json]
 *
 * `--data` takes the test texts of another data set (trec, banking77, imdb); a classifier of any serves, as speed depends on
 * the texts alone.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { OnnxDtype } from "../src/checkpoints/onnx-files.js";
import { type InferenceClassifier, openClassifier } from "../src/classifier/node/inference.js";
import { TextClassifier } from "../src/index.js";
import { EXPORT_TASKS } from "./export-tasks.js";
import { median } from "./median.js";
import { saveMiniLmClassifier } from "./minilm-classifier.js";

const { values: options } = parseArgs({
  options: {
    model: { type: "string" },
    dtypes: { type: "string", default: "fp32,q8,uint8,fp16,q4" },
    data: { type: "string", default: "sst2" },
    rounds: { type: "string", default: "5" },
    texts: { type: "string", default: "256" },
    json: { type: "boolean", default: false },
  },
});

const BATCHES = [1, 32] as const;
const { test } = await EXPORT_TASKS[options.data].data();
const texts = Array.from({ length: Number(options.texts) }, (_, row) => test.text(row));
const folder = join(await mkdtemp(join(tmpdir(), "textune-bench-")), "exported");
const dtypes = options.dtypes.split(",") as OnnxDtype[];

const trained = await TextClassifier.fromPretrained(options.model ?? (await saveMiniLmClassifier()));
const { files } = await trained.export(folder, { dtype: dtypes });
await trained.close();

/** Texts for each second of processor time. */
async function rate(classifier: InferenceClassifier, batchSize: number): Promise<number> {
  const began = process.cpuUsage();
  if (batchSize === 1) for (const text of texts) await classifier.predict(text);
  else await classifier.predict(texts, { batchSize });
  const { user, system } = process.cpuUsage(began);
  return (1e6 * texts.length) / (user + system);
}

const opened = new Map<OnnxDtype, InferenceClassifier>();
for (const dtype of dtypes) opened.set(dtype, await openClassifier(folder, { dtype, threads: 1 }));
const rates = new Map(dtypes.map((dtype) => [dtype, new Map(BATCHES.map((batch) => [batch, [] as number[]]))]));
for (let round = 0; round <= Number(options.rounds); round++) {
  for (const [dtype, classifier] of opened) {
    for (const batch of BATCHES) {
      const measured = await rate(classifier, batch);
      // The first round only warms up.
      if (round > 0) rates.get(dtype)?.get(batch)?.push(measured);
    }
  }
}

console.error(
  `${cpus()[0].model}, 1 thread, processor time, Node ${process.version}, ${texts.length} texts of ${options.data}`,
);
const results = dtypes.map((dtype) => {
  const row = BATCHES.map((batch) => {
    const own = rates.get(dtype)?.get(batch) as number[];
    const base = rates.get(dtypes[0])?.get(batch) as number[];
    return {
      batch,
      rate: Math.round(median(own)),
      times: Number(median(own.map((one, i) => one / base[i])).toFixed(2)),
    };
  });
  return { dtype, megabytes: Number(((files.find((file) => file.dtype === dtype)?.bytes ?? 0) / 1e6).toFixed(1)), row };
});
if (options.json) console.log(JSON.stringify(results, undefined, 2));
else
  for (const { dtype, megabytes, row } of results)
    console.log(
      `${dtype.padEnd(6)} ${megabytes} MB; ${row.map(({ batch, rate, times }) => `batch ${batch}: ${rate} texts/s, ${times} times ${dtypes[0]}`).join("; ")}`,
    );
for (const classifier of opened.values()) await classifier.close();
await rm(folder, { recursive: true, force: true });
