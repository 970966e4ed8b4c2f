/**
 * A model card: what the Hugging Face Hub shows of a model, and what a reader wants to know of it.
 *
 * @source huggingface.co/docs/hub/model-cards; huggingface_hub ModelCardData, model-index of version 0.2
 */
import type { MetricRecord, TrainingRecord } from "./training-record.js";

/** What a card says beyond the record of the training. */
export interface CardFacts {
  readonly name: string;
  /** The model on the hub that it was made of, where there is one. */
  readonly baseModel?: string | undefined;
  /** ISO 639-1 code of the texts, where one language is sure. */
  readonly language?: string | undefined;
  /** Whether it was trained on pairs of texts. */
  readonly pairs: boolean;
  /** Whether transformers in Python can load it, head and all. */
  readonly isReadByPython: boolean;
  /** The options whose value is not the default. */
  readonly changed: Readonly<Record<string, unknown>>;
}

/** Our names of metrics and those of the hub, where it has one. */
const HUB_METRICS: Readonly<Record<string, string>> = {
  ...{ accuracy: "accuracy", macroF1: "f1", macroPrecision: "precision", macroRecall: "recall" },
  ...{ matthews: "matthews_correlation", rocAuc: "roc_auc", meanSquaredError: "mse", meanAbsoluteError: "mae" },
  ...{ pearson: "pearsonr", spearman: "spearmanr" },
};
/** Classes listed one by one. */
const MOST_CLASSES = 30;

/** The card as Markdown with its metadata in front. */
export function modelCard(record: TrainingRecord, facts: CardFacts): string {
  return `${metadata(record, facts)}\n${[
    `# ${facts.name}`,
    opening(record, facts),
    results(record),
    usage(record, facts),
    data(record),
    training(record, facts),
  ]
    .filter((section) => section !== "")
    .join("\n\n")}\n`;
}

function metadata({ data: parts, results: measured }: TrainingRecord, facts: CardFacts): string {
  const metrics = measured?.metrics ?? [];
  const hubNames = [...new Set(metrics.flatMap(({ metric }) => HUB_METRICS[metric] ?? []))];
  return [
    "---",
    "library_name: transformers",
    "pipeline_tag: text-classification",
    ...(facts.language === undefined ? [] : [`language: ${facts.language}`]),
    ...(facts.baseModel === undefined ? [] : [`base_model: ${quoted(facts.baseModel)}`]),
    "tags:",
    "  - textune",
    "  - text-classification",
    ...(hubNames.length === 0 ? [] : ["metrics:", ...hubNames.map((name) => `  - ${name}`)]),
    ...(measured === undefined
      ? []
      : [
          "model-index:",
          `  - name: ${quoted(facts.name)}`,
          "    results:",
          "      - task:",
          "          type: text-classification",
          "        dataset:",
          `          name: ${quoted(fileOf(parts.train.source))}`,
          `          type: ${quoted(fileOf(parts.train.source))}`,
          `          split: ${measured.part}`,
          "        metrics:",
          ...metrics
            .map((one) => ({ ...one, interval: intervalOf(one) }))
            .flatMap(({ metric, value, interval }) => [
              `          - type: ${HUB_METRICS[metric] ?? quoted(metric)}`,
              `            name: ${quoted(`${metric}${interval === undefined ? "" : ` (${interval})`}`)}`,
              `            value: ${value}`,
            ]),
        ]),
    "---",
    "",
  ].join("\n");
}

function opening({ model, data: parts }: TrainingRecord, { baseModel, pairs }: CardFacts): string {
  const what =
    model.labels.length > MOST_CLASSES
      ? `${model.labels.length} classes`
      : model.labels.map((label) => `\`${plain(label)}\``).join(", ");
  const base =
    baseModel === undefined ? plain(fileOf(model.source)) : `[${baseModel}](https://huggingface.co/${baseModel})`;
  return `A text classifier (${model.problemType}) with ${model.parameters.toLocaleString("en-US")} parameters, fine-tuned with [Textune](https://github.com/textune/textune) from ${base} on ${parts.train.rows.toLocaleString("en-US")} ${pairs ? "pairs of texts" : "texts"}. It tells: ${what}.`;
}

function results({ results: measured, data: parts, options }: TrainingRecord): string {
  if (measured === undefined) return "## Results\n\nNothing was held out to measure it on.";
  const { part, metrics, report } = measured;
  const note =
    part === "test" || !options.loadBestModelAtEnd
      ? "No weights were chosen by these rows."
      : "The best weights were chosen by these rows, so the figures are a little too good.";
  const drawn = metrics.some(({ low }) => low !== undefined);
  const rows = metrics.map((one) => {
    const cells = [one.metric, one.value.toFixed(4), ...(drawn ? [intervalOf(one)?.replace(/^.*interval /, "")] : [])];
    return `| ${cells.join(" | ")} |`;
  });
  const classes =
    "perClass" in report && report.perClass.length <= MOST_CLASSES
      ? [
          "",
          "| class | precision | recall | F1 | rows |",
          "| --- | --- | --- | --- | --- |",
          ...report.perClass.map(
            (one) =>
              `| ${plain(one.label)} | ${one.precision.toFixed(4)} | ${one.recall.toFixed(4)} | ${one.f1.toFixed(4)} | ${one.support} |`,
          ),
        ]
      : [];
  return [
    "## Results",
    "",
    `On ${report.examples.toLocaleString("en-US")} ${part} rows of ${plain(fileOf((parts[part] ?? parts.train).source))}. ${note}`,
    "",
    `| metric | value |${drawn ? " 95 % interval (bootstrap) |" : ""}`,
    `| --- | --- |${drawn ? " --- |" : ""}`,
    ...rows,
    ...classes,
  ].join("\n");
}

