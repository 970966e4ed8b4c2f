/** Tokenized texts kept on disk from one run to the next. */

import { createHash } from "node:crypto";
import { readdir, rm, stat, utimes } from "node:fs/promises";
import { endianness } from "node:os";
import { join } from "node:path";
import { packageVersion } from "../../base/node/package-version.js";
import { PARTIAL, replaceFile } from "../../base/node/replace-file.js";
import { fromEnvironment, userCaches } from "../../base/node/user-caches.js";
import type { WindowScores } from "../../tokenizers/long-texts.js";
import type { EncodeOptions, TextTokenizer } from "../../tokenizers/tokenizer.js";
import type { TextBlock } from "../text-block.js";
import type { TokenizedTexts } from "../tokenized-texts.js";
import { readTokenFile, tokenFileBytes, writeTokenFile } from "./token-file.js";

/** Where tokens are kept, and how many. */
export interface TokenCache {
  readonly folder: string;
  /** Bytes of all files together: those that were used longest ago make room for new ones. */
  readonly mostBytes: number;
}

const ENDING = ".tokens";
const MOST_BYTES = 2e9;
/** A file that is still being written after so many milliseconds has lost its writer. */
const ABANDONED_AFTER = 24 * 3600 * 1000;

/** The cache of this user: a folder in TEXTUNE_CACHE, or else where the user's caches are. */
export function userTokenCache(): TokenCache {
  const folder = fromEnvironment("TEXTUNE_CACHE") ?? join(userCaches(), "textune");
  return { folder: join(folder, "tokens"), mostBytes: MOST_BYTES };
}

/**
 * What the tokens of texts depend on, as 64 hexadecimal digits: the texts in their order, the tokenizer, `maxLength` (and of
 * pairs `truncation`, of windows their stride), and the versions of what makes and stores them (the rules of Unicode are those of Node).
 */
export function tokenKey(
  blocks: Iterable<TextBlock>,
  tokenizer: TextTokenizer,
  { maxLength, truncation = "longest_first", longTexts }: EncodeOptions,
): string {
  const hash = createHash("sha256");
  const versions = [packageVersion(), process.versions.unicode, endianness()];
  const stride = longTexts?.read === "windows" ? longTexts.stride : undefined;
  hash.update(JSON.stringify([...versions, tokenizer.fingerprint, maxLength, longTexts?.read, stride]));
  // The ends tell apart what the bytes alone do not: where one text ends and the next begins.
  for (const { bytes, ends, pairs } of blocks) {
    if (pairs) hash.update(`pairs, ${truncation}`);
    hash.update(ends).update(bytes);
  }
  return hash.digest("hex");
}

/**
 * The texts that were stored under `key`; undefined where there are none.
 *
 * @param scores how those of windows are combined, where texts are read in windows
 * @throws E_STORE for a file that is damaged, the system's error for one that cannot be read
 */
export async function loadTokens(
  { folder }: TokenCache,
  key: string,
  now: Date,
  scores?: WindowScores,
): Promise<TokenizedTexts | undefined> {
  const path = join(folder, key + ENDING);
  const texts = await readTokenFile(path, key, scores);
  // Its time says when it was last used; where that may not be changed, it is used all the same.
  if (texts !== undefined) await utimes(path, now, now).catch(() => {});
  return texts;
}

/**
 * Stores `texts` under `key`. The file gets its name when it is whole, so that any number of processes may store and load at once.
 * What alone is larger than the cache may be is not stored.
 *
 * @throws the system's error where it cannot be written
 */
export async function storeTokens(
  { folder, mostBytes }: TokenCache,
  key: string,
  texts: TokenizedTexts,
  now: Date,
): Promise<void> {
  const room = mostBytes - tokenFileBytes(texts);
  if (room < 0) return;
  const path = join(folder, key + ENDING);
  await replaceFile(path, async (temporary) => {
    await makeRoom(folder, room, path, now);
    await writeTokenFile(temporary, key, texts);
  });
}

/** Removes files, those used longest ago first, until the others but `path` hold at most `room` bytes. */
async function makeRoom(folder: string, room: number, path: string, now: Date): Promise<void> {
  const files: { readonly path: string; readonly size: number; readonly usedAt: number }[] = [];
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    if (file === path || !(name.endsWith(ENDING) || name.endsWith(PARTIAL))) continue;
    // Another process may remove it at the same time.
    const facts = await stat(file).catch(() => undefined);
    if (facts === undefined) continue;
    const abandoned = name.endsWith(PARTIAL) && now.getTime() - facts.mtimeMs > ABANDONED_AFTER;
    if (abandoned) await rm(file, { force: true });
    else if (name.endsWith(ENDING)) files.push({ path: file, size: facts.size, usedAt: facts.mtimeMs });
  }
  files.sort((a, b) => a.usedAt - b.usedAt);
  let size = files.reduce((sum, file) => sum + file.size, 0);
  for (const file of files) {
    if (size <= room) break;
    // Where it is in use and cannot be removed, it stays.
    await rm(file.path, { force: true }).catch(() => {});
    size -= file.size;
  }
}
