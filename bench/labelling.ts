/**
 * Labelling by simulation: how many labels a strategy needs for an accuracy, beside random order. The labels of a data set
 * are asked for row by row, as a person would be, by the same code that Studio's page runs.
 *
 *   npx tsx bench/labelling.ts --data trec [--strategy mixed] [--seed 1] [--step 50] [--most 1000] … >> results.jsonl
 *   npx tsx bench/labelling.ts --table results.jsonl
 *
 * Reads the data sets from the optional `shared` folder beside the checkout. Features are computed once for a data set, and kept.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Features } from "../src/classifier/features.js";
import { type Dataset, readDataset, TextClassifier } from "../src/index.js";
import { agreement } from "../src/labelling/agreement.js";
import { createCoverage } from "../src/labelling/coverage.js";
import { createLinearTrainer } from "../src/labelling/linear-model.js";
import { unitFeatures } from "../src/labelling/nearest.js";
import { checkOrder, nextQuestions } from "../src/labelling/questions.js";
import { STRATEGIES } from "../src/labelling/strategies.js";
import type { Strategy } from "../src/labelling/strategy.js";
import { nodeRuntime } from "../src/runtime/node/onnxruntime.js";
import { TREC } from "./accuracy-tasks.js";
import { benchData } from "./minilm-classifier.js";

const SETS = {
  trec: {
    read: (part: "train" | "test") =>
      readDataset(benchData(`trec/${part === "train" ? "train_5500" : "TREC_10"}.label`), TREC),
    step: 10,
    most: 1500,
    goals: [0.75, 0.8, 0.85, 0.88],
  },
  banking77: {
    read: (part: "train" | "test") =>
      readDataset(benchData(`banking77/${part}.csv`), { text: "text", label: "category" }),
    step: 25,
    most: 3000,
    goals: [0.6, 0.7, 0.8, 0.85],
  },
} as const;
type Name = keyof typeof SETS;

interface Line {
  readonly data: Name;
  readonly strategy: string;
  readonly seed: number;
  readonly labels: number;
  readonly accuracy: number;
  /** With the model of three quarters of the labels. */
  readonly agreement: number | undefined;
}

