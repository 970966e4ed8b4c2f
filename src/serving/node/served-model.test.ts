/** A model behind its queue, with real threads. */
import { cp, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { saveTwoLayers } from "../../../tests/support/two-layers.js";
import { type Prediction, TextClassifier } from "../../index.js";
import type { ModelObserver } from "../model-observer.js";
import { type ModelThread, startModelThread } from "./model-threads.js";
import { type ServedModel, type ServedModelOptions, serveModel } from "./served-model.js";

let place: string;
let folder: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune serve "));
  folder = join(place, "a model");
  await saveTwoLayers(folder, ["bad", "good"]);
}, 120_000);
afterAll(() => rm(place, { recursive: true, force: true }));

const TEXTS = Array.from({ length: 40 }, (_, i) => `text number ${i}: ${"a good film ".repeat(i)}`);

interface Seen {
  readonly batches: number[];
  readonly crashes: string[];
  readonly threads: ModelThread[];
}

async function withModel(
  options: Partial<ServedModelOptions>,
  work: (model: ServedModel, seen: Seen) => Promise<void>,
): Promise<void> {
  const seen: Seen = { batches: [], crashes: [], threads: [] };
  const observe: ModelObserver = {
    batch: ({ texts }) => void seen.batches.push(texts),
    crashed: (reason) => void seen.crashes.push(reason),
    failed: (reason) => void seen.crashes.push(reason),
  };
  const limits = { workers: 1, threads: 1, maxQueue: 1000, batchTokens: 1024, maxWait: 5 };
  const model = await serveModel({ name: "m", folder, ...limits, observe, ...options }, async (setup) => {
    const thread = await startModelThread(setup);
    seen.threads.push(thread);
    return thread;
  });
  try {
    await work(model, seen);
  } finally {
    await model.close();
  }
}

const ask = (model: ServedModel, texts: readonly string[], signal = new AbortController().signal, client = "me") =>
  model.classify(texts, { client, signal }).then(({ predictions }) => predictions as readonly Prediction[]);

it("answers as the classifier does, with the texts of requests at once in one batch", async () => {
  const classifier = await TextClassifier.fromPretrained(folder);
  const expected = await classifier.predict(TEXTS);
  await classifier.close();
  await withModel({}, async (model, seen) => {
    const answers = await Promise.all(TEXTS.map((text, i) => ask(model, [text], undefined, `client ${i % 3}`)));
    for (const [i, [{ label, probability }]] of answers.entries()) {
      expect(label).toBe(expected[i].label);
      expect(Math.abs(probability - expected[i].probability)).toBeLessThan(1e-5);
    }
    expect(seen.batches.reduce((sum, texts) => sum + texts)).toBe(TEXTS.length);
    // The first alone, as nothing more was known to come.
    expect(seen.batches.length).toBeLessThan(10);
  });
});

it("refuses what does not fit in the queue, says when to come back, and answers the rest", async () => {
  await withModel({ maxQueue: 30 }, async (model) => {
    const first = ask(model, TEXTS.slice(0, 20));
    const second = ask(model, TEXTS.slice(0, 25));
    await expect(ask(model, TEXTS.slice(0, 20))).rejects.toMatchObject({ status: 429, retryAfter: expect.any(Number) });
    expect(await first).toHaveLength(20);
    expect(await second).toHaveLength(25);
  });
});

it("does not compute what nobody waits for any more", async () => {
  await withModel({ batchTokens: 1 }, async (model, seen) => {
    const gone = new AbortController();
    const cancelled = ask(model, TEXTS, gone.signal);
    const staying = ask(model, ["ok"], undefined, "another");
    gone.abort();
    await expect(cancelled).rejects.toMatchObject({ name: "AbortError" });
    expect(model.waiting).toBe(1);
    await staying;
    expect(seen.batches.length).toBeLessThan(4);
  });
});

it("replaces a thread that breaks down and answers its texts with the new one", async () => {
  await withModel({}, async (model, seen) => {
    const answers = ask(model, TEXTS);
    await seen.threads[0].end();
    expect(await answers).toHaveLength(TEXTS.length);
    expect(seen.crashes).toHaveLength(1);
    expect(seen.threads).toHaveLength(2);
    expect(model.isReady).toBe(true);
  });
});

it("says that it cannot answer when no thread can be started, and comes back when one can", async () => {
  const moving = join(place, "moving");
  await cp(folder, moving, { recursive: true });
  await withModel({ folder: moving }, async (model, seen) => {
    await rename(moving, `${moving} away`);
    const waiting = ask(model, TEXTS);
    await seen.threads[0].end();
    await expect(waiting).rejects.toMatchObject({ status: 503 });
    expect(model.isReady).toBe(false);
    await expect(ask(model, ["ok"])).rejects.toMatchObject({ status: 503 });
    await rename(`${moving} away`, moving);
    await expect.poll(() => model.isReady, { timeout: 30_000 }).toBe(true);
    expect(await ask(model, ["ok"])).toHaveLength(1);
  });
}, 60_000);

it("opens the folder anew without dropping a request", async () => {
  const changing = join(place, "changing");
  await cp(folder, changing, { recursive: true });
  await withModel({ folder: changing }, async (model) => {
    const [before] = await ask(model, ["ok"]);
    await rm(changing, { recursive: true });
    await saveTwoLayers(changing, ["bad", "good"], 9);
    let asked = 0;
    const stop = new AbortController();
    const asking = (async () => {
      while (!stop.signal.aborted) {
        expect(await ask(model, ["ok", "not ok"])).toHaveLength(2);
        asked++;
      }
    })();
    await model.reload();
    stop.abort();
    await asking;
    expect(asked).toBeGreaterThan(0);
    const [after] = await ask(model, ["ok"]);
    expect(Math.abs(after.probability - before.probability)).toBeGreaterThan(1e-4);
  });
}, 60_000);
