/**
 * How long a process takes to load `textune/inference` from dist/ (npm run build), then to open an exported classifier and
 * to answer the first text; medians over processes.
 *
 *   npx tsx bench/inference-load.ts [--runs 15] [--dtype q8] [--model FOLDER] [--json]
 */
import { execFileSync } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { TextClassifier } from "../src/index.js";
import { median } from "./median.js";
import { saveMiniLmClassifier } from "./minilm-classifier.js";

const { values: options } = parseArgs({
  options: {
    runs: { type: "string", default: "15" },
    dtype: { type: "string", default: "q8" },
    model: { type: "string" },
    json: { type: "boolean", default: false },
  },
});

const folder = join(await mkdtemp(join(tmpdir(), "textune-bench-")), "exported");
const classifier = await TextClassifier.fromPretrained(options.model ?? (await saveMiniLmClassifier()));
await classifier.export(folder, { dtype: options.dtype });
await classifier.close();

const code = `
const began = performance.now();
const { openClassifier } = await import(${JSON.stringify(new URL("../dist/classifier/node/inference.js", import.meta.url).href)});
const loaded = performance.now();
const classifier = await openClassifier(${JSON.stringify(folder)});
const opened = performance.now();
await classifier.predict("A wonderful little film.");
const answered = performance.now();
console.log(JSON.stringify([loaded - began, opened - loaded, answered - opened]));
await classifier.close();
`;
const runs = Array.from({ length: Number(options.runs) }, () => {
  const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", code], { encoding: "utf8" });
  return JSON.parse(printed) as [number, number, number];
});
const [load, open, answer] = [0, 1, 2].map((i) => Math.round(median(runs.map((run) => run[i]))));
if (options.json) console.log(JSON.stringify({ load, open, answer }));
else
  console.log(
    `${cpus()[0].model}, Node ${process.version}: loaded in ${load} ms, ${options.dtype} opened in ${open} ms, first answer in ${answer} ms`,
  );