/** As in "95 % interval 0.8 to 0.9"; undefined where none was drawn. */
function intervalOf({ low, high, level }: MetricRecord): string | undefined {
  if (low === undefined || high === undefined || level === undefined) return undefined;
  return `${100 * level} % interval ${low.toFixed(4)} to ${high.toFixed(4)}`;
}

function usage({ options }: TrainingRecord, { name, pairs, isReadByPython }: CardFacts): string {
  const { maxLength, longTexts } = options;
  const [example, arguments_, pythonExample, what] = pairs
    ? [
        '{ text: "some text", textPair: "another text" }',
        "--file pairs.csv --text COLUMN --text-pair COLUMN",
        '{"text": "some text", "text_pair": "another text"}',
        "pair of texts",
      ]
    : ['"some text"', '"some text"', '"some text"', "text"];
  const python = isReadByPython
    ? [
        "```python",
        "from transformers import pipeline",
        "",
        `classify = pipeline("text-classification", model=${quoted(name)})`,
        `print(classify(${pythonExample}, truncation=True))`,
        "```",
      ]
    : [
        "transformers has no such head for this architecture: it loads the encoder alone. `textune export` writes ONNX models, which onnxruntime in Python runs, head and all.",
      ];
  return [
    "## Use",
    "",
    "In TypeScript or JavaScript:",
    "",
    "```ts",
    'import { TextClassifier } from "textune";',
    "",
    `const classifier = await TextClassifier.fromPretrained(${quoted(name)});`,
    `console.log(await classifier.predict(${example}));`,
    "```",
    "",
    `On the command line: \`textune predict ${name} ${arguments_}\`. In Python:`,
    "",
    ...python,
    "",
    longTexts === "windows"
      ? `It reads a ${what} in windows of ${maxLength} tokens.`
      : `It reads ${maxLength} tokens of a ${what}; what is longer is cut.`,
  ].join("\n");
}

function data({ data: parts, notices }: TrainingRecord): string {
  const rows = (["train", "validation", "test"] as const).flatMap((part) => {
    const facts = parts[part];
    if (facts === undefined) return [];
    const classes = Object.entries(facts.classes).map(([name, count]) => `${plain(name)} ${count}`);
    const shown = classes.length > MOST_CLASSES ? `${classes.length} classes` : classes.join(", ");
    return [`| ${part} | ${plain(fileOf(facts.source))} | ${facts.rows} | ${shown} | \`${facts.fingerprint}\` |`];
  });
  const left = notices.length === 0 ? ["Nothing was cut or left out."] : notices.map((notice) => `- ${plain(notice)}`);
  return [
    "## Data",
    "",
    "| part | source | rows | classes | fingerprint |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
    "",
    "What was cut, left out or guessed:",
    "",
    ...left,
  ].join("\n");
}

function training({ config, history, options, versions, seconds }: TrainingRecord, { changed }: CardFacts): string {
  const own = Object.entries(changed).map(([name, value]) => `\`${name}\` ${plain(JSON.stringify(value))}`);
  const best =
    history.bestEpoch === undefined || !options.loadBestModelAtEnd
      ? ""
      : `; the weights are those of epoch ${history.bestEpoch}`;
  const end = history.stoppedEarly ? ", stopped early" : "";
  const { averagedSteps = [] } = history;
  const average =
    averagedSteps.length > 1 ? `, averaged with those after ${averagedSteps.slice(1).join(", ")} steps` : "";
  const repeat = "data" in config ? "; `textune train --config training.json --output DIR` repeats it" : "";
  return [
    "## Training",
    "",
    `Options other than the defaults: ${own.length === 0 ? "none" : own.join(", ")}.`,
    "",
    `${history.epochs.length} ${history.epochs.length === 1 ? "epoch" : "epochs"}, ${history.losses.length} steps of ${options.batchSize} texts${end}${best}${average}. It took ${Math.round(seconds)} s. \`training.json\` has every option, the history and the versions${repeat}.`,
    "",
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", "),
  ].join("\n");
}

/** A text as a double-quoted scalar, which YAML and the languages of the examples read alike. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

/** The end of an address, without the part of a split: where files lie on somebody's disk is nobody else's business. */
function fileOf(source: string): string {
  return (
    source
      .replace(/ \((?:train|validation|test)\)$/, "")
      .replace(/[?#].*$/, "")
      .split(/[/\\]/)
      .findLast((part) => part !== "") ?? source
  );
}

/** A text within a line of Markdown. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").replace(/[|`<>*_[\]\\]/g, "\\$&");
}
