/**
 * Time from the start of a process to the end of its first prediction, by a saved all-MiniLM-L6-v2 classifier: Textune's
 * command line and a script of its library (both from dist/: npm run build), against scripts of transformers.js and
 * PyTorch + transformers that do the same. They take turns; medians of runs.
 *
 *   npx tsx bench/first-prediction.ts [--runs 7] [--python python3] [--model FOLDER] [--json]
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { median } from "./median.js";
import { saveMiniLmClassifier } from "./minilm-classifier.js";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { values: options } = parseArgs({
  options: {
    runs: { type: "string", default: "7" },
    python: { type: "string", default: "python3" },
    model: { type: "string" },
    json: { type: "boolean", default: false },
  },
});

const TEXT = "A wonderful little film.";
const folder = resolve(options.model ?? (await saveMiniLmClassifier()));
if (!existsSync(join(folder, "onnx", "model.onnx")))
  spawnSync(options.python, [here("peers/torch_export.py"), folder], { stdio: "ignore" });
const quoted = JSON.stringify(TEXT);

const TEXTUNE = `
import { TextClassifier } from "./dist/index.js";
const classifier = await TextClassifier.fromPretrained(${JSON.stringify(folder)});
console.log(await classifier.predict(${quoted}));
await classifier.close();
`;
const TRANSFORMERS_JS = `
import { env, pipeline } from "@huggingface/transformers";
process.env.ORT_DISABLE_TELEMETRY ??= "1";
env.allowRemoteModels = false;
env.localModelPath = ${JSON.stringify(dirname(folder))};
const classify = await pipeline("text-classification", ${JSON.stringify(basename(folder))}, { dtype: "fp32" });
console.log(await classify(${quoted}));
`;
const PYTORCH = `
from transformers import pipeline
print(pipeline("text-classification", ${JSON.stringify(folder)})(${quoted}))
`;

const script = (code: string): string[] => [process.execPath, "--input-type=module", "-e", code];
const programs = [
  { name: "textune predict", cwd: "..", command: [process.execPath, "dist/cli/main.js", "predict", folder, TEXT] },
  { name: "script with textune", cwd: "..", command: script(TEXTUNE) },
  { name: "script with transformers.js", cwd: "peers", command: script(TRANSFORMERS_JS) },
  { name: "script with PyTorch", cwd: "peers", command: [options.python, "-c", PYTORCH] },
  { name: "Node.js that does nothing", cwd: "..", command: script("") },
];

interface Run {
  readonly seconds: number;
  readonly failure: string | undefined;
}

function time({ cwd, command: [program, ...args] }: (typeof programs)[number]): Run {
  const start = performance.now();
  const env = { ...process.env, HF_HUB_OFFLINE: "1" };
  const { status, stderr, error } = spawnSync(program, args, { cwd: here(cwd), env, encoding: "utf8" });
  const seconds = (performance.now() - start) / 1000;
  return { seconds, failure: status === 0 ? undefined : (error?.message ?? stderr.trim().split("\n").at(-1)) };
}

// The first round reads files into the system's cache, and shows which programs run here.
const running = programs.filter((program) => {
  const { failure } = time(program);
  if (failure !== undefined) console.error(`${program.name} is left out: ${failure}`);
  return failure === undefined;
});
const seconds = new Map<string, number[]>(running.map(({ name }) => [name, []]));
for (let run = 0; run < Number(options.runs); run++) {
  for (const program of running) seconds.get(program.name)?.push(time(program).seconds);
}

const command = seconds.get("textune predict") ?? [];
const table = [...seconds].map(([name, times]) => ({
  program: name,
  seconds: Number(median(times).toFixed(2)),
  fastest: Number(Math.min(...times).toFixed(2)),
  "times textune predict": Number(median(times.map((time, i) => time / command[i])).toFixed(2)),
}));
if (options.json) console.log(JSON.stringify(table));
else console.table(table);
