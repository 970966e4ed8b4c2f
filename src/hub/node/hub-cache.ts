/** The cache of Hugging Face's own tools: where it lies, and what stands in it. */
import { existsSync } from "node:fs";
import { copyFile, readFile, symlink } from "node:fs/promises";
import { join, relative } from "node:path";
import { fromEnvironment, userCaches } from "../../base/node/user-caches.js";
import type { RepoName } from "./hub-errors.js";

/** Names a blob in a snapshot; where links are not allowed, by a copy. */
export async function link(blob: string, path: string): Promise<void> {
  if (existsSync(path)) return;
  try {
    await symlink(relative(join(path, ".."), blob), path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") await copyFile(blob, path);
  }
}

/** Where the commit of a branch or tag stands, "refs/pr/1" and "v1.0" included. */
export function refPath(storage: string, revision: string): string {
  return join(storage, "refs", ...revision.split("/"));
}

/** The commit of a branch, tag or commit that the cache knows; undefined where it knows none. */
export async function cachedCommit(storage: string, revision: string): Promise<string | undefined> {
  const commit = (await readFile(refPath(storage, revision), "utf8").catch(() => revision)).trim();
  return COMMIT.test(commit) ? commit : undefined;
}

/** A commit of git, which is a folder's name in the cache. */
export const COMMIT = /^[0-9a-f]{40}$/;

/** The cache folder of Hugging Face's tools. @source huggingface_hub/constants.py */
export function defaultCache(): string {
  return fromEnvironment("HF_HUB_CACHE") ?? fromEnvironment("HUGGINGFACE_HUB_CACHE") ?? join(home(), "hub");
}

/** The folder of a repository in a cache. */
export function storageOf(cache: string, { type, id }: RepoName): string {
  return join(cache, `${type}s--${id.replace("/", "--")}`);
}

/** The token in HF_TOKEN, or the one that Hugging Face's command line stored. */
export async function storedToken(): Promise<string | undefined> {
  const path = fromEnvironment("HF_TOKEN_PATH") ?? join(home(), "token");
  const token = fromEnvironment("HF_TOKEN") ?? (await readFile(path, "utf8").catch(() => ""));
  return token.trim() === "" ? undefined : token.trim();
}

/** Whether the environment forbids the network. */
export function isOffline(): boolean {
  return /^(1|true|yes|on)$/i.test(fromEnvironment("HF_HUB_OFFLINE") ?? fromEnvironment("TRANSFORMERS_OFFLINE") ?? "");
}

function home(): string {
  return fromEnvironment("HF_HOME") ?? join(userCaches(), "huggingface");
}
