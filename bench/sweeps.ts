/**
 * How soon the methods of sweeps find what is best: bayes beside random search, on standard test functions and on a real
 * fine-tuning. The figures of docs/sweeps.md.
 *
 *   npx tsx bench/sweeps.ts [functions | training] [seeds]
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "../src/base/random.js";
import { readDataset, TextClassifier } from "../src/index.js";
import { bayes } from "../src/search/bayes.js";
import type { Method, PastTrial } from "../src/search/method.js";
import { randomSearch } from "../src/search/random-search.js";
import { openSpace, type Setting, type Space } from "../src/search/space.js";
import { median } from "./median.js";

interface Problem {
  readonly name: string;
  readonly space: Space;
  readonly trials: number;
  /** The least that there is. */
  readonly least: number;
  readonly cost: (setting: Setting) => number | Promise<number>;
}

const METHODS: readonly Method[] = [randomSearch, bayes];
const between = (min: number, max: number) => ({ distribution: "uniform", min, max });
const coordinates = (count: number, min: number, max: number): Space =>
  openSpace(Object.fromEntries(Array.from({ length: count }, (_, i) => [`x${i}`, between(min, max)])));
const pointOf = (setting: Setting): number[] => Object.values(setting).map(Number);

/** @source Surjanovic and Bingham, Virtual Library of Simulation Experiments, sfu.ca/~ssurjano/optimization.html */
const FUNCTIONS: readonly Problem[] = [
  {
    name: "Branin",
    space: openSpace({ x: between(-5, 10), y: between(0, 15) }),
    trials: 40,
    least: 0.397887,
    cost({ x, y }) {
      const [a, b] = [Number(x), Number(y)];
      return (
        (b - (5.1 / (4 * Math.PI ** 2)) * a * a + (5 / Math.PI) * a - 6) ** 2 +
        10 * (1 - 1 / (8 * Math.PI)) * Math.cos(a) +
        10
      );
    },
  },
  {
    name: "Hartmann, 6 dimensions",
    space: coordinates(6, 0, 1),
    trials: 60,
    least: -3.32237,
    cost: (setting) => hartmann(pointOf(setting)),
  },
  {
    name: "Rosenbrock, 4 dimensions",
    space: coordinates(4, -2, 2),
    trials: 60,
    least: 0,
    cost(setting) {
      const x = pointOf(setting);
      return x.slice(1).reduce((sum, next, i) => sum + 100 * (next - x[i] ** 2) ** 2 + (1 - x[i]) ** 2, 0);
    },
  },
  {
    name: "Ackley, 5 dimensions",
    space: coordinates(5, -32.768, 32.768),
    trials: 60,
    least: 0,
    cost(setting) {
      const x = pointOf(setting);
      const mean = (of: (value: number) => number): number => x.reduce((sum, value) => sum + of(value), 0) / x.length;
      return (
        -20 * Math.exp(-0.2 * Math.sqrt(mean((v) => v * v))) -
        Math.exp(mean((v) => Math.cos(2 * Math.PI * v))) +
        20 +
        Math.E
      );
    },
  },
];

function hartmann(x: readonly number[]): number {
  const weights = [1, 1.2, 3, 3.2];
  const widths = [
    [10, 3, 17, 3.5, 1.7, 8],
    [0.05, 10, 17, 0.1, 8, 14],
    [3, 3.5, 1.7, 10, 17, 8],
    [17, 8, 0.05, 10, 0.1, 14],
  ];
  const centers = [
    [1312, 1696, 5569, 124, 8283, 5886],
    [2329, 4135, 8307, 3736, 1004, 9991],
    [2348, 1451, 3522, 2883, 3047, 6650],
    [4047, 8828, 8732, 5743, 1091, 381],
  ];
  return -weights.reduce((sum, weight, i) => {
    const squares = x.reduce((all, value, d) => all + widths[i][d] * (value - centers[i][d] * 1e-4) ** 2, 0);
    return sum + weight * Math.exp(-squares);
  }, 0);
}

/** The lowest cost after each trial. */
async function search(method: Method, { space, trials, cost }: Problem, seed: number): Promise<number[]> {
  const past: PastTrial[] = [];
  const lowest: number[] = [];
  const random = createRandom(seed);
  for (let number = 0; number < trials; number++) {
    const setting = method.suggest(space, number, past, random);
    past.push({ setting, cost: await cost(setting) });
    lowest.push(Math.min(...past.map((one) => one.cost as number)));
  }
  return lowest;
}

async function compare(problem: Problem, seeds: number): Promise<void> {
  for (const method of METHODS) {
    const start = performance.now();
    const all: number[][] = [];
    for (let seed = 0; seed < seeds; seed++) {
      all.push(await search(method, problem, seed));
      process.stderr.write(
        `${problem.name}, ${method.name}, seed ${seed}: ${all[seed].map((cost) => cost.toPrecision(3)).join(" ")}\n`,
      );
    }
    const after = (trials: number): string => {
      const found = all.map((lowest) => lowest[trials - 1] - problem.least);
      return `${median(found).toPrecision(3)} (${Math.min(...found).toPrecision(2)} to ${Math.max(...found).toPrecision(2)})`;
    };
    const seconds = (performance.now() - start) / 1000 / seeds;
    console.log(
      `${problem.name.padEnd(26)} ${method.name.padEnd(7)} above the least after ${problem.trials >> 1} and ${problem.trials} trials: ${after(problem.trials >> 1)}, ${after(problem.trials)}; ${seconds.toFixed(1)} s`,
    );
  }
}

/** Two layers of MiniLM on 96 texts, two epochs: the loss on 200 others, by rate, warm-up, decay and batch. */
async function training(): Promise<Problem> {
  const place = mkdtempSync(join(tmpdir(), "textune-bench-"));
  const tickets = await readDataset("examples/data/support-tickets.csv", { text: "text", label: "label" });
  const { train, validation } = tickets.split({ train: 96, validation: 200, stratify: true, seed: 1 });
  const whole = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", { labels: train.labels, seed: 1 });
  await whole.save(place);
  await whole.close();
  const config = join(place, "config.json");
  writeFileSync(config, readFileSync(config, "utf8").replace('"num_hidden_layers": 6', '"num_hidden_layers": 2'));
  process.once("exit", () => rmSync(place, { recursive: true }));
  return {
    name: "fine-tuning, 2 layers",
    space: openSpace({
      learningRate: { distribution: "log_uniform_values", min: 1e-6, max: 1e-2 },
      warmupRatio: between(0, 0.5),
      weightDecay: { distribution: "log_uniform_values", min: 1e-4, max: 0.3 },
      batchSize: { values: [8, 16, 32] },
    }),
    trials: 12,
    least: 0,
    async cost(setting) {
      const classifier = await TextClassifier.fromPretrained(place);
      const { validation: report } = await classifier.fit(train, {
        ...setting,
        ...{ track: false, validation, epochs: 2, maxLength: 32, seed: 1, loadBestModelAtEnd: true },
      });
      await classifier.close();
      return report?.loss ?? Number.POSITIVE_INFINITY;
    },
  };
}

const [only, seeds] = process.argv.slice(2);
if (only !== "training") for (const problem of FUNCTIONS) await compare(problem, Number(seeds ?? 5));
if (only !== "functions") await compare(await training(), Number(seeds ?? 2));
