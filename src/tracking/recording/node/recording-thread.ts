/**
 * The thread that keeps runs: it alone writes to the store, so that the thread that trains never waits for a disk or a
 * server. Messages reach it while that thread is busy in onnxruntime.
 */
import { hostname } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { TextuneError } from "../../../base/errors.js";
import { putArtifact } from "../../artifacts/put-artifact.js";
import { HEARTBEAT_MS } from "../../run-state.js";
import { openStore, reasonOf, type Store, storeName } from "../../store/node/open-store.js";
import { createLineCutter, type LineCutter } from "../console-lines.js";
import { openRun } from "../open-run.js";
import { openRing } from "../points-ring.js";
import {
  type Answer,
  type Envelope,
  type Message,
  type RunFacts,
  SHARED,
  type ThreadSetup,
  type Waiting,
  weightOf,
} from "../protocol.js";
import {
  endRun,
  openWriter,
  type RunWriter,
  readBack,
  takeMachine,
  takeMessage,
  takePoints,
  writeRun,
} from "../run-writer.js";
import { type WaitingRows, writeRows } from "../write-points.js";
import { createMachineMeter, type MachineMeter } from "./system-metrics.js";

/** From one write to the next, in milliseconds: what a killed process loses at most. */
const GATHER_MS = 250;
/** Messages in one transaction, so that other processes get their turn. */
const BATCH = 20_000;
/** Pauses after failures, in milliseconds; the last one again and again. */
const PAUSES = [500, 1000, 2000, 5000, 10_000];

const { address, shared, ring: memory } = workerData as ThreadSetup;
const counters = new Int32Array(shared);
const ring = openRing(memory);
const port = parentPort as NonNullable<typeof parentPort>;
const here = { host: hostname(), pid: process.pid };

interface Queued {
  readonly message: Waiting;
  readonly weight: number;
  /** Answered already, with an error: it is still written when that can be. */
  answered: boolean;
}

/** What the thread knows of a run beside the writer: there from the first message on. */
interface Watched {
  readonly facts: RunFacts;
  readonly cutters: Record<"stdout" | "stderr", LineCutter>;
  readonly meter: MachineMeter;
  looking: NodeJS.Timeout | undefined;
}

const writers = new Map<number, RunWriter>();
const watched = new Map<number, Watched>();
/** Runs that cannot be: what is said of them is let go of. */
const refused = new Set<number>();
const artifacts = new Map<number, Promise<void>>();
let queue: Queued[] = [];
let store: Store | undefined;
let stale = false;
let failures = 0;
let writing: Promise<void> | undefined;
let timer: NodeJS.Timeout | undefined;
/** Messages that came in. */
let received = 0;

port.on("message", ({ message, end }: Envelope) => {
  received = (received + 1) | 0;
  takePointsUpTo(end);
  const weight = weightOf(message);
  if (isPoints(message)) {
    push(message, weight);
    return;
  }
  switch (message.kind) {
    case "start":
      watch(message.run, message.facts);
      break;
    case "console": {
      const lines = watched.get(message.run)?.cutters[message.stream].cut(message.text) ?? [];
      if (lines.length > 0) push({ ...message, kind: "lines", lines }, weight);
      else release(weight);
      return;
    }
    case "flush":
      void writeAll().then(() => answer({ request: message.request, result: undefined }));
      return;
    case "finish":
      endWatch(message.run, message.endedAt);
      break;
  }
  push(message, weight);
  if ("request" in message) void writeAll();
});

setInterval(() => void writeAll(true), HEARTBEAT_MS).unref();
setInterval(() => {
  // Where no message was on its way after this look at the end, none belongs before what stands there.
  const end = ring.end();
  if (Atomics.load(counters, SHARED.sent) === received) takePointsUpTo(end);
  if (queue.length > 0 && failures === 0) void writeAll();
}, GATHER_MS).unref();

