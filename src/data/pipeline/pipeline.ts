/**
 * Lazy sequences of examples: what happens to each is said once, and done when somebody asks for the next.
 * Nothing runs ahead of the consumer except where `prefetch` or a concurrency says so.
 */
import { fail } from "../../base/errors.js";
import { createRandom, DEFAULT_SEED } from "../../base/random.js";
import type { Dataset, Row } from "../dataset/dataset.js";
import { describeElement, type ElementSpec } from "./element-spec.js";

/** A pass of a pipeline that is being kept. */
export interface PipelineRecording<T> {
  /** Takes the next item. */
  add(item: T): Promise<void>;
  /** Says that it was the last one: the next pass reads what was kept. */
  commit(): Promise<void>;
  /** Says that the pass broke off: nothing of it is kept. */
  abandon(): Promise<void>;
}

/** Where a cached sequence is kept. */
export interface PipelineStore<T> {
  /** The items of an earlier, whole run; undefined where there is none. */
  load(): Promise<AsyncIterable<T> | undefined>;
  /** Takes the items of a run as they pass; they count once `commit` is called. */
  record(): Promise<PipelineRecording<T>>;
}

/** How to batch items of like length. */
export interface BucketOptions<T> {
  /** The length of an item, in whatever unit the boundaries have. */
  readonly lengthOf: (item: T) => number;
  /** Upper ends of the buckets (exclusive), ascending; longer items share a last bucket. */
  readonly boundaries: readonly number[];
  /** Items in a batch, or one number for each bucket (boundaries + 1). */
  readonly batchSize: number | readonly number[];
  /** Leave out batches that are not full; false by default. */
  readonly dropRemainder?: boolean;
}

/**
 * A lazy sequence that can be gone through any number of times.
 *
 * @example
 * const batches = pipelineOf(train).shuffle(1000, { seed: 42 }).batch(32).prefetch(2);
 * for await (const batch of batches) console.log(batch.map(({ text }) => text));
 */
export interface Pipeline<T> extends AsyncIterable<T> {
  /** Changes every item, up to `concurrency` of them at a time (default 1); the order stays. */
  map<U>(change: (item: T, index: number) => U | Promise<U>, options?: { readonly concurrency?: number }): Pipeline<U>;
  /** The items for which `keep` says true. */
  filter(keep: (item: T) => boolean): Pipeline<T>;
  /**
   * Mixes the order: holds `buffer` items and hands out a random one of them. Every pass is mixed anew
   * unless `reshuffle` is false.
   */
  shuffle(buffer: number, options?: { readonly seed?: number; readonly reshuffle?: boolean }): Pipeline<T>;
  /** Joins `size` items at a time; the last batch may be smaller unless it is dropped. */
  batch(size: number, options?: { readonly dropRemainder?: boolean }): Pipeline<readonly T[]>;
  /** Joins items of like length, so that padding is small. */
  bucketByLength(options: BucketOptions<T>): Pipeline<readonly T[]>;
  /** Prepares up to `count` items ahead while the consumer is busy. */
  prefetch(count: number): Pipeline<T>;
  /** Keeps the items of the first whole pass, in memory or in a store, for those that follow. */
  cache(store?: PipelineStore<T>): Pipeline<T>;
  /** The first `count` items. */
  take(count: number): Pipeline<T>;
  /** All but the first `count` items. */
  skip(count: number): Pipeline<T>;
  /** Goes through the sequence `count` times. */
  repeat(count: number): Pipeline<T>;
  /** What an item is, by a look at the first. */
  elementSpec(): Promise<ElementSpec>;
  /** All items, in memory. */
  toArray(): Promise<T[]>;
}

/**
 * A pipeline of the rows of a data set, or of any items that can be gone through again.
 *
 * @example
 * const lengths = await pipelineOf(reviews)
 *   .map(({ text }) => text.length)
 *   .toArray();
 */