async function featuresFor(name: string, dataset: Dataset): Promise<Features> {
  const folder = join(tmpdir(), "textune-bench-labelling");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}-${dataset.fingerprint}.f32`);
  const width = 384;
  try {
    const bytes = readFileSync(file);
    return { values: new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)), width };
  } catch {
    await using classifier = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", {
      labels: dataset.labels,
      pooling: "mean",
    });
    const texts = Array.from({ length: dataset.length }, (_, row) => dataset.text(row));
    const features = unitFeatures(await classifier.features(texts));
    writeFileSync(file, new Uint8Array(features.values.buffer));
    return features;
  }
}

interface Size {
  /** Labels between two models. */
  readonly step: number;
  /** Labels at the end. */
  readonly most: number;
}

async function simulate(name: Name, strategy: Strategy, seed: number, { step, most }: Size): Promise<void> {
  const { read } = SETS[name];
  const [train, test] = await Promise.all([read("train"), read("test")]);
  const features = await featuresFor(`${name}-train`, train);
  const testFeatures = await featuresFor(`${name}-test`, test);
  const both = { width: features.width, values: new Float32Array(features.values.length + testFeatures.values.length) };
  both.values.set(features.values);
  both.values.set(testFeatures.values, features.values.length);
  const classes = train.labels.names.length;
  const trainer = await createLinearTrainer(nodeRuntime, both, 1);
  const order = checkOrder(train.length, seed);
  const coverage = createCoverage(features);
  const labelled = new Map<number, number>();
  const testRows = Array.from({ length: test.length }, (_, row) => train.length + row);
  const watched = order.slice(-1000);
  const best = (probabilities: Float32Array, at: number): number => {
    const row = probabilities.subarray(at * classes, (at + 1) * classes);
    return row.indexOf(Math.max(...row));
  };
  const before: { labels: number; predicted: number[] }[] = [];
  while (labelled.size < Math.min(most, train.length)) {
    const model = await trainer.train({ rows: [...labelled.keys()], classes: [...labelled.values()] }, classes);
    if (model !== undefined) {
      const probabilities = await model.probabilities(testRows);
      const right = testRows.filter((_, at) => train.labels.names[best(probabilities, at)] === test.label(at)).length;
      const seen = await model.probabilities(watched);
      const predicted = Array.from(watched, (_, at) => best(seen, at));
      const earlier = before.filter((one) => one.labels <= 0.75 * labelled.size).at(-1);
      before.push({ labels: labelled.size, predicted });
      const line: Line = {
        ...{ data: name, strategy: strategy.name, seed, labels: labelled.size, accuracy: right / test.length },
        agreement: earlier && agreement(earlier.predicted, predicted),
      };
      console.log(JSON.stringify(line));
    }
    const counts = train.labels.names.map((_, c) => [...labelled.values()].filter((one) => one === c).length);
    const questions = await nextQuestions(
      {
        ...{ features, model, strategy, classes, counts, order, seed, decided: labelled.size },
        distances: coverage.distances,
        isDecided: (row) => labelled.has(row),
      },
      step,
    );
    for (const { row } of questions) {
      labelled.set(row, train.labelId(row));
      coverage.add(row);
    }
  }
  await trainer.close();
}

function table(file: string): void {
  const lines = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
  for (const name of Object.keys(SETS) as Name[]) {
    const { goals } = SETS[name];
    console.log(`\n| ${name}: labels for an accuracy of | ${goals.map((goal) => `${100 * goal} %`).join(" | ")} |`);
    console.log(`| --- | ${goals.map(() => "---:").join(" | ")} |`);
    for (const { name: strategy, title } of STRATEGIES) {
      const own = lines.filter((line) => line.data === name && line.strategy === strategy);
      const seeds = [...new Set(own.map(({ seed }) => seed))];
      if (seeds.length === 0) continue;
      const cells = goals.map((goal) => {
        const needed = seeds.map((seed) => own.find((line) => line.seed === seed && line.accuracy >= goal)?.labels);
        const known = needed.filter((labels) => labels !== undefined);
        if (known.length < seeds.length) return "–";
        const mean = Math.round(known.reduce((sum, labels) => sum + labels, 0) / known.length);
        return `${mean} (${Math.min(...known)}–${Math.max(...known)})`;
      });
      console.log(`| ${title} | ${cells.join(" | ")} |`);
    }
    bandTable(lines.filter((line) => line.data === name));
  }
}

/** Where the bands of labels begin, and where the last of them ends. */
const BANDS = [30, 100, 200, 300, 400, 700, 1100];

/** The mean accuracy within bands of labels, and beside random order of the same seed and as many labels. */
function bandTable(lines: readonly Line[]): void {
  const keyOf = ({ seed, labels }: Line): string => `${seed} ${labels}`;
  const random = new Map(
    lines.filter((line) => line.strategy === "random").map((line) => [keyOf(line), line.accuracy]),
  );
  const bands = BANDS.slice(0, -1).map((from, at) => [from, BANDS[at + 1]] as const);
  console.log(`\n| accuracy, points beside random order, seeds | ${bands.map((band) => band.join("–")).join(" | ")} |`);
  console.log(`| --- | ${bands.map(() => "---:").join(" | ")} |`);
  for (const { name: strategy, title } of STRATEGIES) {
    const own = lines.filter((line) => line.strategy === strategy && random.has(keyOf(line)));
    if (own.length === 0) continue;
    const cells = bands.map(([from, to]) => {
      const band = own.filter(({ labels }) => labels >= from && labels < to);
      if (band.length === 0) return "–";
      const mean = (numberOf: (line: Line) => number): number =>
        band.reduce((sum, line) => sum + numberOf(line), 0) / band.length;
      const points = 100 * mean((line) => line.accuracy - (random.get(keyOf(line)) ?? Number.NaN));
      return `${(100 * mean(({ accuracy }) => accuracy)).toFixed(1)} % (${points < 0 ? "−" : "+"}${Math.abs(points).toFixed(1)})`;
    });
    console.log(`| ${title}, ${new Set(own.map(({ seed }) => seed)).size} seeds | ${cells.join(" | ")} |`);
  }
}

const { values } = parseArgs({
  options: {
    data: { type: "string", multiple: true, default: ["trec", "banking77"] },
    strategy: { type: "string", multiple: true, default: STRATEGIES.map(({ name }) => name) },
    seed: { type: "string", multiple: true, default: ["1", "2", "3"] },
    step: { type: "string" },
    most: { type: "string" },
    table: { type: "string" },
  },
});
if (values.table !== undefined) table(values.table);
else
  for (const data of values.data)
    for (const strategy of STRATEGIES.filter(({ name }) => values.strategy.includes(name)))
      for (const seed of values.seed) {
        const { step, most } = SETS[data as Name];
        const size = { step: Number(values.step ?? step), most: Number(values.most ?? most) };
        await simulate(data as Name, strategy, Number(seed), size);
      }
