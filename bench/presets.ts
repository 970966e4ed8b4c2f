/**
 * Settings of training beside each other: over data sets, rows and seeds, a line of JSON for each training.
 *
 *   npx tsx bench/presets.ts --out FILE [--part validation|test] [--data NAME,…] [--rows 100,1000] [--seeds 1,2,3]
 *     [--held 0.1] [--minutes 5] [--table] SETTING …
 *
 * A SETTING is a preset, `fast`, `balanced` or `best`, which holds a tenth of the rows, or --held, out to validate on, alone or with
 * options that go before what it chooses, as in balanced,pooling=pooler; or `recipe`, that of
 * transformers' documentation, which trains on all of them: learning rate 5e-5, 3 epochs, batches of 8, no warm-up, no
 * decay; or options, as in epochs=10,learningRate=1e-4,pooling=mean.
 *
 * Trainings that FILE has are not done again, so that a run that ends after --minutes (with exit code 3) goes on with the
 * same command. --table shows what FILE has, and trains nothing. Rules are chosen on `validation`, rows of the training
 * files of four data sets that are not trained on; the test rows and the other five data sets are for the check.
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { given as defined } from "../src/base/given.js";
import { parseValue } from "../src/cli/run-condition.js";
import type { PooledHeadOptions } from "../src/heads/pooled-options.js";
import { type Dataset, type ReadOptions, readDataset, TextClassifier, type TrainingOptions } from "../src/index.js";
import { resolveTrainingOptions } from "../src/training/options.js";
import { PRESETS, type Preset } from "../src/training/presets.js";
import { chooseSettings } from "../src/workflows/node/choose-settings.js";
import type { DataParts } from "../src/workflows/node/data-parts.js";
import { sharedPath } from "../tests/support/shared.js";
import { COLA } from "./accuracy-tasks.js";

const { values, positionals: settings } = parseArgs({
  options: {
    out: { type: "string" },
    part: { type: "string", default: "validation" },
    data: { type: "string" },
    rows: { type: "string", default: "100" },
    seeds: { type: "string", default: "1,2,3" },
    held: { type: "string", default: "0.1" },
    minutes: { type: "string", default: "5" },
    table: { type: "boolean", default: false },
  },
  allowPositionals: true,
});

interface Parts {
  readonly train: Dataset;
  readonly test: Dataset;
}

const read = (file: string, options: ReadOptions): Promise<Dataset> => {
  const path = file.startsWith("examples/") ? file : sharedPath(`data/${file}`);
  if (path === undefined) throw new Error(`data/${file} is not in the shared folder beside this checkout`);
  return readDataset(path, options);
};
const halves = (whole: Dataset, test: number): Parts => whole.split({ test, stratify: true, seed: 42 });

const trec = (label: string): ReadOptions => ({
  format: "lines",
  pattern: `^(?<fine>(?<coarse>[A-Z]+):\\S+) (?<text>.*)$`,
  encoding: "latin1",
  text: "text",
  label,
});
const bothOf = async (train: string, test: string, options: ReadOptions): Promise<Parts> => {
  const first = await read(train, options);
  return { train: first, test: await read(test, { ...options, labels: first.labels }) };
};
const CHOOSING: Readonly<Record<string, () => Promise<Parts>>> = {
  sst2: () => bothOf("sst2/train.tsv", "sst2/dev.tsv", { text: "sentence", label: "label" }),
  trec: () => bothOf("trec/train_5500.label", "trec/TREC_10.label", trec("coarse")),
  agnews: async () => {
    const train = await read("agnews/train-sample.tsv", { header: false, text: 1, label: 2 });
    return halves(train, 0.3);
  },
  tickets: async () => halves(await read("examples/data/support-tickets.csv", { text: "text", label: "label" }), 0.3),
};
const HELD_BACK: Readonly<Record<string, () => Promise<Parts>>> = {
  cola: () => bothOf("cola/train.tsv", "cola/dev.tsv", COLA),
  banking77: () => bothOf("banking77/train.csv", "banking77/test.csv", { text: "text", label: "category" }),
  "sms-spam": async () =>
    halves(
      await read("sms-spam/SMSSpamCollection", { header: false, label: 1, text: 2, quote: false, delimiter: "\t" }),
      0.3,
    ),
  imdb: async () => halves(await read("imdb/aclImdb_train.tar.gz", {}), 0.5),
  "trec-fine": () => bothOf("trec/train_5500.label", "trec/TREC_10.label", trec("fine")),
};
const DATA = { ...CHOOSING, ...HELD_BACK };

/** Rows that are evaluated on. */
const EVALUATED = 400;
const MAX_LENGTH = 32;
const MODEL = "all-MiniLM-L6-v2";
const RECIPE: TrainingOptions = { epochs: 3, batchSize: 8, learningRate: 5e-5, warmupRatio: 0, weightDecay: 0 };

