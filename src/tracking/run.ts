/** A run: what is logged goes to the recording thread, and the caller goes on at once. */
import { fail } from "../base/errors.js";
import { type Artifact, artifactOf } from "./artifact.js";
import { checkAlias } from "./artifacts/artifact-name.js";
import { downloadArtifact, findArtifact, type StoredArtifact } from "./artifacts/find-artifact.js";
import type { PutArtifact } from "./artifacts/put-artifact.js";
import type { Environment } from "./environment.js";
import type { Json, JsonObject } from "./json.js";
import { eachValue, MOST_NAMES, numberOf, toJson, toJsonObject } from "./logged-values.js";
import type { Recorder } from "./recording/node/recorder.js";
import type { StartedRun } from "./recording/open-run.js";
import type { MetricRule } from "./recording/protocol.js";
import { SYSTEM_PREFIX } from "./recording/run-summary.js";
import { storable } from "./storable.js";
import { openStore } from "./store/node/open-store.js";
import { Table } from "./table.js";

/** What a run stands on. */
export interface RunParts {
  /** The run's number in messages. */
  readonly number: number;
  readonly recorder: Recorder;
  readonly started: StartedRun;
  readonly facts: {
    readonly project: string;
    readonly group: string;
    readonly jobType: string;
    readonly notes: string;
  };
  readonly tags: readonly string[];
  /** The address of its store; undefined for one that records nothing. */
  readonly address: string | undefined;
  /** Milliseconds since the run was made, by a clock that never goes back. */
  readonly elapsed: () => number;
  readonly warn: (line: string) => void;
  /** Called once when the run ends. */
  readonly onEnd: () => void;
}

/** At which step values are logged. */
export interface LogOptions {
  /** A whole number that never falls; by default one more than the last. */
  readonly step?: number;
  /** Whether the step goes on; true by default. `false` leaves it as it is, so that more can be logged at it. */
  readonly commit?: boolean;
}

/** What a person should look at. */
export interface AlertOptions {
  /** What it is about, in a few words. */
  readonly title: string;
  /** More of it; nothing by default. */
  readonly text?: string;
  /** How much it matters; "INFO" by default. */
  readonly level?: "INFO" | "WARN" | "ERROR";
  /** Milliseconds in which an alert of the same title is not given again; 0 by default. */
  readonly waitDuration?: number;
}

/** How a run ended. */
export interface FinishOptions {
  /** 0 (the default) for a run that went well, 130 for one that was stopped, anything else for one that failed. */
  readonly exitCode?: number;
}

/** An artifact that a run uses. */
export interface UsedArtifact extends StoredArtifact {
  /** Writes its files below `root`, by default `artifacts/NAME-VERSION`, each verified. Returns the folder. */
  download(root?: string): Promise<string>;
}

/** Values by name. Those that are set are recorded. */
export type Recorded = Record<string, unknown> & { update(values: Readonly<Record<string, unknown>>): void };

/** A run of a project; made by `init`. */
export class Run {
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly group: string;
  readonly jobType: string;
  readonly notes: string;
  readonly tags: readonly string[];
  /** Whether it goes on with a run that was there. */
  readonly resumed: boolean;
  /** Milliseconds since 1970. */
  readonly startTime: number;
  /** What the run is made with: `run.config.epochs = 3`, `run.config.update({ … })`. */
  readonly config: Recorded;
  /** What it came to: the last value of each metric, and what is set by hand. */
  readonly summary: Recorded;
  readonly #parts: RunParts;
  readonly #names = new Map<string, number>();
  readonly #last: number[] = [];
  readonly #told = new Set<string>();
  /** Until when alerts of a title are not given again. */
  readonly #alerted = new Map<string, number>();
  /** Of the next `log`, and of the last. */
  #step: number;
  #lastStep = 0;
  #dropped = 0;
  #ended: Promise<void> | undefined;

