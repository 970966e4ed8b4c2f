/**
 * One repository of the Hugging Face Hub at one commit, in the cache that Hugging Face's own tools use.
 *
 * The layout is theirs: blobs by hash, a folder of links for each commit, the commit of each branch in refs. A file
 * is complete before it gets its name, its checksum is verified, and an interrupted download goes on where it ended.
 *
 * @source huggingface_hub documentation, "Understand caching"
 */
import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { datasetInfo, HUB_URL, type ListFileEntry, listFiles, modelInfo } from "@huggingface/hub";
import { fail, TextuneError } from "../../base/errors.js";
import { fromEnvironment } from "../../base/node/user-caches.js";
import type { HubOptions } from "../hub-options.js";
import { type Checksum, downloadFile } from "./download-file.js";
import { COMMIT, cachedCommit, defaultCache, isOffline, link, refPath, storageOf, storedToken } from "./hub-cache.js";
import { explain, KINDS, OTHER_HUB, type RepoName, statusOf, stopped } from "./hub-errors.js";
import { proxiedFetch } from "./proxied-fetch.js";
import { HttpError, isTemporaryAnswer, retrying } from "./retrying.js";

/** A repository at a commit. */
export interface Repo {
  /** The folder of its commit in the cache. */
  readonly folder: string;
  /** Its files, or, without the hub, those of them that the cache holds; in code-unit order. */
  readonly paths: readonly string[];
  /** Whether the hub was asked; otherwise the cache alone answers. */
  readonly online: boolean;
  /** The place of a file on disk. Downloads it where the cache does not have it. @throws E_HUB, E_STORE, E_ABORTED */
  file(path: string): Promise<string>;
  /** The same of several, some of them at once. */
  files(paths: readonly string[]): Promise<void>;
}

/** Files that are downloaded at once. */
const AT_ONCE = 4;

/**
 * Opens a repository. Without a network, or where the hub does not answer, what the cache holds is used, as
 * Hugging Face's tools do.
 *
 * @throws E_HUB when it is not there, needs a token, or can neither be reached nor is cached
 */
export async function openRepo(name: RepoName, options: HubOptions): Promise<Repo> {
  const { revision = "main", signal } = options;
  if (!/^[\w.-]+(\/[\w.-]+)*$/.test(revision) || /(^|\/)\.{1,2}(\/|$)/.test(revision))
    fail("E_CONFIG", {
      where: name.id,
      option: "revision",
      expected: "a branch, a tag or a commit",
      got: `"${revision}"`,
    });
  const storage = storageOf(options.cacheDir ?? defaultCache(), name);
  if (options.offline ?? isOffline()) {
    const cached = await cachedRepo(storage, revision);
    if (cached !== undefined) return cached;
    return fail("E_HUB", {
      where: name.id,
      expected: `${name.type === "model" ? '"all-MiniLM-L6-v2", a folder, or a model' : "a data set"} whose revision "${revision}" is in the cache (${storage})`,
      got: `none${name.type === "model" ? " of these" : ""}, and offline`,
      fix: `check the name${name.hint ? ` (${name.hint})` : ""}, or go online once to download it`,
    });
  }
  try {
    return await onlineRepo(name, revision, storage, options);
  } catch (error) {
    if (error instanceof TextuneError) throw error;
    if (signal?.aborted === true) return stopped(name, error);
    const cached = statusOf(error) === 404 ? undefined : await cachedRepo(storage, revision);
    return cached ?? explain(error, name, revision, storage);
  }
}

