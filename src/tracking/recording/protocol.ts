/** What the recording thread is told and what it answers. */
import type { Environment } from "../environment.js";
import type { Json, JsonObject } from "../json.js";

/** The facts of a run that stand from its start. */
export interface RunFacts {
  readonly id: string;
  readonly project: string;
  /** A name of the thread's making where it is "". */
  readonly name: string;
  readonly group: string;
  readonly jobType: string;
  readonly notes: string;
  readonly tags: readonly string[];
  readonly createdAt: number;
  /** Whether a run of this id may or must be there already. */
  readonly resume: "never" | "allow" | "must";
  readonly config: JsonObject;
  readonly environment: Environment;
  /** Milliseconds between two looks at the machine; 0 for none. */
  readonly statsInterval: number;
}

/** How a metric is drawn and summed up; see `defineMetric`. */
export interface MetricRule {
  /** The metric that is its horizontal axis. */
  readonly stepMetric?: string;
  /** What the summary keeps of it; the last value by default. */
  readonly summary?: "last" | "min" | "max" | "mean" | "best" | "none";
  readonly goal?: "minimize" | "maximize";
  readonly hidden?: boolean;
}

/** A table on its way to the store. */
export interface TableFacts {
  readonly name: string;
  readonly step: number;
  readonly kind: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Json[])[];
}

/** An artifact on its way to the store: its files are read by the thread. */
export interface ArtifactFacts {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly metadata: JsonObject;
  readonly aliases: readonly string[];
  readonly files: readonly { readonly path: string; readonly source: string }[];
}

/**
 * Points are numbers alone, for these are sent most and cost least: run, step, time, then index and value of each metric.
 * An index stands for the name that a `series` message gave it.
 */
export type Points = readonly number[];

export type Message =
  | Points
  | { readonly kind: "start"; readonly run: number; readonly facts: RunFacts; readonly request: number }
  | { readonly kind: "series"; readonly run: number; readonly index: number; readonly name: string }
  | { readonly kind: "config"; readonly run: number; readonly values: JsonObject }
  | { readonly kind: "summary"; readonly run: number; readonly values: JsonObject }
  | { readonly kind: "rule"; readonly run: number; readonly name: string; readonly rule: MetricRule }
  | { readonly kind: "table"; readonly run: number; readonly table: TableFacts }
  | {
      readonly kind: "console";
      readonly run: number;
      readonly time: number;
      readonly stream: "stdout" | "stderr";
      readonly text: string;
    }
  | {
      readonly kind: "alert";
      readonly run: number;
      readonly time: number;
      readonly level: string;
      readonly title: string;
      readonly text: string;
    }
  | { readonly kind: "environment"; readonly run: number; readonly environment: Partial<Environment> }
  | { readonly kind: "artifact"; readonly run: number; readonly artifact: ArtifactFacts; readonly request: number }
  | { readonly kind: "use"; readonly run: number; readonly versionId: number; readonly request: number }
  | { readonly kind: "flush"; readonly request: number }
  | {
      readonly kind: "finish";
      readonly run: number;
      readonly state: "finished" | "failed" | "killed";
      readonly exitCode: number;
      readonly endedAt: number;
      readonly dropped: number;
      readonly request: number;
    };

/** What waits in the thread to be written: messages, and what it makes of them or sees for itself. */
export type Waiting =
  | Exclude<Message, { readonly kind: "console" | "flush" }>
  | {
      readonly kind: "lines";
      readonly run: number;
      readonly time: number;
      readonly stream: "stdout" | "stderr";
      readonly lines: readonly string[];
    }
  | {
      readonly kind: "machine";
      readonly run: number;
      readonly time: number;
      readonly values: Readonly<Record<string, number>>;
    };

/**
 * What a message counts for in the queue, in points. What is said once in a run counts for nothing: it is never left
 * out.
 */
export function weightOf(message: Message): number {
  if (Array.isArray(message)) return (message.length - 3) / 2;
  const { kind } = message as Exclude<Message, Points>;
  if (kind === "console") return 1 + Math.floor((message as { readonly text: string }).text.length / 64);
  return kind === "table" ? 2 * (message as { readonly table: TableFacts }).table.rows.length : 0;
}

/** What the thread says: the answer to a request, or something a user should know. */
export type Answer =
  | { readonly request: number; readonly result: unknown }
  | { readonly request: number; readonly error: { readonly code: string | undefined; readonly message: string } }
  | { readonly warning: string };

/**
 * A message on its way. Points go through the ring, and a message is told how far that was filled when it was sent, so that
 * all is taken in the order in which it was said.
 */
export interface Envelope {
  readonly message: Message;
  readonly end: number;
}

/** What the thread is started with. */
export interface ThreadSetup {
  readonly address: string;
  /** The points, see `openRing`. */
  readonly ring: SharedArrayBuffer;
  /** Shared numbers, see {@link SHARED}. */
  readonly shared: SharedArrayBuffer;
}

/** Places in the shared numbers. */
export const SHARED = {
  /** Points that were sent and are not yet in the store. */
  queued: 0,
  /** How many requests were answered: an ending process waits on it, for it hears no messages any more. */
  answered: 1,
  /** How many messages were sent: while one is on its way, the ring is left to it. */
  sent: 2,
} as const;