  constructor(parts: RunParts) {
    const { started, facts } = parts;
    this.#parts = parts;
    this.id = started.id;
    this.name = started.name;
    this.project = facts.project;
    this.group = facts.group;
    this.jobType = facts.jobType;
    this.notes = facts.notes;
    this.tags = parts.tags;
    this.resumed = started.resumed;
    this.startTime = started.createdAt;
    this.#step = started.step;
    this.config = this.#recorded("config", started.config, () => undefined);
    this.summary = this.#recorded("summary", started.summary, (name) => {
      const index = this.#names.get(name);
      return index === undefined ? undefined : this.#last[index];
    });
  }

  /** The step of the next `log`. */
  get step(): number {
    return this.#step;
  }

  /** Whether the run has ended. */
  get ended(): boolean {
    return this.#ended !== undefined;
  }

  /**
   * Records numbers, tables, and objects of these. It never waits and never throws: what cannot be recorded is said once
   * and left out.
   */
  log(values: Readonly<Record<string, unknown>>, options: LogOptions = {}): void {
    const step = this.#takeStep(options);
    if (step === undefined) return;
    const { number, recorder, elapsed } = this.#parts;
    const points = [number, step, elapsed()];
    const others: [string, unknown][] = [];
    eachValue(values, (name, value) => {
      const known = numberOf(value);
      const index = known === undefined ? undefined : this.#indexOf(name);
      if (known === undefined) others.push([name, value]);
      else if (index !== undefined) {
        this.#last[index] = known;
        points.push(index, known);
      }
    });
    if (points.length > 3 && !recorder.send(points)) this.#drop((points.length - 3) / 2);
    for (const [name, value] of others) this.#logOther(name, value, step);
  }

  /** Says how a metric is drawn and summed up; a name that ends in `*` stands for all that begin so. */
  defineMetric(name: string, rule: MetricRule = {}): void {
    this.#send({ kind: "rule", run: this.#parts.number, name: storable(name), rule: { ...rule } });
  }

  /** Records something that a person should look at, and says it. */
  alert({ title, text = "", level = "INFO", waitDuration = 0 }: AlertOptions): void {
    const { number, elapsed, warn } = this.#parts;
    if (elapsed() < (this.#alerted.get(title) ?? Number.NEGATIVE_INFINITY)) return;
    if (waitDuration > 0) this.#alerted.set(title, elapsed() + waitDuration);
    this.#send({ kind: "alert", run: number, time: elapsed(), level, title: storable(title), text: storable(text) });
    warn(`${level.toLowerCase()}: ${title}${text === "" ? "" : `: ${text}`}`);
  }

  /**
   * Puts an artifact, or the file or folder at a path, into the store. The files are read by the recording thread.
   *
   * @returns its version; a version that has the same files already is that one
   * @throws E_STORE where a file is missing or changes meanwhile, E_CONFIG for a wrong name or alias
   */
  async logArtifact(
    what: Artifact | string,
    options: { readonly name?: string; readonly type?: string; readonly aliases?: readonly string[] } = {},
  ): Promise<PutArtifact> {
    const artifact = typeof what === "string" ? await artifactOf(what, options) : what;
    const { name, type, description, metadata, files } = artifact;
    const aliases = options.aliases ?? [];
    for (const alias of aliases) checkAlias(alias);
    if (this.#parts.address === undefined) return { name, version: "v0", digest: "", bytes: 0, unchanged: false };
    const listed = Array.from(files, ([path, source]) => ({ path, source }));
    return (await this.#parts.recorder.request({
      kind: "artifact",
      run: this.#parts.number,
      artifact: { name, type, description, metadata, aliases, files: listed },
    })) as PutArtifact;
  }

  /**
   * Finds an artifact and records that this run uses it.
   *
   * @param reference "name:latest", "name:v3", "name:best" or "project/name:latest"
   * @throws E_STORE where there is none
   */
  async useArtifact(reference: string): Promise<UsedArtifact> {
    const { address, recorder, number } = this.#parts;
    if (address === undefined)
      return fail("E_STORE", { where: "useArtifact", expected: "a run that records", got: 'one of mode "disabled"' });
    // What this run logged may still be on its way.
    await recorder.request({ kind: "flush" });
    const store = await openStore(address);
    try {
      const found = await findArtifact(store, reference, this.project);
      await recorder.request({ kind: "use", run: number, versionId: found.id });
      return {
        ...found,
        async download(root = `artifacts/${found.name}-${found.version}`) {
          const opened = await openStore(address);
          try {
            await downloadArtifact(opened, found, root);
          } finally {
            await opened.close();
          }
          return root;
        },
      };
    } finally {
      await store.close();
    }
  }

  /** Adds to what is recorded of the surroundings of the run: its data, its model. */
  describe(environment: Partial<Pick<Environment, "data" | "model" | "reproduce" | "versions">>): void {
    this.#send({ kind: "environment", run: this.#parts.number, environment });
  }

  /** Ends the run, and waits until all of it is in the store. What goes wrong is said and not thrown. */
  finish({ exitCode = 0 }: FinishOptions = {}): Promise<void> {
    this.#ended ??= (async () => {
      this.#parts.onEnd();
      try {
        await this.#parts.recorder.request(this.#finishMessage(exitCode));
      } catch (error) {
        this.#parts.warn(`the end of run ${this.id} could not be recorded: ${(error as Error).message}`);
      }
    })();
    return this.#ended;
  }

  /** Ends the run of a process that ends, without the event loop. */
  finishAtExit(exitCode: number): void {
    if (this.#ended !== undefined) return;
    this.#ended = Promise.resolve();
    this.#parts.recorder.requestAtExit(this.#finishMessage(exitCode));
  }

  #finishMessage(exitCode: number) {
    const state = exitCode === 0 ? "finished" : exitCode === 130 || exitCode === 143 ? "killed" : "failed";
    const { number, elapsed } = this.#parts;
    const endedAt = this.startTime + elapsed();
    return { kind: "finish", run: number, state, exitCode, endedAt, dropped: this.#dropped } as const;
  }

  /** The step that is logged at; undefined where nothing is. */
  #takeStep({ step = this.#step, commit = true }: LogOptions): number | undefined {
    if (this.#ended !== undefined) {
      this.#tell("ended", "log after finish records nothing");
      return undefined;
    }
    if (!Number.isSafeInteger(step) || step < 0) {
      this.#tell("step", `log: expected a step that is a whole number from 0 on, got ${step}`);
      return undefined;
    }
    if (step < this.#lastStep) {
      this.#tell("order", `log: step ${step} comes after step ${this.#lastStep} and was left out; steps never fall`);
      return undefined;
    }
    this.#lastStep = step;
    this.#step = commit ? step + 1 : step;
    return step;
  }

  #logOther(name: string, value: unknown, step: number): void {
    const { number: run } = this.#parts;
    if (value instanceof Table) {
      const { columns, kind, rows } = value;
      const sent = this.#send({ kind: "table", run, table: { name: storable(name), step, kind, columns, rows } });
      if (!sent) this.#drop(rows.length);
    } else if (typeof value === "string") {
      this.#send({ kind: "summary", run, values: toJsonObject({ [name]: value }) });
      this.#tell(`text ${name}`, `log: "${name}" is a text: it is kept in the summary and has no curve`);
    } else {
      this.#tell(`value ${name}`, `log: "${name}" is no number, text, table or object of these; it was left out`);
    }
  }

  /** The index that stands for a metric in messages; undefined for one that cannot be. */
  #indexOf(name: string): number | undefined {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    if (this.#names.size >= MOST_NAMES) {
      this.#tell("names", `log: more than ${MOST_NAMES} metrics; "${name}" and further ones are left out`);
      return undefined;
    }
    if (name === "" || name.length > 500 || name.startsWith(SYSTEM_PREFIX)) {
      const why = name.startsWith(SYSTEM_PREFIX)
        ? `"${SYSTEM_PREFIX}…" is for the machine's own`
        : "1 to 500 characters";
      this.#tell(
        `name ${name}`,
        `log: ${JSON.stringify(name.slice(0, 50))} is no name for a metric (${why}); it was left out`,
      );
      return undefined;
    }
    const index = this.#names.size;
    if (!this.#send({ kind: "series", run: this.#parts.number, index, name: storable(name) })) return undefined;
    this.#names.set(name, index);
    return index;
  }

  #send(message: Parameters<Recorder["send"]>[0]): boolean {
    return this.#ended === undefined && this.#parts.recorder.send(message);
  }

  #drop(points: number): void {
    this.#dropped += points;
    this.#tell("dropped", "the store takes nothing: points are left out from here on, and counted; training goes on");
  }

  /** Says something once. */
  #tell(about: string, line: string): void {
    if (this.#told.has(about) || this.#told.size > 100) return;
    this.#told.add(about);
    this.#parts.warn(line);
  }

  /** An object whose changes are recorded. */
  #recorded(kind: "config" | "summary", start: JsonObject, otherwise: (name: string) => Json | undefined): Recorded {
    const values: Record<string, unknown> = { ...start };
    const record = (changes: Readonly<Record<string, unknown>>): void => {
      const json = toJsonObject(changes);
      Object.assign(values, json);
      this.#send({ kind, run: this.#parts.number, values: json });
    };
    return new Proxy(values, {
      get: (_, name) => (name === "update" ? record : (values[name as string] ?? otherwise(name as string))),
      set: (_, name, value) => {
        record({ [name as string]: toJson(value) });
        return true;
      },
    }) as Recorded;
  }
}
