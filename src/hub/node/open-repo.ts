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
import { downloadBlob, hashName, OTHER_HUB } from "./download-blob.js";
import { COMMIT, cachedCommit, defaultCache, isOffline, link, refPath, storedToken } from "./hub-cache.js";
import { proxiedFetch } from "./proxied-fetch.js";

/** Which repository. */
export interface RepoName {
  readonly type: "model" | "dataset";
  /** `owner/name`, or `name` for the oldest. */
  readonly id: string;
}

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
}

const KINDS = { model: "model", dataset: "data set" } as const;

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
  const storage = join(options.cacheDir ?? defaultCache(), `${name.type}s--${name.id.replace("/", "--")}`);
  if (options.offline ?? isOffline()) {
    const cached = await cachedRepo(storage, revision);
    if (cached !== undefined) return cached;
    return fail("E_HUB", {
      where: name.id,
      expected: `${name.type === "model" ? '"all-MiniLM-L6-v2", a folder, or a model' : "a data set"} whose revision "${revision}" is in the cache (${storage})`,
      got: `none${name.type === "model" ? " of these" : ""}, and offline`,
      fix: "check the name, or go online once to download it",
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
  const request: typeof fetch = (url, init) =>
    proxiedFetch(url, { ...init, ...(signal === undefined ? {} : { signal }) });
  const credentials = { hubUrl, fetch: request, ...(accessToken === undefined ? {} : { accessToken }) };
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

  const download = async (path: string): Promise<string> => {
    const file = files.get(path);
    if (file === undefined)
      return fail("E_HUB", { where: name.id, expected: `the file "${path}"`, got: "none", fix: "check its name" });
    const blob = join(storage, "blobs", hashName(file));
    const place = join(folder, path);
    await mkdir(dirname(blob), { recursive: true });
    await mkdir(dirname(place), { recursive: true });
    if (!existsSync(blob)) {
      const url = `${base}/${name.id}/resolve/${commit}/${path.split("/").map(encodeURIComponent).join("/")}`;
      await downloadBlob(file, blob, (range) => request(url, { headers: { ...headers, ...range } }), options);
    }
    await link(blob, place);
    if (revision !== commit) {
      const ref = refPath(storage, revision);
      await mkdir(dirname(ref), { recursive: true });
      await writeFile(ref, commit);
    }
    return place;
  };
  return {
    folder,
    paths: [...files.keys()].sort(),
    online: true,
    async file(path) {
      try {
        return await download(path);
      } catch (error) {
        if (error instanceof TextuneError) throw error;
        return signal?.aborted === true ? stopped(name, error) : explain(error, name, revision, storage);
      }
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
  return paths.length === 0 ? undefined : { folder, paths, online: false, file: async (path) => join(folder, path) };
}

/** A path becomes a file in the cache, so it may not lead out of it. */
function isInside(path: string): boolean {
  return !path.startsWith("/") && !path.includes("\\") && !path.split("/").includes("..");
}

function statusOf(error: unknown): number | undefined {
  return (error as { statusCode?: number }).statusCode;
}

function stopped(name: RepoName, error: unknown): never {
  return fail(
    "E_ABORTED",
    { where: name.id, got: "the download was stopped; it goes on where it ended next time" },
    error,
  );
}

function explain(error: unknown, { type, id }: RepoName, revision: string, storage: string): never {
  const status = statusOf(error);
  const kind = KINDS[type];
  const place = { where: `${id} (revision "${revision}")` };
  // A name that is mistyped is more likely than a hub that fails.
  const noFolder = type === "model" ? "no such folder here, and " : "";
  if (status === 401 || status === 403) {
    // The hub answers 401 for what does not exist, too, when nobody is logged in.
    return fail(
      "E_HUB",
      {
        ...place,
        expected: type === "model" ? "a folder, or a model that may be read" : `a ${kind} that may be read`,
        got: `${noFolder}the hub's answer ${status}`,
        fix: `check the name; for a gated or private ${kind} pass a token (HF_TOKEN) of an account that may read it`,
      },
      error,
    );
  }
  if (status === 404)
    return fail(
      "E_HUB",
      {
        ...place,
        expected: type === "model" ? "a folder, or a model on the hub" : "a data set on the hub",
        got: type === "model" ? "neither" : "none",
        fix: "check the name and the revision",
      },
      error,
    );
  const code =
    (error as NodeJS.ErrnoException).code ?? ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code;
  if (code === "ENOSPC")
    return fail(
      "E_STORE",
      {
        where: storage,
        option: "cacheDir",
        expected: "room for the download",
        got: "a full disk",
        fix: "make room, or choose another folder",
        set: { cacheDir: "…" },
      },
      error,
    );
  const cause = ((error as Error).cause as Error | undefined)?.message;
  const got =
    status === undefined
      ? `no connection (${code ?? cause ?? (error as Error).message.split("\n")[0]})`
      : `the hub's answer ${status}`;
  return fail(
    "E_HUB",
    {
      ...place,
      expected: type === "model" ? "a folder, or a model to download" : "a download",
      got: `${noFolder}${got}`,
      fix: `check ${type === "model" ? "the name and the network," : "the network"} and try again: a download goes on where it ended`,
    },
    error,
  );
}
