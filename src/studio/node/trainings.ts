/** Trainings that the page started: processes of their own, which record themselves as any other does. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { Problem } from "../../http/problem.js";
import type { RunDetails } from "../../tracking/queries/runs.js";
import { createLineCutter } from "../../tracking/recording/console-lines.js";
import { newRunId } from "../../tracking/run-id.js";
import { TRIAL_VARIABLE } from "../../tracking/sweeps/current-trial.js";
import type { TrainingCommand } from "../training-command.js";
import { formOf, readAgain, readForm } from "../training-form.js";
import type { Training, TrainingList, trainingStart } from "../wire/trainings.js";
import { insideFolder } from "./inside-folder.js";
import { filesOf, givenIn } from "./recorded-parts.js";

export type StartedTraining = Omit<Training, "recorded">;

export interface Trainings {
  readonly folder: string;
  readonly form: TrainingList["form"];
  /** The newest first. */
  list(): readonly StartedTraining[];
  start(asked: typeof trainingStart._output): Promise<StartedTraining>;
  /** Trains as a run of `textune train` did, into another folder and with corrected labels. */
  startAgain(
    run: RunDetails,
    changed: { readonly output: string; readonly corrections: string },
  ): Promise<StartedTraining>;
  /** Asks a training to stop after its step, which keeps what it has; asked again, to stop at once. */
  stop(id: string): StartedTraining;
  /** Stops all, and waits until they have ended. */
  close(): Promise<void>;
}

interface Launch {
  /** Options by their names, "data" among them. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly output: string;
  readonly cwd: string;
  /** What the data is called. */
  readonly shown: string;
  /** The run that it repeats. */
  readonly again?: string;
}

/** At the same time; more would only wait for each other. */
const MOST_RUNNING = 4;
/** Ended ones that are still told of. */
const MOST_ENDED = 50;
const KEPT_LINES = 60;
/** Milliseconds that a training has to end once the Studio does. */
const PATIENCE = 10_000;

export function openTrainings(training: TrainingCommand): Trainings {
  const { groups, command, store, folder } = training;
  const all: { state: StartedTraining; readonly child: ChildProcess; readonly ended: Promise<void> }[] = [];
  const running = () => all.filter(({ state }) => state.endedAt === undefined);

  async function start({ data, output, options }: typeof trainingStart._output): Promise<StartedTraining> {
    const path = await insideFolder(folder, data);
    return launch({
      values: { ...(await readForm(groups, options, (file) => insideFolder(folder, file))), data: path },
      ...{ output, cwd: folder, shown: relative(folder, path) },
    });
  }

  async function startAgain(
    { id, environment }: RunDetails,
    { output, corrections }: { readonly output: string; readonly corrections: string },
  ): Promise<StartedTraining> {
    const { directory } = environment;
    const values = await readAgain(groups, givenIn(environment), (file) =>
      insideFolder(folder, resolve(directory, file)),
    );
    const data = filesOf({ environment });
    return launch({
      values: { ...values, data, corrections },
      ...{ output, cwd: directory, shown: data.map((file) => relative(folder, file)).join(", "), again: id },
    });
  }

  async function launch({ values, output, cwd, shown, again }: Launch): Promise<StartedTraining> {
    if (running().length >= MOST_RUNNING)
      throw new Problem(409, `trainings: expected at most ${MOST_RUNNING} at once; wait until one ends, or stop one`);
    const target = await insideFolder(folder, output, false);
    if (existsSync(target))
      throw new Problem(
        400,
        `output: expected a new folder, got ${JSON.stringify(output)}, which is there; choose another name`,
      );
    const place = await mkdtemp(join(tmpdir(), "textune-start-"));
    const config = join(place, "options.json");
    await writeFile(config, JSON.stringify({ ...values, output: target }));
    const id = newRunId();
    const run = { runId: id, project: "uncategorized", group: "", config: {}, address: store, parent: process.pid };
    const [program, ...words] = command as [string, ...string[]];
    // Words in a list and values in a file: no shell reads any of them.
    const child = spawn(program, [...words, "train", "--config", config, "--json"], {
      cwd,
      // A group of its own: Ctrl-C in the terminal is the Studio's matter.
      detached: process.platform !== "win32",
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, [TRIAL_VARIABLE]: JSON.stringify(run) },
    });
    const lines: string[] = [];
    const cutter = createLineCutter();
    const take = (line: string): void => {
      if (line.trim() !== "") lines.push(line.trimEnd());
      if (lines.length > KEPT_LINES) lines.shift();
    };
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      for (const line of cutter.cut(text)) take(line);
    });
    const facts = { id, data: shown, output, ...(again === undefined ? {} : { again }) };
    const state: StartedTraining = { ...facts, state: "running", startedAt: Date.now(), lines };
    const ended = new Promise<void>((resolve) => {
      const end = (outcome: Training["state"]): void => {
        for (const line of cutter.rest()) take(line);
        entry.state = { ...entry.state, state: outcome, endedAt: Date.now() };
        void rm(place, { recursive: true, force: true });
        resolve();
      };
      child.once("error", ({ message }) => {
        take(message);
        end("failed");
      });
      child.once("close", (code) =>
        end(code === 0 ? "finished" : entry.state.state === "stopping" ? "stopped" : "failed"),
      );
    });
    const entry = { state, child, ended };
    all.unshift(entry);
    for (const old of all.filter((one) => one.state.endedAt !== undefined).slice(MOST_ENDED))
      all.splice(all.indexOf(old), 1);
    return state;
  }

  function stop(id: string): StartedTraining {
    const found = all.find(({ state }) => state.id === id);
    if (found === undefined)
      throw new Problem(404, `training ${JSON.stringify(id.slice(0, 100))}: expected one that was started from here`);
    if (found.state.endedAt === undefined) {
      found.child.kill("SIGINT");
      found.state = { ...found.state, state: "stopping" };
    }
    return found.state;
  }

  return {
    folder,
    form: formOf(groups),
    list: () => all.map(({ state }) => state),
    start,
    startAgain,
    stop,
    async close() {
      const left = running();
      for (const { child } of left) child.kill("SIGINT");
      const patience = setTimeout(() => {
        for (const { child } of left) child.kill("SIGKILL");
      }, PATIENCE);
      await Promise.all(left.map(({ ended }) => ended));
      clearTimeout(patience);
    },
  };
}
