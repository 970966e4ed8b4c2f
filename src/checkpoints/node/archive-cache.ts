/** Where models lie that come as archives: unpacked, with a list of their files. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { fromEnvironment, userCaches } from "../../base/node/user-caches.js";
import type { HubOptions } from "../../hub/hub-options.js";

/** What stands beside an unpacked model. */
const recordSchema = z.object({
  /** Where it came from. */
  url: z.string(),
  /** The folder of the model in `files/`: "" or one inside. */
  inner: z.string(),
  files: z.array(z.object({ path: z.string(), size: z.number(), sha256: z.string() })),
});
export type ArchiveRecord = z.infer<typeof recordSchema>;

export const RECORD_FILE = "archive.json";
/** The folder in which the files lie. */
export const FILES_FOLDER = "files";

/** The folder of all unpacked archives. */
export function archivesFolder({ cacheDir }: Pick<HubOptions, "cacheDir">): string {
  if (cacheDir !== undefined) return join(cacheDir, "archives");
  return join(fromEnvironment("TEXTUNE_CACHE") ?? join(userCaches(), "textune"), "archives");
}

/** The record of the archive in `folder`; undefined where none was unpacked there. */
export async function readArchiveRecord(folder: string): Promise<ArchiveRecord | undefined> {
  const text = await readFile(join(folder, RECORD_FILE), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return recordSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The names of the archives in the cache. */
export async function archiveNames(options: Pick<HubOptions, "cacheDir">): Promise<readonly string[]> {
  const entries = await readdir(archivesFolder(options), { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** SHA-256 of a file, in hexadecimal. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