export function pipelineOf(source: Dataset): Pipeline<Row>;
export function pipelineOf<T>(
  source: Iterable<T> | AsyncIterable<T> | (() => Iterable<T> | AsyncIterable<T>),
): Pipeline<T>;
export function pipelineOf<T>(
  source: Iterable<T> | AsyncIterable<T> | (() => Iterable<T> | AsyncIterable<T>),
): Pipeline<T> {
  return pipeline(async function* () {
    yield* typeof source === "function" ? source() : source;
  });
}

function pipeline<T>(start: () => AsyncGenerator<T>): Pipeline<T> {
  return {
    [Symbol.asyncIterator]: start,
    map: (change, options) =>
      pipeline(() => mapped(start, change, wholeNumber("map, concurrency", options?.concurrency ?? 1))),
    filter: (keep) =>
      pipeline(async function* () {
        for await (const item of start()) if (keep(item)) yield item;
      }),
    shuffle(buffer, { seed = DEFAULT_SEED, reshuffle = true } = {}) {
      wholeNumber("shuffle, buffer", buffer);
      let pass = 0;
      return pipeline(() => shuffled(start, buffer, createRandom(seed).fork(reshuffle ? pass++ : 0)));
    },
    batch: (size, { dropRemainder = false } = {}) => {
      wholeNumber("batch, size", size);
      return pipeline(() => batched(start, size, dropRemainder));
    },
    bucketByLength: (options) => {
      const buckets = checkBuckets(options);
      return pipeline(() => bucketed(start, buckets));
    },
    prefetch: (count) => {
      wholeNumber("prefetch", count);
      return pipeline(() => prefetched(start, count));
    },
    cache: (store = memoryStore<T>()) => pipeline(() => cached(start, store)),
    take: (count) =>
      pipeline(async function* () {
        if (count <= 0) return;
        let left = count;
        for await (const item of start()) {
          yield item;
          if (--left <= 0) return;
        }
      }),
    skip: (count) =>
      pipeline(async function* () {
        let left = count;
        for await (const item of start()) if (left-- <= 0) yield item;
      }),
    repeat: (count) =>
      pipeline(async function* () {
        for (let pass = 0; pass < count; pass++) yield* start();
      }),
    async elementSpec() {
      for await (const item of start()) return describeElement(item);
      return fail("E_DATA", {
        where: "elementSpec",
        expected: "at least one item",
        got: "none",
        fix: "check the source",
      });
    },
    async toArray() {
      const items: T[] = [];
      for await (const item of start()) items.push(item);
      return items;
    },
  };
}

async function* mapped<T, U>(
  start: () => AsyncGenerator<T>,
  change: (item: T, index: number) => U | Promise<U>,
  concurrency: number,
): AsyncGenerator<U> {
  const running: Promise<U>[] = [];
  let index = 0;
  try {
    for await (const item of start()) {
      const at = index++;
      const result = Promise.resolve().then(() => change(item, at));
      // Whoever waits for an earlier one must not be met by an unhandled rejection of a later one.
      result.catch(() => {});
      running.push(result);
      if (running.length >= concurrency) yield await (running.shift() as Promise<U>);
    }
    while (running.length > 0) yield await (running.shift() as Promise<U>);
  } finally {
    await Promise.allSettled(running);
  }
}

async function* shuffled<T>(
  start: () => AsyncGenerator<T>,
  buffer: number,
  random: ReturnType<typeof createRandom>,
): AsyncGenerator<T> {
  const held: T[] = [];
  for await (const item of start()) {
    if (held.length < buffer) {
      held.push(item);
      continue;
    }
    const place = random.integer(buffer);
    const out = held[place] as T;
    held[place] = item;
    yield out;
  }
  yield* random.shuffle(held);
}

async function* batched<T>(
  start: () => AsyncGenerator<T>,
  size: number,
  dropRemainder: boolean,
): AsyncGenerator<readonly T[]> {
  let batch: T[] = [];
  for await (const item of start()) {
    batch.push(item);
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0 && !dropRemainder) yield batch;
}

