/** A trial as a process of its own. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { init } from "../init.js";
import { createLineCutter } from "../recording/console-lines.js";
import type { Run } from "../run.js";
import { asTrial, type CurrentTrial, TRIAL_VARIABLE } from "./current-trial.js";
import type { Execution } from "./work-on-sweep.js";

export interface ProgramOptions {
  readonly command: readonly string[];
  readonly directory: string;
  readonly trial: CurrentTrial;
  /** Variables beside those of this process. */
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Milliseconds that a program has to end after it was told to. */
const PATIENCE_MS = 30_000;
/** Lines that are kept of what it said, to tell why it failed. */
const KEPT_LINES = 20;

/**
 * Runs a program for a trial. One that records with `textune/tracking` makes the trial's run itself. Of any other each
 * line of its output that is a JSON object of numbers, `{"loss": 0.3, "step": 10}`, is logged in a run that is made for it.
 */
export async function runProgram(options: ProgramOptions): Promise<Execution> {
  const { command, directory, trial, environment, signal } = options;
  if (!existsSync(directory))
    return { error: `expected the folder that the sweep was made in, ${directory}, got none` };
  const [program, ...words] = command as [string, ...string[]];
  const child = spawn(program, words, {
    cwd: directory,
    // A group of its own: Ctrl-C is the sweep's matter, which tells its programs to end.
    detached: process.platform !== "win32",
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment, [TRIAL_VARIABLE]: JSON.stringify({ ...trial, parent: process.pid }) },
  });
  const said: string[] = [];
  let logging: Promise<Run | undefined> | undefined;
  const take = (line: string): void => {
    if (line.trim() !== "") said.push(line.trim());
    if (said.length > KEPT_LINES) said.shift();
  };
  const outputs = { stdout: createLineCutter(), stderr: createLineCutter() };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    for (const line of outputs.stdout.cut(text)) {
      take(line);
      const values = metricsOf(line);
      if (values === undefined) continue;
      // A program that records writes this run itself: then it cannot be taken up here, and need not.
      logging ??= asTrial(trial, () =>
        init({ settings: { console: false, statsSamplingInterval: 0 }, onWarning: () => {} }),
      ).catch(() => undefined);
      const { step, ...metrics } = values;
      void logging.then((run) => run?.log(metrics, step === undefined ? {} : { step }));
    }
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    for (const line of outputs.stderr.cut(text)) take(line);
  });
  const end = (kind: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(process.platform === "win32" ? child.pid : -child.pid, kind);
    } catch {
      // It has ended already.
    }
  };
  let patience: NodeJS.Timeout | undefined;
  const stop = (): void => {
    end("SIGTERM");
    patience = setTimeout(() => end("SIGKILL"), PATIENCE_MS);
  };
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop);
  // Whatever ends this process, its programs go with it.
  const leave = (): void => end("SIGKILL");
  process.once("exit", leave);
  const [code, failure] = await new Promise<readonly [number | null, string | undefined]>((done) => {
    child.once("error", (error) => done([null, error.message]));
    child.once("close", (exitCode, by) => done([exitCode, by === null ? undefined : `ended by ${by}`]));
  });
  for (const { rest } of Object.values(outputs)) for (const line of rest()) take(line);
  clearTimeout(patience);
  signal.removeEventListener("abort", stop);
  process.off("exit", leave);
  await (await logging)?.finish({ exitCode: code ?? 1 });
  if (code === 0) return {};
  return { error: failure ?? said.at(-1) ?? `exit code ${code}` };
}

/** The numbers of a line that is a JSON object with some; undefined of any other line. */
function metricsOf(line: string): (Record<string, unknown> & { readonly step?: number }) | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const values = JSON.parse(line) as Record<string, unknown>;
    return Object.values(values).some((value) => typeof value === "number") ? values : undefined;
  } catch {
    return undefined;
  }
}
