/** The checkpoints of a training: whose they are, and the one to go on from. */
import { fail } from "../base/errors.js";
import type { Dataset } from "../data/dataset/dataset.js";
import { globalNorm } from "../optimizers/gradient-norm.js";
import type { ResolvedTrainingOptions } from "../training/training-options.js";
import type { StateStore, TrainingState } from "../training/training-state.js";
import type { ClassifierState } from "./classifier-state.js";
import type { CheckpointOptions } from "./fit-options.js";
import type { Platform } from "./platform.js";

export interface TrainingStates {
  readonly store: StateStore | undefined;
  /** The state to go on from. */
  readonly resumed: TrainingState | undefined;
}

/** What two trainings must have in common for one to go on where the other stopped. */
interface Identity {
  readonly model: string;
  readonly data: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Those of `options` that change what is computed. */
export function decisiveOptions(options: ResolvedTrainingOptions): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !FREE.has(name)));
}

/** Options that change nothing of what is computed. */
const FREE = new Set(["saveStrategy", "saveSteps", "saveTotalLimit", "tokenCache", "threads"]);

export function identityOf(
  state: ClassifierState,
  train: Dataset,
  validation: Dataset | undefined,
  options: ResolvedTrainingOptions,
): Identity {
  const { model, config, head, task, labels } = state;
  // Sums of all weights in their order: other weights have other ones.
  const weights = [...state.weights.values()].reduce((sum, values, i) => sum + (i + 1) * globalNorm(values), 0);
  return {
    model: JSON.stringify([model.modelType, config, head.head.name, head.options, task.problemType, labels, weights]),
    data: JSON.stringify([train.fingerprint, validation?.fingerprint ?? null]),
    options: decisiveOptions(options),
  };
}

/**
 * Opens `checkpointDir` for a training.
 *
 * @throws E_STORE while another training uses it, or when it cannot be written; E_CONFIG when there is nothing to go on
 *   from, or only what belongs to another training; E_USAGE when it holds checkpoints that would be lost
 */
export async function openTrainingStates(
  platform: Platform,
  { checkpointDir, resume = false, overwrite = false }: CheckpointOptions,
  identity: Identity,
  limit: number,
  onWarning: (message: string) => void,
): Promise<TrainingStates> {
  if (checkpointDir === undefined) {
    if (resume) fail("E_CONFIG", { option: "resume", expected: "checkpointDir beside it", got: "none" });
    return { store: undefined, resumed: undefined };
  }
  const store = await platform.openStates(checkpointDir, limit);
  try {
    const resumed = overwrite && !resume ? undefined : await store.latest(onWarning);
    if (resume) checkIdentity(resumed, identity, checkpointDir);
    else if (resumed !== undefined && resumed.facts.finished !== true)
      fail("E_USAGE", {
        where: checkpointDir,
        expected: "no checkpoint of an interrupted training",
        got: `one of step ${resumed.step}`,
        fix: "remove the folder to begin anew, or go on from there",
        set: { resume: true },
      });
    else await store.clear();
    const save = (state: TrainingState) => store.save({ ...state, facts: { ...state.facts, identity } });
    return { store: { ...store, save }, resumed: resume ? resumed : undefined };
  } catch (error) {
    await store.close();
    throw error;
  }
}

function checkIdentity(state: TrainingState | undefined, now: Identity, folder: string): void {
  if (state === undefined) fail("E_CONFIG", { option: "resume", expected: `a checkpoint in ${folder}`, got: "none" });
  const then = state.facts.identity as Identity;
  const refuse = (what: string): never =>
    fail("E_CONFIG", {
      option: "resume",
      expected: `a checkpoint of a training with the same ${what}`,
      got: `one with another in ${folder}`,
      fix: "repeat the training as it was begun, or choose another folder",
    });
  if (then.model !== now.model) refuse("model");
  if (then.data !== now.data) refuse("data");
  for (const name of new Set([...Object.keys(now.options), ...Object.keys(then.options)])) {
    const [before, after] = [JSON.stringify(then.options[name]), JSON.stringify(now.options[name])];
    if (before === after) continue;
    fail("E_CONFIG", { option: name, expected: `${before ?? "none"}, as in the checkpoint`, got: after ?? "none" });
  }
}