interface Buckets<T> {
  readonly lengthOf: (item: T) => number;
  readonly boundaries: readonly number[];
  readonly sizes: readonly number[];
  readonly dropRemainder: boolean;
}

function checkBuckets<T>({ lengthOf, boundaries, batchSize, dropRemainder = false }: BucketOptions<T>): Buckets<T> {
  if (boundaries.some((boundary, i) => !(boundary > (boundaries[i - 1] ?? 0)))) {
    fail("E_CONFIG", {
      where: "bucketByLength, boundaries",
      expected: "ascending numbers above 0",
      got: boundaries.join(", "),
      fix: "for example [32, 64, 128]",
    });
  }
  const sizes =
    typeof batchSize === "number" ? Array.from({ length: boundaries.length + 1 }, () => batchSize) : batchSize;
  if (sizes.length !== boundaries.length + 1) {
    fail("E_CONFIG", {
      where: "bucketByLength, batchSize",
      expected: `one number, or ${boundaries.length + 1}`,
      got: String(sizes.length),
      fix: "give one for each bucket",
    });
  }
  for (const size of sizes) wholeNumber("bucketByLength, batchSize", size);
  return { lengthOf, boundaries, sizes, dropRemainder };
}

async function* bucketed<T>(
  start: () => AsyncGenerator<T>,
  { lengthOf, boundaries, sizes, dropRemainder }: Buckets<T>,
): AsyncGenerator<readonly T[]> {
  const buckets: T[][] = sizes.map(() => []);
  for await (const item of start()) {
    const length = lengthOf(item);
    const found = boundaries.findIndex((boundary) => length < boundary);
    const at = found < 0 ? boundaries.length : found;
    const bucket = buckets[at] as T[];
    bucket.push(item);
    if (bucket.length === sizes[at]) {
      yield bucket;
      buckets[at] = [];
    }
  }
  if (!dropRemainder) for (const bucket of buckets) if (bucket.length > 0) yield bucket;
}

async function* prefetched<T>(start: () => AsyncGenerator<T>, count: number): AsyncGenerator<T> {
  const iterator = start();
  const ahead: Promise<IteratorResult<T>>[] = [];
  const request = (): void => {
    const next = iterator.next();
    next.catch(() => {});
    ahead.push(next);
  };
  try {
    for (let i = 0; i < count; i++) request();
    for (;;) {
      const next = await (ahead.shift() as Promise<IteratorResult<T>>);
      if (next.done === true) return;
      request();
      yield next.value;
    }
  } finally {
    await Promise.allSettled(ahead);
    await iterator.return(undefined);
  }
}

async function* cached<T>(start: () => AsyncGenerator<T>, store: PipelineStore<T>): AsyncGenerator<T> {
  const kept = await store.load();
  if (kept !== undefined) {
    yield* kept;
    return;
  }
  const record = await store.record();
  let whole = false;
  try {
    for await (const item of start()) {
      await record.add(item);
      yield item;
    }
    whole = true;
  } finally {
    // A pass that was broken off holds too little to be used again.
    await (whole ? record.commit() : record.abandon());
  }
}

function memoryStore<T>(): PipelineStore<T> {
  let kept: T[] | undefined;
  return {
    load: async () =>
      kept === undefined
        ? undefined
        : (async function* (items: readonly T[]) {
            yield* items;
          })(kept),
    async record() {
      const items: T[] = [];
      return {
        add: async (item) => {
          items.push(item);
        },
        commit: async () => {
          kept ??= items;
        },
        abandon: async () => {},
      };
    },
  };
}

function wholeNumber(where: string, value: number): number {
  if (!(Number.isInteger(value) && value >= 1))
    fail("E_CONFIG", { where, expected: "a whole number from 1", got: String(value), fix: "give 1 or more" });
  return value;
}