async function onlineRepo(name: RepoName, revision: string, storage: string, options: HubOptions): Promise<Repo> {
  const { signal } = options;
  const hubUrl = (options.endpoint ?? fromEnvironment("HF_ENDPOINT") ?? HUB_URL).replace(/\/+$/, "");
  const accessToken = options.token ?? (await storedToken());
  const headers: Record<string, string> = accessToken === undefined ? {} : { Authorization: `Bearer ${accessToken}` };
  const ask: typeof fetch = (url, init) =>
    retrying(
      async () => {
        const response = await proxiedFetch(url, { ...init, ...(signal === undefined ? {} : { signal }) });
        if (isTemporaryAnswer(response)) throw new HttpError(response, name.id);
        return response;
      },
      { signal },
    );
  const credentials = { hubUrl, fetch: ask, ...(accessToken === undefined ? {} : { accessToken }) };
  const asked = { name: name.id, revision, additionalFields: ["sha" as const], ...credentials };
  const { sha: commit } = await (name.type === "model" ? modelInfo(asked) : datasetInfo(asked));
  if (!COMMIT.test(commit))
    fail("E_HUB", {
      where: hubUrl,
      expected: `the commit of the ${KINDS[name.type]}`,
      got: `"${commit}"`,
      fix: OTHER_HUB,
    });
  const files = new Map<string, ListFileEntry>();
  const repo = { type: name.type, name: name.id };
  for await (const file of listFiles({ repo, revision: commit, recursive: true, ...credentials }))
    if (file.type === "file" && isInside(file.path)) files.set(file.path, file);
  const folder = join(storage, "snapshots", commit);
  const base = name.type === "model" ? hubUrl : `${hubUrl}/datasets`;

  const download = async (path: string, stop: AbortSignal | undefined): Promise<string> => {
    const file = files.get(path);
    if (file === undefined)
      return fail("E_HUB", { where: name.id, expected: `the file "${path}"`, got: "none", fix: "check its name" });
    const checksum = checksumOf(file);
    const blob = join(storage, "blobs", checksum.value);
    const place = join(folder, path);
    await mkdir(dirname(blob), { recursive: true });
    await mkdir(dirname(place), { recursive: true });
    if (!existsSync(blob)) {
      const url = `${base}/${name.id}/resolve/${commit}/${path.split("/").map(encodeURIComponent).join("/")}`;
      const get = (range: object, stop: AbortSignal) =>
        proxiedFetch(url, { headers: { ...headers, ...range }, signal: stop });
      await downloadFile({ name: path, size: file.size, checksum, get }, blob, { ...options, signal: stop });
    }
    await link(blob, place);
    if (revision !== commit) {
      const ref = refPath(storage, revision);
      await mkdir(dirname(ref), { recursive: true });
      await writeFile(ref, commit);
    }
    return place;
  };
  const explained = (error: unknown): never => {
    if (error instanceof TextuneError) throw error;
    return signal?.aborted === true ? stopped(name, error) : explain(error, name, revision, storage);
  };
  return {
    folder,
    paths: [...files.keys()].sort(),
    online: true,
    file: (path) => download(path, signal).catch(explained),
    async files(paths) {
      const rest = [...paths];
      const failure = new AbortController();
      const stop = AbortSignal.any(signal === undefined ? [failure.signal] : [failure.signal, signal]);
      let first: unknown;
      const work = async (): Promise<void> => {
        for (let path = rest.shift(); path !== undefined && !stop.aborted; path = rest.shift())
          await download(path, stop);
      };
      const works = Array.from({ length: AT_ONCE }, () =>
        work().catch((error: unknown) => {
          first ??= error;
          failure.abort();
        }),
      );
      await Promise.all(works);
      if (first !== undefined || signal?.aborted === true) explained(first);
    },
  };
}

/** What the cache has of a revision; undefined where it has none of its files. */
async function cachedRepo(storage: string, revision: string): Promise<Repo | undefined> {
  const commit = await cachedCommit(storage, revision);
  if (commit === undefined) return undefined;
  const folder = join(storage, "snapshots", commit);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/"),
    )
    .filter((path) => existsSync(join(folder, path)))
    .sort();
  if (paths.length === 0) return undefined;
  return { folder, paths, online: false, file: async (path) => join(folder, path), files: async () => undefined };
}

/** LFS files are named by their SHA-256, the others by git's hash of a blob. */
function checksumOf(file: ListFileEntry): Checksum {
  const value = file.lfs?.oid ?? file.oid ?? "none";
  // It becomes a file name.
  if (!/^[0-9a-f]{40,64}$/.test(value))
    fail("E_HUB", { where: file.path, expected: "a checksum in the hub's answer", got: value, fix: OTHER_HUB });
  return { kind: file.lfs === undefined ? "git" : "sha256", value };
}

/** A path becomes a file in the cache, so it may not lead out of it. */
function isInside(path: string): boolean {
  return !path.startsWith("/") && !path.includes("\\") && !path.split("/").includes("..");
}
