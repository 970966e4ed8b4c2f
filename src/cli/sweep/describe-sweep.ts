/** A sweep in words: its trials, the best of them, what mattered. */
import type { Importance } from "../../search/importance.js";
import type { Parameter, Setting } from "../../search/space.js";
import { importanceIn, type SweepSummary, summarizeSweep } from "../../tracking/queries/sweeps.js";
import { costOfTrial, type StoredSweep, type Trial, type TrialEnd } from "../../tracking/sweeps/trials.js";
import { flagsOf } from "../option-words.js";
import { formatDuration } from "../report-progress.js";
import { shellWord } from "../shell-word.js";
import { shortNumber, textTable } from "../text-table.js";
import { trainingOptionsOf } from "./training-options.js";

/** Values that are listed one by one. */
const MOST_CHOICES = 4;
/** The highest value of a distribution stands here, but for rounding. */
const ALMOST_1 = 1 - 1e-12;

/** What is to be said of a sweep. */
export interface SweepReport extends SweepSummary {
  readonly importance: readonly Importance[];
  /** `textune train` with the best setting; undefined where something else was run. */
  readonly command: string | undefined;
}

export function reportOf(sweep: StoredSweep, trials: readonly Trial[]): SweepReport {
  const summary = summarizeSweep(sweep, trials);
  return {
    ...summary,
    importance: importanceIn(sweep, trials),
    command: summary.best === undefined ? undefined : trainCommand(sweep, summary.best.setting),
  };
}

/** The table of trials, the best first, then the best setting, what mattered, and how to train with it. */
export function describeSweep(sweep: StoredSweep, trials: readonly Trial[], summary: SweepReport): string {
  const { metric, importance, best, command } = summary;
  const order = (trial: Trial): number => costOfTrial(sweep, trial) ?? Number.MAX_VALUE;
  const names = sweep.space.map(({ name }) => name);
  const rows = [...trials]
    .sort((a, b) => order(a) - order(b) || a.number - b.number)
    .map((trial) => [
      String(trial.number),
      trial.state === "finished" && trial.violation > 0 ? "breaks a constraint" : trial.state,
      trial.value === undefined ? "" : shortNumber(trial.value),
      ...names.map((name) => shown(trial.setting[name])),
      trial.endedAt === undefined ? "" : formatDuration((trial.endedAt - trial.startedAt) / 1000),
      trial.runId,
      trial.error,
    ]);
  const heading = ["trial", "state", metric?.name ?? "", ...names, "took", "run", "error"];
  const used = heading.map((_, column) => column < 3 || rows.some((row) => row[column] !== ""));
  const kept = <T>(row: readonly T[]): T[] => row.filter((_, column) => used[column]);
  const parts = [textTable(kept(heading), rows.map(kept), 60)];
  if (importance.length > 0)
    parts.push(
      textTable(
        ["parameter", "importance", "±"],
        importance.map((one) => [one.name, one.importance.toFixed(2), one.deviation.toFixed(2)]),
      ),
    );
  if (best !== undefined) parts.push(`Best: trial ${best.number}, ${describeTrial(sweep, best)}\n`);
  if (command !== undefined) parts.push(`${command}\n`);
  return parts.join("\n");
}

/** A parameter with what it may be, as in "learningRate 0.00001 to 0.001". */
export function describeParameter({ name, dimension }: Parameter): string {
  const { choices } = dimension;
  if (choices !== undefined && choices.length <= MOST_CHOICES) return `${name} ${choices.map(shown).join(" or ")}`;
  const ends = choices === undefined ? [dimension.at(0), dimension.at(ALMOST_1)] : [choices[0], choices.at(-1)];
  return ends.every(Number.isFinite) ? `${name} ${ends.map(shown).join(" to ")}` : name;
}

/** A trial in a line: its value and its setting. */
export function describeTrial(sweep: StoredSweep, trial: Pick<Trial, "setting"> & Pick<TrialEnd, "value">): string {
  const value = trial.value === undefined ? [] : [`${sweep.config.metric?.name} ${shortNumber(trial.value)}`];
  return [...value, ...Object.entries(trial.setting).map(([name, one]) => `${name} ${shown(one)}`)].join("  ");
}

function shown(value: Setting[string] | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "number") return shortNumber(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}

function trainCommand({ recipe, space }: StoredSweep, setting: Setting): string | undefined {
  if (recipe.kind !== "train") return undefined;
  const { data, ...options } = { ...recipe.options, ...trainingOptionsOf(space, setting) } as Record<string, unknown>;
  const files = (Array.isArray(data) ? data : [data]).map(String);
  return ["textune train", ...files.map(shellWord), ...flagsOf(options), "--output my-classifier"].join(" ");
}
