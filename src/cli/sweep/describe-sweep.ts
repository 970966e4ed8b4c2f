/** A sweep in words: its trials, the best of them, what mattered. */
import type { Importance } from "../../search/importance.js";
import type { Setting } from "../../search/space.js";
import { importanceIn, type SweepSummary, summarizeSweep } from "../../tracking/queries/sweeps.js";
import { costOfTrial, type StoredSweep, type Trial, type TrialEnd } from "../../tracking/sweeps/trials.js";
import { kebabCase } from "../option-schema.js";
import { formatDuration } from "../report-progress.js";
import { shellWord } from "../shell-word.js";
import { shortNumber, textTable } from "../text-table.js";
import { trainingOptionsOf } from "./training-options.js";

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
  const words = Object.entries(options).flatMap(([name, value]) => flags(kebabCase(name), value));
  const files = (Array.isArray(data) ? data : [data]).map(String);
  return ["textune train", ...files.map(shellWord), ...words, "--output my-classifier"].join(" ");
}

function flags(name: string, value: unknown): string[] {
  if (typeof value === "boolean") return [value ? `--${name}` : `--no-${name}`];
  if (Array.isArray(value)) return value.flatMap((one) => flags(name, one));
  if (typeof value === "object" && value !== null)
    return Object.entries(value).map(([key, one]) => `--${name} ${shellWord(`${key}=${one}`)}`);
  return [`--${name} ${shellWord(String(value))}`];
}
