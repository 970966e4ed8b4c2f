/** Tokenizing on several threads: the same ids as on one, in the same order. */
import { fail, TextuneError } from "../../base/errors.js";
import { hasThreadFile, startThread } from "../../base/node/thread.js";
import { stopIfAborted } from "../../base/stop-if-aborted.js";
import type { EncodeOptions, TextTokenizer } from "../../tokenizers/tokenizer.js";
import type { TextBlock } from "../text-block.js";
import type { TokenizedTexts } from "../tokenized-texts.js";
import type { WorkerReply, WorkerSetup } from "./tokenize-worker.js";

export interface InWorkersOptions extends EncodeOptions {
  readonly tokenizer: TextTokenizer;
  /** Threads besides this one, at least 1. */
  readonly workers: number;
  readonly signal?: AbortSignal | undefined;
}

/** Blocks under way for each thread: one at work, one waiting, and one for an uneven pace. */
const BLOCKS_AHEAD = 3;

/** Whether the file of the thread is there. */
export const hasWorkerFile = (): boolean => hasThreadFile("./tokenize-worker", import.meta.url);

/**
 * The tokens of each block, in order. A few blocks for each thread are under way at a time; the threads have ended when the
 * generator has, whether by its end, an error, or a reader that wants no more.
 *
 * @throws E_ABORTED; the tokenizer's own errors; E_TOKENIZER where a thread breaks down
 */
export async function* tokenizeInWorkers(
  blocks: Iterable<TextBlock>,
  { tokenizer, maxLength, truncation, longTexts, workers: count, signal }: InWorkersOptions,
): AsyncGenerator<TokenizedTexts> {
  stopIfAborted(signal, "tokenizing");
  const setup: WorkerSetup = { files: tokenizer.files, options: { maxLength, truncation, longTexts } };
  const workers: TokenizingWorker[] = [];
  const underWay: Promise<TokenizedTexts>[] = [];
  const next = async (): Promise<TokenizedTexts> => {
    const texts = await (underWay.shift() as Promise<TokenizedTexts>);
    stopIfAborted(signal, "tokenizing");
    return texts;
  };
  try {
    while (workers.length < count) workers.push(startWorker(setup));
    let sent = 0;
    for (const block of blocks) {
      underWay.push(workers[sent++ % count].tokenize(block));
      if (underWay.length === BLOCKS_AHEAD * count) yield await next();
    }
    while (underWay.length > 0) yield await next();
  } finally {
    await Promise.all(workers.map((worker) => worker.end()));
  }
}

interface TokenizingWorker {
  /** Takes the block over: its arrays are empty afterwards. */
  tokenize(block: TextBlock): Promise<TokenizedTexts>;
  end(): Promise<void>;
}

interface Waiting {
  readonly resolve: (texts: TokenizedTexts) => void;
  readonly reject: (error: unknown) => void;
}

function startWorker(setup: WorkerSetup): TokenizingWorker {
  const worker = startThread("./tokenize-worker", import.meta.url, { name: "textune tokenizer", workerData: setup });
  // Answers come in the order of the blocks.
  const waiting: Waiting[] = [];
  let broken: TextuneError | undefined;
  const breakDown = (message: string, cause?: unknown): void => {
    broken ??= failure(undefined, message, cause);
    for (const { reject } of waiting.splice(0)) reject(broken);
  };
  worker.on("message", (reply: WorkerReply) => {
    const first = waiting.shift();
    if ("texts" in reply) first?.resolve(reply.texts);
    else first?.reject(failure(reply.error.code, reply.error.message));
  });
  worker.on("error", (error) => breakDown(error.message, error));
  worker.on("exit", (status) => breakDown(`it ended with status ${status}`));
  return {
    tokenize(block) {
      const answer = new Promise<TokenizedTexts>((resolve, reject) => {
        if (broken !== undefined) return reject(broken);
        waiting.push({ resolve, reject });
        worker.postMessage(block, [block.bytes.buffer, block.ends.buffer]);
      });
      // It is awaited when its turn comes, which after the failure of another never happens.
      answer.catch(() => {});
      return answer;
    },
    async end() {
      await worker.terminate();
    },
  };
}

/** The error of a thread as if it had been thrown here. */
function failure(code: TextuneError["code"] | undefined, message: string, cause?: unknown): TextuneError {
  if (code !== undefined) return new TextuneError(code, message, cause);
  try {
    return fail(
      "E_TOKENIZER",
      {
        where: "tokenizing",
        got: `a thread broke down (${message.split("\n")[0]})`,
        fix: "try again with threads: 1, which tokenizes without further threads",
      },
      cause,
    );
  } catch (error) {
    return error as TextuneError;
  }
}
