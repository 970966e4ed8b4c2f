/**
 * Downloads a model from the Hugging Face Hub into the cache that Hugging Face's own tools use.
 *
 * The layout is theirs: blobs by hash, a folder of links for each commit, the commit of each branch in refs. A file
 * is complete before it gets its name, its checksum is verified, and an interrupted download goes on where it ended.
 *
 * @source huggingface_hub documentation, "Understand caching"
 */
import { createHash, type Hash, randomUUID } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { copyFile, mkdir, open, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, relative } from "node:path";
import { HUB_URL, type ListFileEntry, listFiles, modelInfo } from "@huggingface/hub";
import { fail, TextuneError } from "../../base/errors.js";
import { CONFIG_FILE, type OpenOptions, TOKENIZER_FILES, WEIGHT_FILES } from "../checkpoint.js";

const SHARD = /^model-\d+-of-\d+\.safetensors$/;

/**
 * Makes sure that the files of `id` are in the cache and returns the folder of its commit.
 *
 * @throws E_HUB when it cannot be reached, is not there, needs a token, or sends something damaged
 */
export async function downloadModel(id: string, options: OpenOptions): Promise<string> {
  const { revision = "main", signal } = options;
  const storage = join(options.cacheFolder ?? defaultCache(), `models--${id.replace("/", "--")}`);
  const offline = options.offline ?? /^(1|true|yes|on)$/i.test(process.env.HF_HUB_OFFLINE ?? "");
  if (offline) return cachedSnapshot(storage, id, revision, "offline");

  const hubUrl = (options.endpoint ?? process.env.HF_ENDPOINT ?? HUB_URL).replace(/\/$/, "");
  const accessToken = options.token ?? (await storedToken());
  const headers: Record<string, string> = accessToken === undefined ? {} : { Authorization: `Bearer ${accessToken}` };
  const request: typeof fetch = (url, init) => fetch(url, { ...init, ...(signal === undefined ? {} : { signal }) });
  const credentials = { hubUrl, fetch: request, ...(accessToken === undefined ? {} : { accessToken }) };
  try {
    const { sha: commit } = await modelInfo({ name: id, revision, additionalFields: ["sha"], ...credentials });
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
      await mkdir(join(storage, "refs"), { recursive: true });
      await writeFile(join(storage, "refs", revision.replaceAll("/", "--")), commit);
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
  return files.filter(({ path }) => wanted.has(path) || (weights !== WEIGHT_FILES[0] && SHARD.test(path)));
}

/**
 * Downloads to `blob`. Only one process at a time goes on with the unfinished file of an earlier one; another that wants
 * the same file meanwhile fetches its own copy, and the first to finish gives the name.
 */
async function downloadBlob(
  file: ListFileEntry,
  blob: string,
  get: (headers: Record<string, string>) => Promise<Response>,
  options: OpenOptions,
): Promise<void> {
  const lock = await lockFile(`${blob}.lock`);
  const partial = lock === undefined ? `${blob}.${randomUUID()}.incomplete` : `${blob}.incomplete`;
  try {
    const hash = hashOf(file);
    let loaded = await addExisting(partial, hash, file.size);
    const response = await get(loaded > 0 ? { Range: `bytes=${loaded}-` } : {});
    if (!response.ok || response.body === null) throw new HttpError(response.status, file.path);
    const target = await open(partial, response.status === 206 ? "a" : "w");
    let digest = hash;
    if (response.status !== 206) {
      loaded = 0;
      digest = hashOf(file);
    }
    try {
      for await (const chunk of response.body) {
        digest.update(chunk);
        await target.write(chunk);
        loaded += chunk.length;
        options.onDownload?.({ file: file.path, loaded, total: file.size });
      }
    } finally {
      await target.close();
    }
    const expected = hashName(file);
    const got = digest.digest("hex");
    if (got !== expected) {
      await rm(partial, { force: true });
      fail("E_HUB", {
        where: file.path,
        expected: `checksum ${expected}`,
        got: loaded === file.size ? got : `${loaded} of ${file.size} bytes`,
        fix: "the download was damaged and removed: try again",
      });
    }
    await rename(partial, blob);
  } finally {
    if (lock === undefined) await rm(partial, { force: true });
    await lock?.();
  }
}

/** The checksum by which the hub names a file. */
function hashName(file: ListFileEntry): string {
  return (
    file.lfs?.oid ??
    file.oid ??
    fail("E_HUB", { where: file.path, expected: "a checksum in the hub's answer", got: "none" })
  );
}

/** LFS files are named by their SHA-256, the others by git's hash of a blob. */
function hashOf(file: ListFileEntry): Hash {
  return file.lfs === undefined ? createHash("sha1").update(`blob ${file.size}\0`) : createHash("sha256");
}

/** Feeds what is there of an unfinished file to `hash` and returns its length; a file that cannot be right is removed. */
async function addExisting(path: string, hash: Hash, total: number): Promise<number> {
  const size = (await stat(path).catch(() => undefined))?.size ?? 0;
  if (size >= total) {
    await rm(path, { force: true });
    return 0;
  }
  if (size > 0) for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return size;
}

/** Takes a lock and returns its release, or undefined where a running process holds it. */
async function lockFile(path: string): Promise<(() => Promise<void>) | undefined> {
  const take = () => writeFile(path, String(process.pid), { flag: "wx" }).then(() => () => rm(path, { force: true }));
  try {
    return await take();
  } catch {
    const owner = Number(await readFile(path, "utf8").catch(() => "0"));
    if (owner > 0 && isRunning(owner)) return undefined;
    await rm(path, { force: true });
    return take().catch(() => undefined);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Names a blob in a snapshot; where links are not allowed, by a copy. */
async function link(blob: string, path: string): Promise<void> {
  if (existsSync(path)) return;
  try {
    await symlink(relative(join(path, ".."), blob), path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") await copyFile(blob, path);
  }
}

/** The snapshot that the cache has of a revision. */
async function cachedSnapshot(storage: string, id: string, revision: string, why: string): Promise<string> {
  const ref = await readFile(join(storage, "refs", revision.replaceAll("/", "--")), "utf8").catch(() => revision);
  const snapshot = join(storage, "snapshots", ref.trim());
  const complete =
    existsSync(join(snapshot, CONFIG_FILE)) && WEIGHT_FILES.some((name) => existsSync(join(snapshot, name)));
  if (complete) return snapshot;
  return fail("E_HUB", {
    where: id,
    expected: `a folder of this name, or revision "${revision}" in the cache (${storage})`,
    got: `neither, and ${why}`,
    fix: "check the name, or go online once to download it",
  });
}

function defaultCache(): string {
  const { HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME } = process.env;
  return HF_HUB_CACHE ?? join(HF_HOME ?? join(XDG_CACHE_HOME ?? join(homedir(), ".cache"), "huggingface"), "hub");
}

/** The token in HF_TOKEN, or the one that Hugging Face's command line stored. */
async function storedToken(): Promise<string | undefined> {
  const { HF_TOKEN, HF_TOKEN_PATH, HF_HOME } = process.env;
  const path = HF_TOKEN_PATH ?? join(HF_HOME ?? join(homedir(), ".cache", "huggingface"), "token");
  const token = HF_TOKEN ?? (await readFile(path, "utf8").catch(() => ""));
  return token.trim() === "" ? undefined : token.trim();
}

class HttpError extends Error {
  readonly statusCode: number;
  constructor(statusCode: number, path: string) {
    super(`${statusCode} for ${path}`);
    this.statusCode = statusCode;
  }
}

function explain(error: unknown, id: string, revision: string, storage: string): Promise<never> | never {
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
    status === undefined ? `no connection (${code ?? (error as Error).message})` : `the hub's answer ${status}`;
  return fail(
    "E_HUB",
    {
      ...place,
      expected: "a download",
      got,
      fix: "check the network and try again, or use offline with what the cache holds",
    },
    error,
  );
}
