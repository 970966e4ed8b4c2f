/** Reads a folder of ONNX models that stands at an address of the web, or in memory. */
import { fail } from "../base/errors.js";
import { CONFIG_FILE, TOKENIZER_FILES } from "../checkpoints/checkpoint.js";
import { ONNX_DTYPES, type OnnxDtype, onnxPath } from "../checkpoints/onnx-files.js";
import { TEXT_FILES, type TokenizerFiles } from "../tokenizers/files/tokenizer-files.js";
import { type ExportedModel, exportedModel } from "./exported-model.js";

/** The files of an exported folder, by their paths in it: "config.json", "tokenizer.json", "onnx/model_quantized.onnx", … */
export type ModelFiles = Readonly<Record<string, string | Uint8Array | ArrayBuffer>>;

/** What is asked for a file of an exported folder; the global `fetch` is one. */
export type FetchFile = (address: string) => Promise<FetchedFile>;

/** What is read of an answer of `fetch`. */
export interface FetchedFile {
  readonly ok: boolean;
  /** 404 says that the folder has no such file. */
  readonly status: number;
  readonly headers: {
    /** The value of a header. */
    get(name: string): string | null;
  };
  /** The file. */
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** A file of the folder; undefined where it has none of this name. */
type ReadFile = (path: string) => Promise<Uint8Array | undefined>;

/** @throws E_CONFIG for a dtype that the folder does not have, E_WEIGHTS and E_TOKENIZER for a damaged folder */
export async function readExported(
  source: string | ModelFiles,
  { dtype, fetch = globalThis.fetch }: { readonly dtype?: OnnxDtype; readonly fetch?: FetchFile },
): Promise<ExportedModel> {
  const folder = nameOf(source);
  const read = typeof source === "string" ? fromAddress(folder, fetch) : fromMemory(source);
  const [config, tokenizerFiles, onnxModel] = await Promise.all([
    readConfig(folder, read),
    readTokenizer(read),
    readOnnx(folder, read, dtype),
  ]);
  return exportedModel({ config, tokenizerFiles }, onnxModel);
}

/** An exported folder as messages call it. */
export function nameOf(source: string | ModelFiles): string {
  return typeof source === "string" ? source.replace(/\/+$/, "") : "the model's files";
}

function fromMemory(files: ModelFiles): ReadFile {
  return async (path) => {
    const content = files[path];
    if (typeof content === "string") return new TextEncoder().encode(content);
    return content instanceof ArrayBuffer ? new Uint8Array(content) : content;
  };
}

function fromAddress(folder: string, fetch: FetchFile): ReadFile {
  return async (path) => {
    const where = `${folder}/${path}`;
    const refuse = (got: string, cause?: unknown): never =>
      fail("E_WEIGHTS", { where, expected: "a file of an exported model", got, fix: "look at the address" }, cause);
    const response = await fetch(where).catch((error: unknown) => refuse(`no answer (${error})`, error));
    if (response.status === 404) return undefined;
    if (!response.ok) return refuse(`status ${response.status}`);
    // Servers of one-page programs answer with the page in the place of what they do not have.
    if (response.headers.get("content-type")?.startsWith("text/html")) return undefined;
    return new Uint8Array(await response.arrayBuffer());
  };
}

async function readConfig(folder: string, read: ReadFile): Promise<Readonly<Record<string, unknown>>> {
  const where = `${folder}/${CONFIG_FILE}`;
  const content = await read(CONFIG_FILE);
  if (content === undefined) return fail("E_WEIGHTS", { where, expected: "a configuration", got: "no such file" });
  try {
    return JSON.parse(textOf(content));
  } catch (error) {
    return fail("E_WEIGHTS", { where, expected: "JSON", got: "something else", fix: "restore the file" }, error);
  }
}

/** The two files that every export has; where one is missing, as in folders that others wrote, all that there are. */
async function readTokenizer(read: ReadFile): Promise<TokenizerFiles> {
  const [first, second, ...others] = TOKENIZER_FILES;
  const usual = await readAll([first, second], read);
  return Object.keys(usual).length === 2 ? usual : { ...usual, ...(await readAll(others, read)) };
}

async function readAll(names: readonly (keyof TokenizerFiles)[], read: ReadFile): Promise<TokenizerFiles> {
  const found = await Promise.all(names.map(async (name) => [name, await read(name)] as const));
  return Object.fromEntries(
    found.flatMap(([name, content]) => {
      if (content === undefined) return [];
      return [[name, (TEXT_FILES as readonly string[]).includes(name) ? textOf(content) : content]];
    }),
  );
}

async function readOnnx(folder: string, read: ReadFile, dtype: OnnxDtype | undefined): Promise<Uint8Array> {
  const paths = (dtype === undefined ? ONNX_DTYPES : [dtype]).map(onnxPath);
  for (const path of paths) {
    const model = await read(path);
    if (model !== undefined) return model;
  }
  return fail("E_CONFIG", {
    option: "dtype",
    expected: `one of the ONNX models in ${folder}`,
    got: `${dtype ?? "none"}, and no ${paths.join(", ")} there`,
    fix: "export the classifier with this dtype",
  });
}

function textOf(content: Uint8Array): string {
  return new TextDecoder().decode(content);
}
