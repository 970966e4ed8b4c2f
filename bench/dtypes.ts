/**
 * What each number format of an export loses: all-MiniLM-L6-v2 trained on a data set, then the quality check of
 * `textune export` on its test set.
 *
 *   npx tsx bench/dtypes.ts --data sst2|trec|banking77|imdb [--classifier FOLDER] [--dtypes fp32,fp16,q8,uint8,q4] [--json]
 *
 * The classifier is kept in FOLDER, and read from there the next time. How fast they are: bench/export.ts.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { formatGate } from "../src/export/format-gate.js";
import { EXPORT_TASKS, trainedOn } from "./export-tasks.js";

const { values: options } = parseArgs({
  options: {
    data: { type: "string", default: "sst2" },
    classifier: { type: "string" },
    dtypes: { type: "string", default: "fp32,fp16,q8,uint8,q4" },
    json: { type: "boolean", default: false },
  },
});

const task = EXPORT_TASKS[options.data];
const place = await mkdtemp(join(tmpdir(), "textune-bench-"));
const classifier = await trainedOn(task, options.classifier ?? join(place, "classifier"));
const { test } = await task.data();
const { check } = await classifier.export(join(place, "exported"), { dtype: options.dtypes, check: test, maxDrop: 1 });
await classifier.close();
console.error(`${options.data}, ${test.length} texts`);
console.log(options.json ? JSON.stringify(check, undefined, 2) : formatGate(check ?? []));
await rm(place, { recursive: true, force: true });
