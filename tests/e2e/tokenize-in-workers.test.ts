/** The thread of the built package runs in plain Node.js. Needs the build in dist/, which `npm test` makes. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import { textBlocks } from "../../src/tokenizing/dataset-blocks.js";
import type { WorkerReply, WorkerSetup } from "../../src/tokenizing/node/tokenize-worker.js";
import { tokenizeTexts } from "../../src/tokenizing/tokenize-texts.js";
import { datasetOf, HARD_TEXTS, smallTokenizer } from "../support/hard-texts.js";

it("tokenizes a block in a thread of plain Node.js, from dist/", async () => {
  const tokenizer = smallTokenizer();
  const dataset = datasetOf(HARD_TEXTS);
  const texts = Array.from({ length: dataset.length }, (_, row) => dataset.text(row));
  const workerData: WorkerSetup = { files: tokenizer.files, options: { maxLength: 64 } };
  const entry = new URL("../../dist/tokenizing/node/tokenize-worker.js", import.meta.url);
  const worker = new Worker(entry, { workerData, execArgv: [] });
  for (const block of textBlocks(dataset)) worker.postMessage(block);
  const [reply] = (await once(worker, "message")) as [WorkerReply];
  await worker.terminate();
  expect(reply).toEqual({ texts: tokenizeTexts(texts, tokenizer, { maxLength: 64 }) });
});
