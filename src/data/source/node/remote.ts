import { basename } from "node:path";
import { fail, TextuneError } from "../../../base/errors.js";
import { listed } from "../../table/labels.js";
import type { NamedBytes } from "./open-tables.js";

/** Where remote data comes from. */
export interface RemoteOptions {
  /** For a hub data set: the part to read, by default "train". */
  readonly part?: string;
  /** For a hub data set with several configurations: the one to read. */
  readonly configuration?: string;
  /** A branch, tag or commit of a hub data set. */
  readonly revision?: string;
  /** An access token of the hub; by default the environment's HF_TOKEN. */
  readonly token?: string;
  /** Another hub; by default the environment's HF_ENDPOINT or the public one. */
  readonly endpoint?: string;
  readonly signal?: AbortSignal;
}

/**
 * A file at an http or https address.
 * @throws E_HUB where the server cannot be reached or refuses
 */
export async function openAddress(address: string, options: RemoteOptions): Promise<NamedBytes> {
  const url = new URL(address);
  const shown = `${url.origin}${url.pathname}`;
  let response: Response;
  try {
    response = await fetch(url, {
      redirect: "follow",
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  } catch (error) {
    if (options.signal?.aborted === true) fail("E_ABORTED", { where: shown, got: "stopped while downloading" }, error);
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return fail(
      "E_HUB",
      { where: shown, expected: "an answer", got: cause || "none", fix: "check the address and the connection" },
      error,
    );
  }
  const { body } = response;
  if (!response.ok || body === null) {
    await body?.cancel();
    return fail("E_HUB", {
      where: shown,
      expected: "a file",
      got: `status ${response.status}`,
      fix: "check the address",
    });
  }
  const length = Number(response.headers.get("content-length") ?? Number.NaN);
  // A body that was packed for the transfer arrives unpacked, so its length says nothing.
  const whole = response.headers.get("content-encoding") === null && Number.isFinite(length) ? length : undefined;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    let size = 0;
    try {
      for await (const piece of body as unknown as AsyncIterable<Uint8Array>) {
        size += piece.length;
        yield piece;
      }
    } catch (error) {
      fail(
        "E_HUB",
        { where: shown, expected: "the whole file", got: `the connection broke after ${size} bytes`, fix: "try again" },
        error,
      );
    }
    if (whole !== undefined && size !== whole)
      fail("E_HUB", { where: shown, expected: `${whole} bytes`, got: String(size), fix: "try again" });
  }
  return { name: decodeURIComponent(basename(url.pathname)) || url.hostname, bytes: bytes() };
}

const DATA_FILE = /\.(parquet|csv|tsv|jsonl?|ndjson)(\.(gz|zst))?$/i;
/** What stands beside the data and describes it. */
const DESCRIPTION = /(^|\/)(dataset_infos?|dataset_dict|state)\.json$/i;
/** Where the hub keeps the Parquet files that it makes of a data set. */
const CONVERTED = "refs/convert/parquet";

/**
 * The files of one part of a data set on the Hugging Face hub: its own Parquet, CSV or JSON files, or else
 * the Parquet files that the hub makes of it.
 *
 * @param id `owner/name`, or `name` for the oldest data sets
 * @throws E_HUB where there is no such data set, or no such part
 */
export async function* openHubFiles(id: string, options: RemoteOptions): AsyncGenerator<NamedBytes> {
  if (!/^[\w.-]+(\/[\w.-]+)?$/.test(id))
    fail("E_USAGE", {
      where: `hf://${id}`,
      expected: "a data set of the hub, as in hf://owner/name",
      got: id === "" ? "no name" : `"${id}"`,
      fix: "give its part or configuration with the options part and configuration",
    });
  const { downloadFile, listFiles } = await import("@huggingface/hub");
  const repo = { type: "dataset" as const, name: id };
  const token = options.token ?? process.env.HF_TOKEN;
  const hubUrl = (options.endpoint ?? process.env.HF_ENDPOINT)?.replace(/\/+$/, "");
  const access = {
    repo,
    ...(token === undefined ? {} : { accessToken: token }),
    ...(hubUrl === undefined ? {} : { hubUrl }),
  };
  const part = options.part ?? "train";
  const list = async (revision: string): Promise<string[]> => {
    const paths: string[] = [];
    for await (const file of listFiles({ ...access, revision, recursive: true })) {
      const { type, path } = file;
      if (type === "file" && DATA_FILE.test(path) && !DESCRIPTION.test(path) && !path.startsWith(".")) paths.push(path);
    }
    return paths.sort();
  };
  const refused = (error: unknown): never => {
    if (error instanceof TextuneError) throw error;
    return fail(
      "E_HUB",
      {
        where: `data set ${id}`,
        expected: "an answer of the hub",
        got: reason(error),
        fix: "check the name, the token and the connection",
      },
      error,
    );
  };
  let revision = options.revision ?? "main";
  let paths = await list(revision).catch(refused);
  if (paths.length === 0 && options.revision === undefined) {
    // A script or archives that only Python reads: the hub makes Parquet files of most of them.
    revision = CONVERTED;
    paths = await list(revision).catch(() => []);
    if (paths.length === 0)
      fail("E_HUB", {
        where: `data set ${id}`,
        expected: "CSV, TSV, JSON or Parquet files, or that the hub has made Parquet files of it",
        got: "neither",
        fix: "download it and name its files",
      });
  }
  const configured =
    options.configuration === undefined
      ? paths
      : paths.filter((path) => path.split(/[/.-]/).includes(options.configuration as string));
  const chosen = ofPart(configured, part);
  if (chosen.length === 0) {
    fail("E_HUB", {
      where: `data set ${id}`,
      expected: `files of the part "${part}"`,
      got: paths.length === 0 ? "no data file" : listed(paths),
      fix: "name another part or configuration",
    });
  }
  const kinds = new Set(chosen.map((path) => (DATA_FILE.exec(path)?.[1] ?? "").toLowerCase()));
  const folders = new Set(chosen.map((path) => path.split("/").slice(0, -1).join("/")));
  if (kinds.size > 1 || (folders.size > 1 && options.configuration === undefined)) {
    fail("E_HUB", {
      where: `data set ${id}`,
      expected: "one configuration",
      got: listed(chosen),
      fix: "say which with configuration",
    });
  }
  for (const path of chosen) {
    const blob = await downloadFile({ ...access, path, revision }).catch(refused);
    if (blob === null)
      fail("E_HUB", { where: `data set ${id}`, expected: `the file "${path}"`, got: "nothing", fix: "try again" });
    yield { name: `${id}/${path}`, bytes: blob.stream() as unknown as AsyncIterable<Uint8Array> };
  }
}

/** Why the hub gave nothing; fetch keeps the cause of a lost connection to itself. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause : undefined;
  const code = cause !== undefined && "code" in cause ? String(cause.code) : cause?.message;
  return error.message === "fetch failed"
    ? `no connection (${code ?? "fetch failed"})`
    : (error.message.split("\n")[0] ?? "");
}

/** Other names that a part goes by in file names. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  train: ["training"],
  validation: ["valid", "val", "dev"],
  test: ["testing"],
};

/** The files whose name or folder says that they belong to `part`; all, where none says anything. */
function ofPart(paths: readonly string[], part: string): readonly string[] {
  const words = (path: string): string[] => path.toLowerCase().split(/[^a-z]+/);
  const wanted = part.toLowerCase();
  const known = Object.entries(SYNONYMS).flat(2);
  for (const names of [[wanted], SYNONYMS[wanted] ?? []]) {
    const matching = paths.filter((path) => words(path).some((word) => names.includes(word)));
    if (matching.length > 0) return matching;
  }
  return paths.some((path) => words(path).some((word) => known.includes(word))) ? [] : paths;
}
