/** What a preset makes of the data and the model; `best` tries learning rates on the validation part. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { fail } from "../../base/errors.js";
import { given } from "../../base/given.js";
import { EMBEDDED_HUB_ID, EMBEDDED_MODEL } from "../../checkpoints/node/embedded-model.js";
import { openCheckpoint } from "../../checkpoints/node/open-checkpoint.js";
import { decisiveOptions } from "../../classifier/training-states.js";
import type { PooledHeadOptions } from "../../heads/pooled-options.js";
import type { HubOptions } from "../../hub/hub-options.js";
import { type ChosenMetric, chooseMetric, isBetter } from "../../metrics/choose-metric.js";
import type { Report } from "../../metrics/report.js";
import { modelOf } from "../../models/registry.js";
import { type ProblemType, taskFor, taskNamed } from "../../tasks/registry.js";
import { bestMetricOf } from "../../training/best-metric.js";
import type { Callbacks } from "../../training/callbacks.js";
import { hasState } from "../../training/node/state-folder.js";
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
import { openTrials, type Trial } from "./trials.js";

/** Learning rates that `best` tries, as multiples of the one that the rules choose. */
const TRIED_RATES = [0.5, 1, 2] as const;

export interface PresetRequest {
  readonly preset: Preset;
  /** What was given, without defaults: it goes before what is chosen. */
  readonly given: Readonly<Record<string, unknown>>;
  /** Hears of the trainings that `best` tries. */
  readonly trialCallbacks?: Callbacks;
  /** Called with what a trial reached. */
  readonly onTrial?: (trial: Trial & { readonly metric: string; readonly done: number; readonly of: number }) => void;
}

/** Where trials are remembered, and what is done with those that are there. */
export interface TrialPlace {
  readonly folder: string;
  readonly resume?: boolean | undefined;
  readonly overwrite?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Settings {
  readonly training: ResolvedTrainingOptions;
  readonly opening: HubOptions & PooledHeadOptions;
  readonly choices: readonly PresetChoice[];
  /** Whether settings were tried. */
  readonly tried: boolean;
}

/** @throws as opening the model does, and E_CONFIG where what is given and what is chosen contradict each other */
export async function chooseSettings(
  { preset, given: asked, trialCallbacks = {}, onTrial }: PresetRequest,
  base: Pick<Settings, "training" | "opening"> & {
    readonly model: string;
    readonly problemType: ProblemType | undefined;
  },
  parts: DataParts,
  place: TrialPlace,
): Promise<Settings> {
  if (preset === "none") return { training: base.training, opening: base.opening, choices: [], tried: false };
  const { hiddenSize, layers } = await sizesOf(base.model, base.opening);
  const facts = {
    ...{ rows: parts.train.length, validationRows: parts.validation?.length ?? 0 },
    ...{ hiddenSize, layers, isSentenceEncoder: isSentenceEncoder(base.model) },
  };
  const rules = openChoices(presetChoices(preset, facts), asked);
  const rate = rules.find(({ option }) => option === "learningRate");
  const searched = preset === "best" && rate !== undefined && facts.validationRows >= ENOUGH_VALIDATION;
  const settings = { ...withChoices(base, rules), tried: false };
  if (!searched) return settings;

  const rates = TRIED_RATES.map((factor) => Number(((rate.value as number) * factor).toPrecision(2)));
  const { trials, metric } = await tryRates(rates, { ...base, ...settings }, parts, place, { trialCallbacks, onTrial });
  const best = trials.reduce((first, next) => (isBetter(metric, next.value, first.value) ? next : first));
  const shown = trials.map((one) => `${one.learningRate}: ${metric.name} ${one.value.toFixed(4)}`).join(", ");
  const found: PresetChoice = { option: "learningRate", value: best.learningRate, why: `tried ${shown}` };
  const choices = rules.map((choice) => (choice === rate ? found : choice));
  return { ...withChoices(base, choices), tried: true };
}

/** Trains with each of the rates, and tells what it reaches on the validation part. */
async function tryRates(
  rates: readonly number[],
  base: Pick<Settings, "training" | "opening"> & {
    readonly model: string;
    readonly problemType: ProblemType | undefined;
  },
  parts: DataParts,
  place: TrialPlace,
  { trialCallbacks = {}, onTrial }: Pick<PresetRequest, "trialCallbacks" | "onTrial">,
): Promise<{ readonly trials: readonly Trial[]; readonly metric: ChosenMetric }> {
  const { training, opening, model, problemType } = base;
  const { train, validation } = parts;
  const { signal } = place;
  const task = problemType === undefined ? taskFor(train.targetKind) : taskNamed(problemType);
  const metric = chooseMetric(bestMetricOf(training, task), task.family, train.labels.names);
  const heads = [opening.pooling, opening.hiddenLayers, opening.headActivation, opening.headDropout];
  const data = [train.fingerprint, validation?.fingerprint];
  const identity = JSON.stringify([model, heads, data, decisiveOptions(training), rates]);
  const store = await openTrials(place.folder, place, identity);
  try {
    const { TextClassifier } = await import("../../classifier/node/text-classifier.js");
    for (const learningRate of rates.slice(store.done.length)) {
      const classifier = await TextClassifier.fromPretrained(model, {
        ...{ labels: train.labels, problemType, seed: training.seed, signal },
        ...opening,
        ...given({ threads: training.threads }),
      });
      try {
        const goesOn = await hasState(store.checkpointDir);
        const history = await classifier.fit(train, {
          ...given({ ...training, learningRate }),
          ...{ validation, callbacks: [trialCallbacks], signal },
          ...{ checkpointDir: store.checkpointDir, resume: goesOn, overwrite: !goesOn },
        });
        if (history.aborted)
          fail("E_ABORTED", {
            where: "train",
            got: `stopped in trial ${store.done.length + 1} of ${rates.length}`,
            fix: "go on by the same command",
            set: { resume: true },
          });
        const trial = { learningRate, value: metric.read(history.validation as Report) };
        await store.add(trial);
        onTrial?.({ ...trial, metric: metric.name, done: store.done.length, of: rates.length });
      } finally {
        await classifier.close();
      }
    }
    return { trials: store.done, metric };
  } finally {
    await store.close();
  }
}

function withChoices(
  base: Pick<Settings, "training" | "opening">,
  choices: readonly PresetChoice[],
): Omit<Settings, "tried"> {
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
