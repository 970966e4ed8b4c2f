/** One model that is served: its queue, its threads, batches between the two. */
import { TextuneError } from "../../base/errors.js";
import type { OnnxDtype } from "../../checkpoints/onnx-files.js";
import { Problem } from "../../http/problem.js";
import type { TextExample } from "../../tokenizers/tokenizer.js";
import { createFairQueue } from "../fair-queue.js";
import type { ModelObserver } from "../model-observer.js";
import type { AnyPrediction, ModelFacts } from "./model-thread.js";
import { type ModelThread, startModelThread, ThreadGone } from "./model-threads.js";

export interface ServedModelOptions {
  readonly name: string;
  readonly folder: string;
  readonly dtype?: OnnxDtype | undefined;
  /** Threads that run the model, each with a copy of it. */
  readonly workers: number;
  /** Processor threads of each. */
  readonly threads?: number | undefined;
  /** Texts that may wait. */
  readonly maxQueue: number;
  /** Tokens of a batch, as estimated from the texts' length. */
  readonly batchTokens: number;
  /** Milliseconds for which a text waits for others of its batch. */
  readonly maxWait: number;
  readonly observe: ModelObserver;
}

export interface ClassifyCall {
  /** Whose turn it is: clients take turns. */
  readonly client: string;
  readonly signal: AbortSignal;
}

export interface ServedModel {
  readonly name: string;
  readonly folder: string;
  readonly facts: ModelFacts;
  /** Whether a thread is there to answer. */
  readonly isReady: boolean;
  /** Texts that wait. */
  readonly waiting: number;
  /** @throws Problem when the queue is full or no thread can answer; the signal's reason when it aborts */
  classify(examples: readonly TextExample[], call: ClassifyCall): Promise<ClassifiedTexts>;
  /** Opens the folder anew; answers come from the model before until the new one is ready. @throws TextuneError */
  reload(): Promise<void>;
  /** Answers what waits, then ends the threads. */
  close(): Promise<void>;
}

export interface ClassifiedTexts {
  readonly predictions: readonly AnyPrediction[];
}

interface Item {
  readonly example: TextExample;
  readonly tokens: number;
  readonly resolve: (prediction: AnyPrediction) => void;
  readonly reject: (error: unknown) => void;
  readonly signal: AbortSignal;
  tries: number;
}

/** English has some four bytes a token, and what is estimated too low is cut by the thread. */
const BYTES_PER_TOKEN = 4;
/** Milliseconds before a thread that broke down is started again; doubled with every failure up to the second. */
const RESTART = { first: 200, most: 10_000 } as const;

/**
 * @param start starts a thread with the model
 * @throws TextuneError when the model cannot be opened
 */
