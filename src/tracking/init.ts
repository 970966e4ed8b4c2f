/** The start of a run. */
import { TextuneError } from "../base/errors.js";
import type { InitOptions } from "./init-options.js";
import { toJsonObject } from "./logged-values.js";
import { type ResolvedInitOptions, resolveInitOptions } from "./options.js";
import { captureConsole } from "./recording/node/console-capture.js";
import { environmentNow, slowFacts } from "./recording/node/environment.js";
import { type Recorder, recorderFor } from "./recording/node/recorder.js";
import type { StartedRun } from "./recording/open-run.js";
import type { RunFacts } from "./recording/protocol.js";
import { runName } from "./recording/run-name.js";
import { Run } from "./run.js";
import { newRunId } from "./run-id.js";
import { missingPackage, storeAddress } from "./store/node/open-store.js";
import { currentTrial } from "./sweeps/current-trial.js";

/** Runs of this process that have not ended. */
const open = new Set<Run>();
let runs = 0;

/**
 * Starts a run. It is kept in the folder `.textune`, or where `TEXTUNE_STORE` says.
 *
 * A store that cannot be written, or whose package is not installed, is said (`onWarning`) and stops nothing.
 *
 * @throws E_CONFIG for a wrong option, or an id that may not be used
 * @example
 * const run = await init({ project: "reviews", config: { epochs: 3 } });
 * run.log({ loss: 0.7 });
 * await run.finish();
 */
export async function init(options: InitOptions = {}): Promise<Run> {
  const resolved = ofTrial(resolveInitOptions(options));
  const warn = resolved.onWarning ?? ((line: string) => void process.stderr.write(`tracking: ${line}\n`));
  const facts = factsOf(resolved);
  const began = performance.now();
  const elapsedFrom = (createdAt: number): (() => number) => {
    const before = facts.createdAt - createdAt;
    return () => Math.round(Math.max(0, before) + performance.now() - began);
  };
  const common = { facts, tags: facts.tags, warn };
  const address = storeAddress(resolved.dir);
  let isRecorded = resolved.mode !== "disabled" && process.env.TEXTUNE_MODE !== "disabled";
  const missing = isRecorded ? await missingPackage(address) : undefined;
  if (missing !== undefined) {
    warn(missing);
    isRecorded = false;
  }
  if (!isRecorded) {
    const started = notRecorded(facts);
    return new Run({
      ...common,
      number: 0,
      recorder: SILENT,
      started,
      address: undefined,
      elapsed: elapsedFrom(started.createdAt),
      onEnd: () => {},
    });
  }
  const recorder = recorderFor(address, (line) => warn(`${line}; training goes on, and what is logged waits`));
  const number = runs++;
  const started = await recorder.request({ kind: "start", run: number, facts }).then(
    (answer) => answer as StartedRun,
    (error: unknown) => {
      // A wrong option is the caller's matter. A store that cannot be written has been said already.
      if (error instanceof TextuneError && error.code === "E_CONFIG") throw error;
      return notRecorded(facts);
    },
  );
  const elapsed = elapsedFrom(started.createdAt);
  let stopCapture = (): void => {};
  const run = new Run({
    ...common,
    number,
    recorder,
    started,
    address,
    elapsed,
    onEnd: () => {
      open.delete(run);
      stopCapture();
    },
  });
  if (resolved.settings.console) {
    stopCapture = captureConsole((stream, text) => {
      recorder.send({ kind: "console", run: number, time: elapsed(), stream, text });
    });
  }
  if (number === 0) process.once("exit", endAll);
  open.add(run);
  void slowFacts(facts.environment).then((environment) => {
    if (!run.ended) recorder.send({ kind: "environment", run: number, environment });
  });
  return run;
}

/** The runs that a process leaves behind end with it. */
function endAll(exitCode: number): void {
  for (const run of open) run.finishAtExit(exitCode);
}

const SILENT: Recorder = { send: () => true, request: async () => undefined, requestAtExit: () => {} };

function notRecorded(facts: RunFacts): StartedRun {
  const { id, name, createdAt, config } = facts;
  return {
    id,
    name: name === "" ? runName(id, 1) : name,
    createdAt,
    step: 0,
    config,
    summary: {},
    rules: [],
    resumed: false,
  };
}

/** In a trial of a sweep: the options that it gives the run, its parameters before those of the caller. */
function ofTrial(options: ResolvedInitOptions): ResolvedInitOptions {
  const current = currentTrial();
  if (current === undefined) return options;
  const { trial, isFirst } = current;
  const { runId, project, group, address, config } = trial;
  return {
    ...options,
    project: options.project === "uncategorized" ? project : options.project,
    group: options.group === "" ? group : options.group,
    dir: options.dir ?? address,
    config: { ...options.config, ...config },
    ...(isFirst && options.id === undefined ? { id: runId } : {}),
  };
}

function factsOf(options: ResolvedInitOptions): RunFacts {
  const { project, name, group, jobType, notes, tags, config, resume, settings } = options;
  return {
    id: options.id ?? newRunId(),
    project,
    name,
    group,
    jobType,
    notes,
    tags,
    createdAt: Date.now(),
    resume: resume === true || resume === "auto" ? "allow" : resume === false ? "never" : resume,
    config: toJsonObject(config),
    environment: environmentNow(),
    statsInterval: settings.statsSamplingInterval * 1000,
  };
}