function takePointsUpTo(end: number): void {
  for (const points of ring.take(end)) queue.push({ message: points, weight: weightOf(points), answered: false });
}

function isPoints(message: Message | Waiting): message is readonly number[] {
  return Array.isArray(message);
}

function push(message: Waiting, weight: number): void {
  queue.push({ message, weight, answered: false });
  timer ??= setTimeout(() => void writeAll(), GATHER_MS);
}

function release(weight: number): void {
  if (weight > 0) Atomics.sub(counters, SHARED.queued, weight);
}

function answer(reply: Answer): void {
  port.postMessage(reply);
  if (!("request" in reply)) return;
  Atomics.add(counters, SHARED.answered, 1);
  Atomics.notify(counters, SHARED.answered);
}

function watch(run: number, facts: RunFacts): void {
  const meter = createMachineMeter(process.cwd());
  const look = async (): Promise<void> => {
    const values = await meter.read();
    // Points of a run that was resumed count from its first start, which the writer knows.
    const createdAt = writers.get(run)?.started.createdAt ?? facts.createdAt;
    if (watched.has(run))
      push({ kind: "machine", run, time: Math.max(0, Math.round(Date.now() - createdAt)), values }, 0);
  };
  const cutters = { stdout: createLineCutter(), stderr: createLineCutter() };
  watched.set(run, {
    facts,
    cutters,
    meter,
    looking: facts.statsInterval === 0 ? undefined : setInterval(() => void look(), facts.statsInterval).unref(),
  });
  if (facts.statsInterval > 0) void look();
}

function endWatch(run: number, endedAt: number): void {
  const one = watched.get(run);
  if (one === undefined) return;
  clearInterval(one.looking);
  watched.delete(run);
  const time = Math.max(0, endedAt - (writers.get(run)?.started.createdAt ?? one.facts.createdAt));
  for (const stream of ["stdout", "stderr"] as const) {
    const lines = one.cutters[stream].rest();
    if (lines.length > 0) push({ kind: "lines", run, time, stream, lines }, 0);
  }
}

/** Writes what waits, until nothing does or it fails. With `beat`, heartbeats too where nothing waits. */
async function writeAll(beat = false): Promise<void> {
  if (writing !== undefined) {
    await writing;
    if (queue.length > 0 && failures === 0) await writeAll();
    return;
  }
  clearTimeout(timer);
  timer = undefined;
  writing = (async () => {
    let first = beat && writers.size > 0;
    while (first || queue.length > 0) {
      first = false;
      if (!(await writeBatch())) break;
    }
  })();
  await writing;
  writing = undefined;
}

/** Writes one batch in one transaction. Where that fails all of it stays, and is tried again later. */
async function writeBatch(): Promise<boolean> {
  const batch = queue.slice(0, BATCH);
  const replies: (() => void)[] = [];
  const opened: number[] = [];
  try {
    store ??= await openStore(address);
    const { db, engine } = store;
    await db.transaction().execute(async (transaction) => {
      if (stale) for (const writer of writers.values()) await takeUpAgain(transaction, writer);
      stale = false;
      const rows: WaitingRows = { points: [], envelopes: [] };
      const ended = new Set<number>();
      for (const item of batch) await write(transaction, item, rows, { replies, opened, ended });
      await writeRows(transaction, engine, rows);
      for (const [run, writer] of writers) if (!ended.has(run)) await writeRun(transaction, writer, Date.now());
    });
  } catch (error) {
    for (const run of opened) writers.delete(run);
    stale = true;
    giveUpForNow(batch, error);
    return false;
  }
  queue = queue.slice(batch.length);
  failures = 0;
  release(batch.reduce((sum, { weight }) => sum + weight, 0));
  for (const reply of replies) reply();
  return true;
}