interface Line {
  readonly data: string;
  readonly rows: number;
  readonly seed: number;
  readonly part: string;
  readonly setting: string;
  readonly macroF1: number;
  readonly accuracy: number;
  /** Macro F1 on the rows that were held out to validate on. */
  readonly validationF1?: number | undefined;
  readonly seconds: number;
}

/** The options that a setting names. */
function optionsOf(setting: string): Record<string, unknown> {
  if (setting === "recipe") return { ...RECIPE };
  if (setting === "") return {};
  return Object.fromEntries(
    setting.split(",").map((word) => {
      const [name, value = ""] = word.split("=");
      return [name, parseValue(value)];
    }),
  );
}

/** What a preset chooses for `parts`, beside what is given. */
async function presetSettings(preset: Preset, given: Record<string, unknown>, parts: DataParts) {
  const { pooling, ...options } = given as PooledHeadOptions & TrainingOptions;
  const training = resolveTrainingOptions({ maxLength: MAX_LENGTH, threads: 1, tokenCache: false, ...options });
  const opening = pooling === undefined ? {} : { pooling };
  const folder = await mkdtemp(join(tmpdir(), "textune-presets-"));
  const base = { model: MODEL, problemType: undefined, training, opening };
  const settings = await chooseSettings({ preset, given }, base, parts, { folder, overwrite: true });
  await rm(folder, { recursive: true });
  return settings;
}

/** `count` rows, every class in its share; all where there are fewer. */
function cut(dataset: Dataset, count: number, seed: number): Dataset {
  if (dataset.length <= count) return dataset;
  return dataset.split({ train: count, test: dataset.length - count, stratify: true, smallClasses: "first", seed })
    .train;
}

async function measure(parts: Parts, rows: number, seed: number, part: string, setting: string) {
  // The same rows are trained and evaluated on for every setting.
  const pool = parts.train.split({ validation: Math.min(EVALUATED, Math.floor(parts.train.length / 3)), seed: 7 });
  const chosen = cut(part === "validation" ? pool.train : parts.train, rows, seed);
  const evaluated = part === "validation" ? pool.validation : cut(parts.test, EVALUATED, 7);
  const [first, ...words] = setting.split(",");
  const preset = PRESETS.find((name) => name === first);
  const given = optionsOf(preset === undefined ? setting : words.join(","));
  // As `textune train` does it: some rows, by default a tenth, are held out to validate on.
  const { train, validation } =
    preset === undefined
      ? { train: chosen, validation: undefined }
      : chosen.split({ validation: Number(values.held), stratify: true, smallClasses: "first", seed });
  const start = performance.now();
  const { training, opening } = await presetSettings(
    preset ?? "none",
    { seed, ...given },
    { whole: chosen, train, validation, test: undefined },
  );
  const classifier = await TextClassifier.fromPretrained(MODEL, {
    ...{ labels: train.labels, seed: training.seed, threads: 1 },
    ...opening,
  });
  const { validation: seen } = await classifier.fit(train, { ...defined(training), validation });
  const { macro, accuracy } = await classifier.evaluate(evaluated);
  await classifier.close();
  const seconds = (performance.now() - start) / 1000;
  return {
    macroF1: macro.f1,
    accuracy,
    validationF1: seen !== undefined && "macro" in seen ? seen.macro.f1 : undefined,
    seconds,
  };
}

