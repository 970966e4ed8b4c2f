/** The options of a server, for the API and the command line. */
import { z } from "zod";
import { ONNX_DTYPES, type OnnxDtype } from "../checkpoints/onnx-files.js";

const count = z.number().int().positive();

export const serveOptions = z.strictObject({
  host: z
    .string()
    .default("127.0.0.1")
    .describe("address to listen at; another than this computer's own asks for a key"),
  port: z.number().int().min(0).max(65_535).default(8000).describe("port; 0 for any that is free"),
  apiKey: z.string().min(1).optional().describe("key that clients send as a bearer token; better in TEXTUNE_API_KEY"),
  auth: z.boolean().default(true).describe("ask for a key at addresses that others reach"),
  cors: z.array(z.string()).optional().describe("origin of pages that may ask, such as https://example.org"),
  dtype: z
    .enum(ONNX_DTYPES as [OnnxDtype, ...OnnxDtype[]])
    .optional()
    .describe("which of an exported folder's models is run"),
  workers: count.default(1).describe("threads that run each model, each with a copy of it"),
  threads: count.optional().describe("processor threads of each of these; all cores by default"),
  watch: z.boolean().default(false).describe("open a folder again when it was replaced"),
  batchTokens: count.default(4096).describe("tokens of the texts that are run together, about"),
  maxWait: z.number().min(0).default(5).describe("milliseconds for which a text waits for others"),
  maxQueue: count.default(4096).describe("texts of a model that may wait; further ones are refused with 429"),
  timeout: z.number().positive().default(30).describe("seconds after which a request is given up"),
  maxBody: count.default(8 * 2 ** 20).describe("bytes of a request"),
  maxTexts: count.default(1000).describe("texts of a request"),
  maxTextLength: count.default(100_000).describe("characters of a text"),
  logTexts: z.boolean().default(false).describe("write texts to the log too"),
});

export type ServeOptions = z.input<typeof serveOptions>;
export type ResolvedServeOptions = z.output<typeof serveOptions>;