export async function serveModel(options: ServedModelOptions, start = startModelThread): Promise<ServedModel> {
  const { name, folder, maxQueue, batchTokens, maxWait, observe } = options;
  const queue = createFairQueue<Item>();
  let threads: ModelThread[] = await startAll(options, start);
  let idle = [...threads];
  let facts = threads[0].facts;
  let timer: NodeJS.Timeout | undefined;
  /** Texts of the batch before: as many are expected again. */
  let expected = 1;
  let rate = 0;
  let closing = false;
  let drained: (() => void) | undefined;
  /** What each thread is at. */
  const busy = new Map<ModelThread, Promise<void>>();

  /** Hands batches to idle threads; unless `now`, an incomplete one waits for more. */
  function dispatch(now = false): void {
    while (idle.length > 0 && queue.length > 0) {
      if (!now && !closing && maxWait > 0 && queue.length < expected) {
        timer ??= setTimeout(() => {
          timer = undefined;
          dispatch(true);
        }, maxWait);
        return;
      }
      clearTimeout(timer);
      timer = undefined;
      const thread = idle.shift() as ModelThread;
      busy.set(thread, runBatch(thread, takeBatch()));
    }
    if (queue.length === 0 && idle.length === threads.length) drained?.();
  }

  function takeBatch(): Item[] {
    const batch: Item[] = [];
    let tokens = 0;
    for (let next = queue.peek(); next !== undefined; next = queue.peek()) {
      if (batch.length > 0 && tokens + next.tokens > batchTokens) break;
      tokens += next.tokens;
      batch.push(queue.take() as Item);
    }
    expected = batch.length;
    return batch;
  }

  async function runBatch(thread: ModelThread, batch: readonly Item[]): Promise<void> {
    const began = performance.now();
    try {
      const { predictions, tokens, truncated } = await thread.run(batch.map(({ example }) => example));
      const seconds = (performance.now() - began) / 1000;
      rate = rate === 0 ? batch.length / seconds : 0.8 * rate + (0.2 * batch.length) / seconds;
      for (const [i, item] of batch.entries()) item.resolve(predictions[i]);
      observe.batch({ texts: batch.length, tokens, truncated, seconds });
    } catch (error) {
      if (error instanceof ThreadGone) {
        // Once more with another thread; what breaks two of them is not tried on a third.
        const again = batch.filter((item) => item.tries++ === 0);
        for (const item of batch) if (item.tries > 1) item.reject(unavailable(name));
        queue.putBack(again);
      } else for (const { reject } of batch) reject(error);
    } finally {
      busy.delete(thread);
      if (threads.includes(thread)) idle.push(thread);
      dispatch();
    }
  }

  function watchOver(thread: ModelThread): void {
    void thread.ended.then(() => {
      if (!threads.includes(thread) || closing) return;
      threads = threads.filter((one) => one !== thread);
      idle = idle.filter((one) => one !== thread);
      observe.crashed(`a thread of ${name} ended`);
      void replace(RESTART.first);
    });
  }

  async function replace(pause: number): Promise<void> {
    try {
      const thread = await start(options);
      if (closing) return await thread.end();
      threads.push(thread);
      idle.push(thread);
      watchOver(thread);
      dispatch();
    } catch (error) {
      observe.failed(error instanceof Error ? error.message : String(error));
      if (threads.length === 0) rejectAll(unavailable(name));
      const next = Math.min(2 * pause, RESTART.most);
      setTimeout(() => closing || void replace(next), pause).unref();
    }
  }

  function rejectAll(error: unknown): void {
    for (let item = queue.take(); item !== undefined; item = queue.take()) item.reject(error);
  }

  for (const thread of threads) watchOver(thread);
  return {
    name,
    folder,
    get facts() {
      return facts;
    },
    get isReady() {
      return threads.length > 0 && !closing;
    },
    get waiting() {
      return queue.length;
    },
    async classify(examples, { client, signal }) {
      signal.throwIfAborted();
      if (closing) throw new Problem(503, "server: it is shutting down; try again", 1);
      if (threads.length === 0) throw unavailable(name);
      if (queue.length + examples.length > maxQueue) {
        const wait = Math.max(1, Math.ceil(queue.length / Math.max(rate, 1)));
        throw new Problem(
          429,
          `server: ${queue.length} texts wait already, of at most ${maxQueue}; try again in ${wait} s`,
          wait,
        );
      }
      let leave = (): void => {};
      const aborted = new Promise<never>((_, reject) => {
        leave = () => {
          queue.remove((item) => item.signal === signal);
          reject(signal.reason);
        };
        signal.addEventListener("abort", leave, { once: true });
      });
      aborted.catch(() => {});
      const answers = examples.map(
        (example) =>
          new Promise<AnyPrediction>((resolve, reject) => {
            queue.add(client, {
              example,
              tokens: estimate(example, facts.maxLength),
              resolve,
              reject,
              signal,
              tries: 0,
            });
          }),
      );
      dispatch();
      try {
        return { predictions: await Promise.race([Promise.all(answers), aborted]) };
      } finally {
        signal.removeEventListener("abort", leave);
        for (const one of answers) one.catch(() => {});
      }
    },
    async reload() {
      const fresh = await startAll(options, start);
      if (closing) {
        await Promise.all(fresh.map((thread) => thread.end()));
        return;
      }
      const old = threads;
      threads = fresh;
      idle = [...fresh];
      facts = fresh[0].facts;
      for (const thread of fresh) watchOver(thread);
      dispatch();
      // Each ends after the batch that it is at.
      await Promise.all(old.map((thread) => Promise.resolve(busy.get(thread)).then(() => thread.end())));
    },
    async close() {
      closing = true;
      if (threads.length > 0) {
        await new Promise<void>((resolve) => {
          drained = resolve;
          dispatch(true);
        });
      }
      rejectAll(unavailable(name));
      await Promise.all(threads.map((thread) => thread.end()));
    },
  };
}

/** All threads of a model. Where one cannot start, those that did are ended. */
async function startAll(options: ServedModelOptions, start: typeof startModelThread): Promise<ModelThread[]> {
  const started = await Promise.allSettled(Array.from({ length: options.workers }, () => start(options)));
  const threads = started.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const failure = started.find((one) => one.status === "rejected");
  if (failure === undefined) return threads;
  await Promise.all(threads.map((thread) => thread.end()));
  if (failure.reason instanceof TextuneError) throw failure.reason;
  throw new TextuneError("E_RUNTIME", `${options.folder}: the thread of the model broke down: ${failure.reason}`);
}

function estimate(example: TextExample, maxLength: number): number {
  const texts = typeof example === "string" ? [example] : [example.text, example.textPair];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return Math.min(maxLength, 2 + Math.ceil(bytes / BYTES_PER_TOKEN));
}

function unavailable(name: string): Problem {
  return new Problem(503, `model ${name}: no thread can answer at the moment; try again`, 1);
}
