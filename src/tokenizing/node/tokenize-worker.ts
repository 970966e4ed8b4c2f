/** The thread that tokenizes blocks of texts, one after the other: see tokenize-in-workers.ts. */
import { parentPort, workerData } from "node:worker_threads";
import { type ErrorCode, TextuneError } from "../../base/errors.js";
import { type EncodeOptions, loadTokenizer, type TokenizerFiles } from "../../tokenizers/tokenizer.js";
import { examplesOf, type TextBlock } from "../text-block.js";
import { tokenizeTexts } from "../tokenize-texts.js";
import type { TokenizedTexts } from "../tokenized-texts.js";

/** What the thread is started with. */
export interface WorkerSetup {
  readonly files: TokenizerFiles;
  readonly options: EncodeOptions;
}

/** What the thread answers to a block. Errors lose their class on the way, so that their parts are sent. */
export type WorkerReply =
  | { readonly texts: TokenizedTexts }
  | { readonly error: { readonly code: ErrorCode | undefined; readonly message: string } };

const { files, options } = workerData as WorkerSetup;
const port = parentPort as NonNullable<typeof parentPort>;
// Made with the first block, so that what is wrong with the files is an answer and not the end of the thread.
let tokenizer: ReturnType<typeof loadTokenizer> | undefined;

port.on("message", (block: TextBlock) => {
  try {
    tokenizer ??= loadTokenizer(files);
    const texts = tokenizeTexts(examplesOf(block), tokenizer, options);
    const reply: WorkerReply = { texts };
    const arrays = [texts.ids, texts.offsets, ...(texts.secondStarts === undefined ? [] : [texts.secondStarts])];
    port.postMessage(
      reply,
      arrays.map(({ buffer }) => buffer as ArrayBuffer),
    );
  } catch (error) {
    const reply: WorkerReply = {
      error: {
        code: error instanceof TextuneError ? error.code : undefined,
        message: error instanceof Error ? error.message : String(error),
      },
    };
    port.postMessage(reply);
  }
});
