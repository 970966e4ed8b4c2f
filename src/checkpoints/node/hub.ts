/**
 * Downloads a model from the Hugging Face Hub into the cache that Hugging Face's own tools use.
 *
 * The layout is theirs: blobs by hash, a folder of links for each commit, the commit of each branch in refs. A file
 * is complete before it gets its name, its checksum is verified, and an interrupted download goes on where it ended.
 *
 * @source huggingface_hub documentation, "Understand caching"
 */
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { HUB_URL, type ListFileEntry, listFiles, modelInfo } from "@huggingface/hub";
import { fail, TextuneError } from "../../base/errors.js";
import { fromEnvironment } from "../../base/node/user-caches.js";
import { CONFIG_FILE, type OpenOptions, TOKENIZER_FILES, WEIGHT_FILES, WEIGHT_SHARD } from "../checkpoint.js";
import { downloadBlob, hashName, OTHER_HUB } from "./hub-blob.js";
import { COMMIT, cachedSnapshot, defaultCache, isOffline, link, refPath, storedToken } from "./hub-cache.js";

/**
 * Makes sure that the files of `id` are in the cache and returns the folder of its commit.
 *
 * @throws E_HUB when it cannot be reached, is not there, needs a token, or sends something damaged
 */
export async function downloadModel(id: string, options: OpenOptions): Promise<string> {
  const { revision = "main", signal } = options;
  if (!/^[\w.-]+(\/[\w.-]+)*$/.test(revision) || /(^|\/)\.{1,2}(\/|$)/.test(revision)) {
    fail("E_CONFIG", { option: "revision", expected: "a branch, a tag or a commit", got: `"${revision}"` });
  }
  const storage = join(options.cacheFolder ?? defaultCache(), `models--${id.replace("/", "--")}`);
  if (options.offline ?? isOffline()) return offlineSnapshot(storage, id, revision);

  const hubUrl = (options.endpoint ?? fromEnvironment("HF_ENDPOINT") ?? HUB_URL).replace(/\/$/, "");
  const accessToken = options.token ?? (await storedToken());
  const headers: Record<string, string> = accessToken === undefined ? {} : { Authorization: `Bearer ${accessToken}` };
  const request: typeof fetch = (url, init) => fetch(url, { ...init, ...(signal === undefined ? {} : { signal }) });
  const credentials = { hubUrl, fetch: request, ...(accessToken === undefined ? {} : { accessToken }) };
  try {
    const { sha: commit } = await modelInfo({ name: id, revision, additionalFields: ["sha"], ...credentials });
    if (!COMMIT.test(commit)) {
      fail("E_HUB", { where: hubUrl, expected: "the commit of the model", got: `"${commit}"`, fix: OTHER_HUB });
    }
    const files: ListFileEntry[] = [];
    for await (const file of listFiles({ repo: id, revision: commit, ...credentials }))
      if (file.type === "file") files.push(file);
    const snapshot = join(storage, "snapshots", commit);
    await mkdir(snapshot, { recursive: true });
    await mkdir(join(storage, "blobs"), { recursive: true });
    for (const file of neededFiles(files, id)) {
      const blob = join(storage, "blobs", hashName(file));
      if (!existsSync(blob)) {
        const url = `${hubUrl}/${id}/resolve/${commit}/${encodeURIComponent(file.path)}`;
        await downloadBlob(file, blob, (range) => request(url, { headers: { ...headers, ...range } }), options);
      }
      await link(blob, join(snapshot, file.path));
    }
    if (revision !== commit) {
      const ref = refPath(storage, revision);
      await mkdir(dirname(ref), { recursive: true });
      await writeFile(ref, commit);
    }
    return snapshot;
  } catch (error) {
    if (error instanceof TextuneError) throw error;
    if (signal?.aborted)
      return fail(
        "E_ABORTED",
        { where: id, got: "the download was stopped; it goes on where it ended next time" },
        error,
      );
    return explain(error, id, revision, storage);
  }
}

async function offlineSnapshot(storage: string, id: string, revision: string): Promise<string> {
  const snapshot = await cachedSnapshot(storage, revision);
  if (snapshot !== undefined) return snapshot;
  return fail("E_HUB", {
    where: id,
    expected: `"all-MiniLM-L6-v2", a folder, or a model whose revision "${revision}" is complete in the cache (${storage})`,
    got: "none of these, and offline",
    fix: "check the name, or go online once to download it",
  });
}

/** Configuration, tokenizer and weights, and nothing else. */
function neededFiles(files: readonly ListFileEntry[], id: string): ListFileEntry[] {
  const names = new Set(files.map(({ path }) => path));
  const weights = WEIGHT_FILES.find((name) => names.has(name));
  if (weights === undefined) {
    fail("E_HUB", {
      where: id,
      expected: "model.safetensors",
      got: names.has("pytorch_model.bin")
        ? "only pytorch_model.bin, which can run code when it is read"
        : `${[...names].slice(0, 8).join(", ")}`,
      fix: "choose a model, or a revision of it, with safetensors weights",
    });
  }
  const wanted = new Set<string>([CONFIG_FILE, ...TOKENIZER_FILES, weights]);
  const needed = files.filter(
    ({ path }) => wanted.has(path) || (weights !== WEIGHT_FILES[0] && WEIGHT_SHARD.test(path)),
  );
  // The configuration comes last: a snapshot that has it is complete.
  return [...needed.filter(({ path }) => path !== CONFIG_FILE), ...needed.filter(({ path }) => path === CONFIG_FILE)];
}

function explain(error: unknown, id: string, revision: string, storage: string): never {
  const status = (error as { statusCode?: number }).statusCode;
  const place = { where: `${id} (revision "${revision}")` };
  if (status === 401 || status === 403) {
    // The hub answers 401 for what does not exist, too, when nobody is logged in.
    return fail(
      "E_HUB",
      {
        ...place,
        expected: "a model that may be read",
        got: `the hub's answer ${status}`,
        fix: "check the name; for a gated or private model pass a token (HF_TOKEN) of an account that may read it",
      },
      error,
    );
  }
  if (status === 404)
    return fail(
      "E_HUB",
      { ...place, expected: "a model on the hub or a folder", got: "neither", fix: "check the name and the revision" },
      error,
    );
  const code =
    (error as NodeJS.ErrnoException).code ?? ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code;
  if (code === "ENOSPC")
    return fail(
      "E_STORE",
      {
        where: storage,
        expected: "room for the download",
        got: "a full disk",
        fix: "make room, or choose another cacheFolder",
      },
      error,
    );
  const got =
    status === undefined
      ? `no connection (${code ?? (error as Error).message.split("\n")[0]})`
      : `the hub's answer ${status}`;
  return fail(
    "E_HUB",
    {
      ...place,
      expected: "a download",
      got,
      fix: "check the network and try again: it goes on where it ended; or use offline with what the cache holds",
    },
    error,
  );
}