/** After a failure: what the database has of the run, which may be another database, or one that was emptied. */
async function takeUpAgain(db: Store["db"], writer: RunWriter): Promise<void> {
  const { facts, started } = writer;
  const { name, createdAt } = started;
  await openRun(db, { ...facts, name, createdAt, resume: "allow" }, Date.now(), here);
  await readBack(db, writer);
}

interface Outcome {
  /** Called once all is written. */
  readonly replies: (() => void)[];
  readonly opened: number[];
  readonly ended: Set<number>;
}

async function write(
  db: Store["db"],
  item: Queued,
  rows: WaitingRows,
  { replies, opened, ended }: Outcome,
): Promise<void> {
  const { message } = item;
  const reply = (request: number, result: unknown): void => {
    if (!item.answered) replies.push(() => answer({ request, result }));
  };
  const run = isPoints(message) ? message[0] : message.run;
  if (!isPoints(message) && message.kind === "start") {
    try {
      const started = await openRun(db, message.facts, Date.now(), here);
      writers.set(run, await openWriter(db, message.facts, started));
      opened.push(run);
      reply(message.request, started);
    } catch (error) {
      if (!(error instanceof TextuneError)) throw error;
      refused.add(run);
      endWatch(run, Date.now());
      const { request } = message;
      if (!item.answered) replies.push(() => answer({ request, error: { code: error.code, message: error.message } }));
    }
    return;
  }
  const writer = writers.get(run);
  if (writer === undefined) {
    if (!isPoints(message) && "request" in message) reply(message.request, undefined);
    return;
  }
  if (isPoints(message)) return takePoints(db, writer, message, rows);
  switch (message.kind) {
    case "machine":
      return takeMachine(db, writer, message.time, message.values, rows);
    case "artifact":
      replies.push(() => putLater(run, message.artifact, writer, item.answered ? undefined : message.request));
      return;
    case "use":
      await db
        .insertInto("artifact_uses")
        .values({ run_id: writer.facts.id, version_id: message.versionId, time: Date.now() })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return reply(message.request, undefined);
    case "finish":
      ended.add(run);
      await endRun(db, writer, message);
      replies.push(() => {
        writers.delete(run);
        void (artifacts.get(run) ?? Promise.resolve()).then(() => {
          if (!item.answered) answer({ request: message.request, result: undefined });
        });
      });
      return;
    default:
      return takeMessage(db, writer, message);
  }
}

type ArtifactMessage = Extract<Waiting, { readonly kind: "artifact" }>;

/** Reads the files of an artifact while points go on being written; those of one run in their order. */
function putLater(
  run: number,
  artifact: ArtifactMessage["artifact"],
  writer: RunWriter,
  request: number | undefined,
): void {
  const before = artifacts.get(run) ?? Promise.resolve();
  artifacts.set(
    run,
    before.then(async () => {
      try {
        const { project, id } = writer.facts;
        const result = await putArtifact(store as Store, { ...artifact, project, runId: id });
        if (request !== undefined) answer({ request, result });
      } catch (error) {
        if (request !== undefined) answer({ request, error: { code: codeOf(error), message: reasonOf(error) } });
      }
    }),
  );
}

function codeOf(error: unknown): string | undefined {
  return error instanceof TextuneError ? error.code : undefined;
}

function giveUpForNow(batch: readonly Queued[], error: unknown): void {
  const reason = error instanceof TextuneError ? error.message : `${storeName(address)}: ${reasonOf(error)}`;
  if (failures === 0) port.postMessage({ warning: reason } satisfies Answer);
  for (const item of batch) {
    const { message } = item;
    if (isPoints(message) || !("request" in message) || item.answered) continue;
    item.answered = true;
    answer({ request: message.request, error: { code: codeOf(error), message: reason } });
  }
  const pause = PAUSES[Math.min(failures++, PAUSES.length - 1)];
  const failed = store;
  store = undefined;
  void failed?.close().catch(() => {});
  timer ??= setTimeout(() => void writeAll(), pause);
}
