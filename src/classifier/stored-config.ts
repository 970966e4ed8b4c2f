/** What a saved `config.json` says of the classifier: its classes, its task, its head, its tokenizer. */
import { z } from "zod";
import { fail } from "../base/errors.js";
import { type ChosenHead, chooseHead } from "../heads/head.js";
import { headNamed } from "../heads/registry.js";
import { type Decision, decisionSchema, thresholdsOf } from "../metrics/decide.js";
import type { Model } from "../models/model.js";
import type { Task } from "../tasks/task.js";
import { LONG_TEXTS, type LongTexts, WINDOW_SCORES } from "../tokenizers/long-texts.js";
import { TRUNCATION_STRATEGIES, type TruncationStrategy } from "../tokenizers/truncate.js";
import type { ClassifierState } from "./classifier-state.js";

type Config = Readonly<Record<string, unknown>>;

/** What Textune alone knows of a model, under "textune" in its `config.json`. */
interface OwnFacts {
  /** Fingerprint of the tokenizer that the model was trained with. */
  readonly tokenizer?: string;
  /** The head, where it is not the one that transformers gives to the architecture. */
  readonly head?: { readonly name: string; readonly options: Readonly<Record<string, unknown>> };
  /** Which text of a pair is cut, where it is not the longer one. */
  readonly truncation?: string;
  /** What is read of a text that is too long, where not what the tokenizer's files say. */
  readonly longTexts?: LongTexts;
  /** Whether the model was trained on pairs of texts. */
  readonly pairs?: boolean;
  /** How outputs are read, where not as they stand. */
  readonly decision?: Decision;
  /** The task, where `problem_type` does not say it, and all labels, where `id2label` has not all. */
  readonly task?: string;
  readonly labels?: readonly string[];
}

const OWN_KEY = "textune";

function ownFacts(config: Config): OwnFacts {
  return (config[OWN_KEY] ?? {}) as OwnFacts;
}

/** The fingerprint of the tokenizer that a model was trained with, where its configuration says it. */
export function storedTokenizer(config: Config): string | undefined {
  return ownFacts(config).tokenizer;
}

/** Which text of a pair a classifier cuts, by its configuration. */
export function storedTruncation(config: Config): TruncationStrategy {
  const { truncation } = ownFacts(config);
  return TRUNCATION_STRATEGIES.find((name) => name === truncation) ?? "longest_first";
}

const longTextsSchema = z.union([
  z.object({ read: z.enum(["head", "tail", "head+tail"]) }),
  z.object({ read: z.literal("windows"), stride: z.number().int().min(0), scores: z.enum(WINDOW_SCORES) }),
]);

/** What a configuration says is read of a text that is too long. @throws E_CONFIG for what is not known */
export function storedLongTexts(config: Config): LongTexts | undefined {
  const { longTexts } = ownFacts(config);
  const parsed = longTextsSchema.optional().safeParse(longTexts);
  if (parsed.success) return parsed.data;
  return fail("E_CONFIG", {
    where: `config.json, ${OWN_KEY}.longTexts`,
    expected: `one of ${LONG_TEXTS.join(", ")}`,
    got: JSON.stringify(longTexts),
  });
}

/** Whether a model was trained on pairs of texts, where its configuration says it. */
export function storedPairs(config: Config): boolean | undefined {
  return ownFacts(config).pairs;
}

/** The head that a configuration says, or the architecture's own. @throws E_CONFIG for one that is not known */
export function storedHead(config: Config, model: Model): ChosenHead {
  const { head } = ownFacts(config);
  return head === undefined ? chooseHead(model.head) : chooseHead(headNamed(head.name), head.options);
}

/** How a configuration says that outputs are read. @throws E_CONFIG for what the task cannot have */
export function storedDecision(config: Config, task: Task, labels: readonly string[], source: string): Decision {
  const parsed = decisionSchema.safeParse(ownFacts(config).decision ?? {});
  if (parsed.success) {
    thresholdsOf(task.family, labels, parsed.data.threshold);
    return parsed.data;
  }
  const [{ path, message }] = parsed.error.issues;
  return fail("E_CONFIG", {
    where: `${source}, config.json, ${[OWN_KEY, "decision", ...path].join(".")}`,
    got: message,
  });
}

/** The name of the task of a configuration, where `problem_type` does not say it. */
export function storedTaskName(config: Config): string | undefined {
  return ownFacts(config).task;
}

/** `config` with another decision. */
export function withDecision(config: Config, decision: Decision): Config {
  return { ...config, [OWN_KEY]: { ...ownFacts(config), decision } };
}

/** The classes of a configuration, by `id2label`. */
export function storedLabels(config: Config): readonly string[] | undefined {
  const { labels } = ownFacts(config);
  if (labels !== undefined) return labels;
  const map = config.id2label;
  if (typeof map !== "object" || map === null) return undefined;
  const entries = Object.entries(map as Record<string, string>).sort(([a], [b]) => Number(a) - Number(b));
  return entries.every(([id], index) => Number(id) === index) ? entries.map(([, label]) => label) : undefined;
}

/** The `config.json` of a classifier: what it was opened with, and what it is now. */
export function configOf(state: ClassifierState): Config {
  const { model, rawConfig, head, task, labels, tokenizer, truncation, longTexts, pairs, decision } = state;
  const isOwnHead = head.head === model.head;
  const outputs = task.outputs(labels);
  return {
    ...rawConfig,
    // Over another head than its own, transformers can read the encoder alone.
    architectures: [isOwnHead ? model.classNames.classifier : model.classNames.encoder],
    model_type: model.modelType,
    id2label: Object.fromEntries(outputs.map((label, id) => [String(id), label])),
    label2id: Object.fromEntries(outputs.map((label, id) => [label, id])),
    problem_type: task.problemType,
    [OWN_KEY]: {
      tokenizer: tokenizer.fingerprint,
      ...(task.name === task.problemType ? {} : { task: task.name }),
      ...(outputs.length === labels.length ? {} : { labels }),
      ...(truncation === "longest_first" ? {} : { truncation }),
      ...(longTexts === undefined ? {} : { longTexts }),
      ...(pairs === undefined ? {} : { pairs }),
      ...(Object.keys(decision).length === 0 ? {} : { decision }),
      ...(isOwnHead ? {} : { head: { name: head.head.name, options: head.options as Record<string, unknown> } }),
    } satisfies OwnFacts,
  };
}
