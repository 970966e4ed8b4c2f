import type { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { datasetOf, HARD_PAIRS, HARD_TEXTS, smallTokenizer } from "../../../tests/support/hard-texts.js";
import { textBlocks } from "../dataset-blocks.js";
import type { TextBlock } from "../text-block.js";
import { createTokenCollector, tokenizeTexts } from "../tokenize-texts.js";
import type { TokenizedTexts } from "../tokenized-texts.js";
import { tokenizeInWorkers } from "./tokenize-in-workers.js";

const tokenizer = smallTokenizer();
const dataset = datasetOf([...HARD_TEXTS, ...HARD_TEXTS]);
const inOrder = Array.from({ length: dataset.length }, (_, row) => dataset.text(row));

const started: Worker[] = [];
const remember = (worker: Worker): void => void started.push(worker);
beforeEach(() => void process.on("worker", remember));
afterEach(() => {
  process.off("worker", remember);
  started.length = 0;
});
/** How many threads were started, and how many of these have not ended. */
const threads = () => ({ started: started.length, alive: started.filter(({ threadId }) => threadId !== -1).length });

async function collect(parts: AsyncIterable<TokenizedTexts>, rows = dataset.length): Promise<TokenizedTexts> {
  const collector = createTokenCollector(rows);
  for await (const part of parts) collector.add(part);
  return collector.finish();
}

describe("tokenizeInWorkers", () => {
  it("gives the bits of one thread, in order, for any blocks and number of threads", async () => {
    for (const [maxLength, blockBytes, workers] of [
      [128, 1, 3],
      [200_000, 100_000, 1],
    ]) {
      const parts = tokenizeInWorkers(textBlocks(dataset, blockBytes), { tokenizer, maxLength, workers });
      expect(await collect(parts)).toEqual(tokenizeTexts(inOrder, tokenizer, { maxLength }));
    }
    expect(threads()).toEqual({ started: 4, alive: 0 });
  });

  it("gives the segments of pairs, cut as it is told", async () => {
    const pairs = datasetOf(HARD_PAIRS);
    const options = { maxLength: 16, truncation: "only_second" } as const;
    // A first text of 16 tokens and more would leave nothing of the second.
    const fitting = HARD_PAIRS.filter(({ text }) => tokenizer.tokenize(text).length < 12);
    const some = datasetOf(fitting);
    expect(some.length).toBeGreaterThan(6);
    const parts = tokenizeInWorkers(textBlocks(some, 64), { tokenizer, ...options, workers: 2 });
    const collected = await collect(parts, some.length);
    expect(collected).toEqual(tokenizeTexts(fitting, tokenizer, options));
    expect(collected.secondStarts).not.toEqual(new Int32Array(some.length));
    const failing = tokenizeInWorkers(textBlocks(pairs, 64), { tokenizer, ...options, workers: 2 });
    await expect(collect(failing, pairs.length)).rejects.toMatchObject({ code: "E_DATA" });
    expect(threads()).toEqual({ started: 4, alive: 0 });
  });

  it("never has more than three blocks for each thread under way", async () => {
    let taken = 0;
    let returned = 0;
    let most = 0;
    function* counted(): Generator<TextBlock> {
      for (const block of textBlocks(dataset, 1)) {
        taken++;
        most = Math.max(most, taken - returned);
        yield block;
      }
    }
    for await (const _ of tokenizeInWorkers(counted(), { tokenizer, maxLength: 16, workers: 2 })) returned++;
    expect(returned).toBe(taken);
    expect(most).toBe(6);
  });

  it("ends its threads when it is aborted", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const options = { tokenizer, maxLength: 16, workers: 2, signal: controller.signal };
    const parts = tokenizeInWorkers(textBlocks(dataset, 1), options);
    await parts.next();
    controller.abort(reason);
    await expect(parts.next()).rejects.toMatchObject({ code: "E_ABORTED", cause: reason });
    expect(threads()).toEqual({ started: 2, alive: 0 });
    // Aborted before it begins, it starts none.
    await expect(tokenizeInWorkers(textBlocks(dataset), options).next()).rejects.toMatchObject({ code: "E_ABORTED" });
    expect(threads().started).toBe(2);
  });

  it("ends its threads when its reader wants no more, or the source of the blocks fails", async () => {
    for await (const _ of tokenizeInWorkers(textBlocks(dataset, 1), { tokenizer, maxLength: 16, workers: 1 })) break;
    const failing = (function* () {
      yield* textBlocks(dataset);
      throw new Error("no more");
    })();
    await expect(collect(tokenizeInWorkers(failing, { tokenizer, maxLength: 16, workers: 1 }))).rejects.toThrow(
      "no more",
    );
    expect(threads()).toEqual({ started: 2, alive: 0 });
  });

  it("throws what the tokenizer throws on one thread", async () => {
    const inWorkers = (files: object, maxLength: number) =>
      tokenizeInWorkers(textBlocks(dataset, 1), { tokenizer: { ...tokenizer, files }, maxLength, workers: 2 }).next();
    await expect(inWorkers(tokenizer.files, 2)).rejects.toMatchObject({
      name: "TextuneError",
      code: "E_CONFIG",
      message: expect.stringMatching(/^maxLength: expected a whole number of at least 3/),
    });
    await expect(inWorkers({}, 16)).rejects.toMatchObject({
      name: "TextuneError",
      code: "E_TOKENIZER",
      message: expect.stringMatching(/^tokenizer: expected tokenizer.json, or vocab.txt, .* got none of them/),
    });
    expect(threads().alive).toBe(0);
  });

  it("says in one line that a thread broke down", async () => {
    process.once("worker", (worker: Worker) => void worker.terminate());
    const parts = tokenizeInWorkers(textBlocks(dataset, 1), { tokenizer, maxLength: 16, workers: 2 });
    await expect(collect(parts)).rejects.toMatchObject({
      code: "E_TOKENIZER",
      message: expect.stringMatching(/^tokenizing: a thread broke down \(it ended with status \d\); try [^\n]*$/),
    });
    expect(threads()).toEqual({ started: 2, alive: 0 });
  });
});
