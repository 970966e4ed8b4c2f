/** The thread that tokenizes blocks of texts, one after the other: see tokenize-in-workers.ts. */
import { parentPort, workerData } from "node:worker_threads";
import { type ErrorCode, TextuneError } from "../../base/errors.js";
import { loadTokenizer, type TokenizerFiles } from "../../tokenizers/tokenizer.js";
import { type TextBlock, textsOf } from "../text-block.js";
import { tokenizeTexts } from "../tokenize-texts.js";
import type { TokenizedTexts } from "../tokenized-texts.js";

/** What the thread is started with. */
export interface WorkerSetup {
  readonly files: TokenizerFiles;
  readonly maxLength: number;
}

/** What the thread answers to a block. Errors lose their class on the way, so that their parts are sent. */
export type WorkerReply =
  | { readonly texts: TokenizedTexts }
  | { readonly error: { readonly code: ErrorCode | undefined; readonly message: string } };

const { files, maxLength } = workerData as WorkerSetup;
const port = parentPort as NonNullable<typeof parentPort>;
// Made with the first block, so that what is wrong with the files is an answer and not the end of the thread.
let tokenizer: ReturnType<typeof loadTokenizer> | undefined;

port.on("message", (block: TextBlock) => {
  try {
    tokenizer ??= loadTokenizer(files);
    const texts = tokenizeTexts(textsOf(block), tokenizer, maxLength);
    const reply: WorkerReply = { texts };
    port.postMessage(reply, [texts.ids.buffer as ArrayBuffer, texts.offsets.buffer as ArrayBuffer]);
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