const out = values.out;
if (out === undefined) throw new Error("--out FILE: where the results stand");
const lines = (): Line[] =>
  existsSync(out)
    ? readFileSync(out, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Line)
    : [];
const keyOf = ({
  data,
  rows,
  seed,
  part,
  setting,
}: Pick<Line, "data" | "rows" | "seed" | "part" | "setting">): string => [data, rows, seed, part, setting].join(" ");

const names = values.data?.split(",") ?? Object.keys(values.part === "validation" ? CHOOSING : DATA);
const { part } = values;
if (values.table) {
  showTable();
} else {
  const done = new Set(lines().map(keyOf));
  const until = performance.now() + Number(values.minutes) * 60_000;
  const opened = new Map<string, Promise<Parts>>();
  for (const rows of values.rows.split(",").map(Number))
    for (const seed of values.seeds.split(",").map(Number))
      for (const setting of settings)
        for (const data of names) {
          if (performance.now() > until) process.exit(3);
          const key = { data, rows, seed, part, setting };
          if (done.has(keyOf(key))) continue;
          if (!opened.has(data)) opened.set(data, DATA[data]());
          const scores = await measure(await (opened.get(data) as Promise<Parts>), rows, seed, part, setting);
          appendFileSync(out, `${JSON.stringify({ ...key, ...scores })}\n`);
        }
}

/** Macro F1 by data set, and each setting's mean, mean rank and worst loss to the recipe. */
function showTable(): void {
  const all = lines().filter((line) => line.part === part);
  for (const rows of [...new Set(all.map((line) => line.rows))]) {
    const here = all.filter((line) => line.rows === rows);
    const tried = [...new Set(here.map(({ setting }) => setting))];
    const scoresOf = (setting: string, data: string): Map<number, number> =>
      new Map(
        here
          .filter((line) => line.setting === setting && line.data === data)
          .map(({ seed, macroF1 }) => [seed, macroF1]),
      );
    // Only what every setting was tried on can be ranked.
    const found = [...new Set(here.map(({ data }) => data))].filter((data) =>
      tried.every((setting) => scoresOf(setting, data).size > 0),
    );
    const meanOf = (setting: string, data: string): number => mean([...scoresOf(setting, data).values()]);
    console.log(`${rows} rows, ${part}; ± the standard deviation over seeds`);
    console.table(
      tried.map((setting) => {
        const scores = found.map((data) => meanOf(setting, data));
        const rank = found.map(
          (data) => 1 + tried.filter((other) => meanOf(other, data) > meanOf(setting, data)).length,
        );
        const beside = found.map((data) => {
          const recipe = scoresOf("recipe", data);
          const both = [...scoresOf(setting, data)].filter(([seed]) => recipe.has(seed));
          const differences = both.map(([seed, score]) => score - (recipe.get(seed) as number));
          return { loss: mean(differences), noise: deviation(differences) / Math.sqrt(differences.length), data };
        });
        const worst = beside.toSorted((a, b) => a.loss - b.loss)[0];
        const some = here.filter((line) => line.setting === setting && found.includes(line.data));
        return {
          setting,
          ...Object.fromEntries(
            found.map((data, i) => [
              data,
              `${scores[i].toFixed(3)} ±${deviation([...scoresOf(setting, data).values()]).toFixed(3)}`,
            ]),
          ),
          mean: mean(scores).toFixed(4),
          "mean rank": mean(rank).toFixed(2),
          "worst beside the recipe": `${worst.loss.toFixed(3)} ±${worst.noise.toFixed(3)} (${worst.data})`,
          seconds: mean(some.map(({ seconds }) => seconds)).toFixed(1),
          runs: some.length,
        };
      }),
    );
  }
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
}

/** Standard deviation; NaN of fewer than two. */
function deviation(numbers: readonly number[]): number {
  const middle = mean(numbers);
  return Math.sqrt(numbers.reduce((sum, one) => sum + (one - middle) ** 2, 0) / (numbers.length - 1));
}
