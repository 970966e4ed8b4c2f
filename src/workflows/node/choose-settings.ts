/** What a preset makes of the data and the model; `best` tries learning rates on the validation part. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { given } from "../../base/given.js";
import { EMBEDDED_HUB_ID, EMBEDDED_MODEL } from "../../checkpoints/node/embedded-model.js";
import { openCheckpoint } from "../../checkpoints/node/open-checkpoint.js";
import type { PooledHeadOptions } from "../../heads/pooled-options.js";
import type { HubOptions } from "../../hub/hub-options.js";
import { chooseMetric, isBetter } from "../../metrics/choose-metric.js";
import { modelOf } from "../../models/registry.js";
import type { ProblemType } from "../../tasks/registry.js";
import { bestMetricOf } from "../../training/best-metric.js";
import type { Callbacks } from "../../training/callbacks.js";
import { resolveTrainingOptions } from "../../training/options.js";
import {
  ENOUGH_VALIDATION,
  openChoices,
  type Preset,
  type PresetChoice,
  presetChoices,
} from "../../training/presets.js";
import type { ResolvedTrainingOptions } from "../../training/training-options.js";
import type { DataParts } from "./data-parts.js";

/** Learning rates that `best` tries, as multiples of the one that the rules choose. */
const TRIED_RATES = [0.5, 1, 2] as const;

export interface PresetRequest {
  readonly preset: Preset;
  /** What was given, without defaults: it goes before what is chosen. */
  readonly given: Readonly<Record<string, unknown>>;
  /** Hears of the trainings that `best` tries. */
  readonly trialCallbacks?: Callbacks;
}

export interface Settings {
  readonly training: ResolvedTrainingOptions;
  readonly opening: HubOptions & PooledHeadOptions;
  readonly choices: readonly PresetChoice[];
}

/** @throws as opening the model does, and E_CONFIG where what is given and what is chosen contradict each other */
export async function chooseSettings(
  { preset, given: asked, trialCallbacks = {} }: PresetRequest,
  base: Omit<Settings, "choices"> & { readonly model: string; readonly problemType: ProblemType | undefined },
  parts: DataParts,
  signal: AbortSignal | undefined,
): Promise<Settings> {
  if (preset === "none") return { training: base.training, opening: base.opening, choices: [] };
  const { hiddenSize, layers } = await sizesOf(base.model, base.opening);
  const facts = {
    ...{ rows: parts.train.length, validationRows: parts.validation?.length ?? 0 },
    ...{ hiddenSize, layers, isSentenceEncoder: isSentenceEncoder(base.model) },
  };
  const rules = openChoices(presetChoices(preset, facts), asked);
  const rate = rules.find(({ option }) => option === "learningRate");
  const searched = preset === "best" && rate !== undefined && facts.validationRows >= ENOUGH_VALIDATION;
  const settings = withChoices(base, rules);
  if (!searched) return settings;

  const tried: { readonly rate: number; readonly value: number }[] = [];
  let best: (typeof tried)[number] | undefined;
  let metricName = "";
  for (const factor of TRIED_RATES) {
    const learningRate = Number(((rate.value as number) * factor).toPrecision(2));
    const training = { ...settings.training, learningRate, saveStrategy: "no" } as const;
    const { TextClassifier } = await import("../../classifier/node/text-classifier.js");
    const classifier = await TextClassifier.fromPretrained(base.model, {
      ...{ labels: parts.train.labels, problemType: base.problemType, seed: training.seed, signal },
      ...settings.opening,
      ...given({ threads: training.threads }),
    });
    try {
      const metric = chooseMetric(bestMetricOf(training, classifier.task), classifier.task.family, classifier.labels);
      metricName = metric.name;
      const history = await classifier.fit(parts.train, {
        ...given({ ...training, saveSteps: undefined }),
        ...{ validation: parts.validation, callbacks: [trialCallbacks], signal },
      });
      signal?.throwIfAborted();
      const report = history.bestValidation ?? history.validation;
      if (report === undefined) continue;
      const one = { rate: learningRate, value: metric.read(report) };
      tried.push(one);
      if (best === undefined || isBetter(metric, one.value, best.value)) best = one;
    } finally {
      await classifier.close();
    }
  }
  if (best === undefined) return settings;
  const shown = tried.map((one) => `${one.rate}: ${metricName} ${one.value.toFixed(4)}`).join(", ");
  const found: PresetChoice = { option: "learningRate", value: best.rate, why: `tried ${shown}` };
  return withChoices(
    base,
    rules.map((choice) => (choice === rate ? found : choice)),
  );
}

function withChoices(base: Omit<Settings, "choices">, choices: readonly PresetChoice[]): Settings {
  const values = Object.fromEntries(choices.map(({ option, value }) => [option, value]));
  const { pooling, ...options } = values as PooledHeadOptions & Record<string, unknown>;
  return {
    training: resolveTrainingOptions(given({ ...base.training, ...options })),
    opening: pooling === undefined ? base.opening : { ...base.opening, pooling },
    choices,
  };
}

/** Read off the configuration: no weights are. */
async function sizesOf(model: string, opening: HubOptions): Promise<{ hiddenSize: number; layers: number }> {
  const { config, weights } = await openCheckpoint(model, opening);
  await weights.close();
  const found = modelOf(config);
  return found.sizes(found.readConfig(config));
}

/** Models of sentence-transformers, by their name on the hub or by the file that they have alone. */
function isSentenceEncoder(model: string): boolean {
  const [owner] = EMBEDDED_HUB_ID.split("/");
  return model === EMBEDDED_MODEL || model.startsWith(`${owner}/`) || existsSync(join(model, "modules.json"));
}
