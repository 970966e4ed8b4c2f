/**
 * Settings of training beside each other: over data sets, rows and seeds, a line of JSON for each training.
 *
 *   npx tsx bench/presets.ts --out FILE [--part validation|test] [--data NAME,…] [--rows 100,1000] [--seeds 1,2,3]
 *     [--minutes 5] [--table] SETTING …
 *
 * A SETTING is a preset, `fast` or `balanced`, which holds a tenth of the rows out to validate on; or `recipe`, that of
 * transformers' documentation, which trains on all of them: learning rate 5e-5, 3 epochs, batches of 8, no warm-up, no
 * decay; or options, as in epochs=10,learningRate=1e-4,pooling=mean.
 *
 * Trainings that FILE has are not done again, so that a run that ends after --minutes (with exit code 3) goes on with the
 * same command. --table shows what FILE has, and trains nothing. Rules are chosen on `validation`, rows of the training
 * files of four data sets that are not trained on; the test rows and the other five data sets are for the check.
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Dataset, type ReadOptions, readDataset, TextClassifier, type TrainingOptions } from "../src/index.js";
import { PRESETS, presetChoices } from "../src/training/presets.js";
import { sharedPath } from "../tests/support/shared.js";

const { values, positionals: settings } = parseArgs({
  options: {
    out: { type: "string" },
    part: { type: "string", default: "validation" },
    data: { type: "string" },
    rows: { type: "string", default: "100" },
    seeds: { type: "string", default: "1,2,3" },
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
const COLA: ReadOptions = { header: false, label: 2, text: 4, quote: false, delimiter: "\t" };
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
const RECIPE: TrainingOptions = { epochs: 3, batchSize: 8, learningRate: 5e-5, warmupRatio: 0, weightDecay: 0 };

interface Line {
  readonly data: string;
  readonly rows: number;
  readonly seed: number;
  readonly part: string;
  readonly setting: string;
  readonly macroF1: number;
  readonly accuracy: number;
  readonly seconds: number;
}

/** The options that a setting names. */
function optionsOf(setting: string): Record<string, unknown> {
  if (setting === "recipe") return { ...RECIPE };
  return Object.fromEntries(
    setting.split(",").map((word) => {
      const [name, value = ""] = word.split("=");
      return [name, Number.isNaN(Number(value)) ? value : Number(value)];
    }),
  );
}

/** What a preset chooses for the model that comes with the package. */
function presetOptions(preset: "fast" | "balanced", rows: number, validationRows: number): Record<string, unknown> {
  const facts = { rows, validationRows, hiddenSize: 384, layers: 6, isSentenceEncoder: true };
  return Object.fromEntries(presetChoices(preset, facts).map(({ option, value }) => [option, value]));
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
  const preset = PRESETS.find((name) => name === setting && name !== "none") as "fast" | "balanced" | undefined;
  // As `textune train` does it: a tenth of the rows is held out to validate on.
  const { train, validation } =
    preset === undefined
      ? { train: chosen, validation: undefined }
      : chosen.split({ validation: 0.1, stratify: true, smallClasses: "first", seed });
  const { pooling, ...training } =
    preset === undefined ? optionsOf(setting) : presetOptions(preset, train.length, validation?.length ?? 0);
  const start = performance.now();
  const classifier = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", {
    labels: train.labels,
    seed,
    threads: 1,
    ...(pooling === undefined ? {} : { pooling: pooling as "mean" }),
  });
  await classifier.fit(train, { maxLength: MAX_LENGTH, seed, threads: 1, tokenCache: false, validation, ...training });
  const { macro, accuracy } = await classifier.evaluate(evaluated);
  await classifier.close();
  return { macroF1: macro.f1, accuracy, seconds: (performance.now() - start) / 1000 };
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
const keyOf = ({ data, rows, seed, part, setting }: Omit<Line, "macroF1" | "accuracy" | "seconds">): string =>
  [data, rows, seed, part, setting].join(" ");

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
    const found = [...new Set(here.map(({ data }) => data))];
    const meanOf = (setting: string, data: string): number => {
      const some = here.filter((line) => line.setting === setting && line.data === data);
      return some.reduce((sum, { macroF1 }) => sum + macroF1, 0) / some.length;
    };
    console.log(`${rows} rows, ${part}`);
    console.table(
      tried.map((setting) => {
        const scores = found.map((data) => meanOf(setting, data));
        const rank = found.map(
          (data) => 1 + tried.filter((other) => meanOf(other, data) > meanOf(setting, data)).length,
        );
        const worst = Math.min(...found.map((data) => meanOf(setting, data) - meanOf("recipe", data)));
        const mean = (numbers: readonly number[]): number =>
          numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
        const some = here.filter((line) => line.setting === setting);
        return {
          setting,
          ...Object.fromEntries(found.map((data, i) => [data, scores[i].toFixed(3)])),
          mean: mean(scores).toFixed(4),
          "mean rank": mean(rank).toFixed(2),
          "worst loss": worst.toFixed(3),
          seconds: mean(some.map(({ seconds }) => seconds)).toFixed(1),
          runs: some.length,
        };
      }),
    );
  }
}
