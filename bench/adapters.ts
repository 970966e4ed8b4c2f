/**
 * What training a part of a model costs beside all of it: each way in a process of its own, on one thread, in turn; by
 * processor time, so that what else the machine does matters little.
 *
 *   npx tsx bench/adapters.ts [--model FOLDER] [--rows 320] [--epochs 2] [--length 64] [--repeats 2] [--json]
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createRandom } from "../src/base/random.js";
import { fromArrays, TextClassifier, type TrainingOptions } from "../src/index.js";
import { median } from "./median.js";

const WAYS: Readonly<Record<string, TrainingOptions>> = {
  "all weights": {},
  "LoRA, rank 8": { lora: true },
  "LoRA, rank 8, all layers": { lora: true, loraTargets: ["all-linear"] },
  "4 of 6 layers frozen, computed in every epoch": { freeze: 4, dropout: 0, frozenCache: false },
  "4 of 6 layers frozen, computed once": { freeze: 4, dropout: 0 },
  "encoder frozen, computed in every epoch": { freeze: "encoder", dropout: 0, frozenCache: false },
  "encoder frozen, computed once": { freeze: "encoder", dropout: 0 },
  "encoder frozen, computed once, in a file": { freeze: "encoder", dropout: 0, frozenCacheMegabytes: 0 },
};

const { values: options } = parseArgs({
  options: {
    model: { type: "string", default: "all-MiniLM-L6-v2" },
    rows: { type: "string", default: "320" },
    epochs: { type: "string", default: "2" },
    length: { type: "string", default: "64" },
    repeats: { type: "string", default: "2" },
    way: { type: "string" },
    json: { type: "boolean", default: false },
  },
});

interface Measured {
  /** In the last epoch: the first one warms up, and fills what later ones begin with. */
  readonly examplesPerCpuSecond: number;
  readonly peakMebibytes: number;
}

/** Texts of so many tokens whose class is that of a word in them. */
function texts(rows: number, length: number) {
  const random = createRandom(1);
  const words = "the a film book song was very good bad dull long short it we and of to in".split(" ");
  const labels = Array.from({ length: rows }, (_, row) => (row % 2 === 0 ? "yes" : "no"));
  const made = labels.map((label) =>
    [label, ...Array.from({ length: length - 3 }, () => words[random.integer(words.length)])].join(" "),
  );
  return fromArrays(made, labels);
}

async function measure(way: string): Promise<Measured> {
  const train = texts(Number(options.rows), Number(options.length));
  await using classifier = await TextClassifier.fromPretrained(options.model, { labels: train.labels });
  const epochs = Number(options.epochs);
  let before = process.cpuUsage();
  let last = before;
  const callbacks = [
    {
      onEpochEnd() {
        last = process.cpuUsage(before);
        before = process.cpuUsage();
      },
    },
  ];
  await classifier.fit(train, { ...WAYS[way], epochs, tokenCache: false, threads: 1, callbacks });
  return {
    examplesPerCpuSecond: (1e6 * train.length) / (last.user + last.system),
    peakMebibytes: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

if (options.way !== undefined) {
  console.log(JSON.stringify(await measure(options.way)));
} else {
  const runs = new Map<string, Measured[]>(Object.keys(WAYS).map((way) => [way, []]));
  for (let repeat = 0; repeat < Number(options.repeats); repeat++)
    for (const [way, measured] of runs) {
      const args = ["--import", "tsx", fileURLToPath(import.meta.url), ...process.argv.slice(2), "--way", way];
      measured.push(JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })));
    }
  const rows = [...runs].map(([way, measured]) => ({
    way,
    examplesPerCpuSecond: Math.round(10 * median(measured.map((one) => one.examplesPerCpuSecond))) / 10,
    peakMebibytes: median(measured.map((one) => one.peakMebibytes)),
  }));
  if (options.json) console.log(JSON.stringify(rows));
  else console.table(rows);
}
