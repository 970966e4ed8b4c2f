/** Models of Kaggle and TensorFlow Hub, and archives from anywhere: downloaded once, and kept unpacked. */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { z } from "zod";
import { fail, TextuneError } from "../../base/errors.js";
import { fromEnvironment } from "../../base/node/user-caches.js";
import type { HubOptions } from "../../hub/hub-options.js";
import { downloadFile } from "../../hub/node/download-file.js";
import { exclusively } from "../../hub/node/file-lock.js";
import { isOffline } from "../../hub/node/hub-cache.js";
import { proxiedFetch } from "../../hub/node/proxied-fetch.js";
import { HttpError, retrying } from "../../hub/node/retrying.js";
import type { ModelPlace } from "../names/model-place.js";
import {
  type ArchiveRecord,
  archiveNames,
  archivesFolder,
  FILES_FOLDER,
  RECORD_FILE,
  readArchiveRecord,
  sha256Of,
} from "./archive-cache.js";
import { unpackInto } from "./unpack-archive.js";

type ArchivePlace = Extract<ModelPlace, { readonly kind: "kaggle" | "archive" }>;

/** What is fetched. */
interface Archive {
  /** Its name in the cache. */
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Makes sure that the archive is in the cache, unpacked, and returns the folder of the model.
 *
 * @throws E_HUB when it cannot be had, E_WEIGHTS for an archive that is damaged
 */
export async function downloadArchive(place: ArchivePlace, options: HubOptions): Promise<string> {
  const root = archivesFolder(options);
  if (options.offline ?? isOffline()) return (await cachedFolder(place, options)) ?? notCached(place, root);
  try {
    const archive = await archiveAt(place, options.signal);
    const folder = join(root, archive.name);
    return (await folderIn(folder)) ?? (await fetchInto(folder, archive, options));
  } catch (error) {
    if (error instanceof TextuneError) throw error;
    if (options.signal?.aborted === true)
      return fail("E_ABORTED", { where: titleOf(place), got: "the download was stopped; it goes on where it ended" });
    const status = error instanceof HttpError ? error.statusCode : undefined;
    const cached = status === undefined || status >= 500 ? await cachedFolder(place, options) : undefined;
    return cached ?? explain(place, error);
  }
}

/** The folder of the model that the cache has of `place`, of Kaggle's the newest version; undefined where it has none. */
export async function cachedFolder(
  place: ArchivePlace,
  options: Pick<HubOptions, "cacheDir">,
): Promise<string | undefined> {
  const name = archiveName(place);
  const versions =
    place.kind === "kaggle" && place.version === undefined
      ? (await archiveNames(options))
          .filter((one) => one.startsWith(`${name}--`) && /--\d+$/.test(one))
          .sort((a, b) => Number(/\d+$/.exec(b)) - Number(/\d+$/.exec(a)))
      : [name];
  for (const version of versions) {
    const folder = await folderIn(join(archivesFolder(options), version));
    if (folder !== undefined) return folder;
  }
  return undefined;
}

async function folderIn(folder: string): Promise<string | undefined> {
  const record = await readArchiveRecord(folder);
  return record === undefined ? undefined : join(folder, FILES_FOLDER, record.inner);
}

/** The name of an archive in the cache; of Kaggle's without a version that of all its versions. */
export function archiveName(place: ArchivePlace): string {
  if (place.kind === "archive") return place.name;
  return ["kaggle", ...place.handle.split("/"), ...(place.version === undefined ? [] : [place.version])].join("--");
}

const titleOf = (place: ArchivePlace): string => (place.kind === "archive" ? place.url : `kaggle://${place.handle}`);

async function archiveAt(place: ArchivePlace, signal: AbortSignal | undefined): Promise<Archive> {
  if (place.kind === "archive") return { name: place.name, url: place.url, headers: {} };
  // The addresses that kagglehub asks for.
  const api = `${(fromEnvironment("KAGGLE_API_ENDPOINT") ?? "https://www.kaggle.com").replace(/\/+$/, "")}/api/v1`;
  const headers = kaggleCredentials();
  const version = place.version ?? (await newestVersion(`${api}/models/${place.handle}/get`, headers, signal));
  const url = `${api}/models/${place.handle}/${version}/download`;
  return { name: archiveName({ ...place, version }), url, headers };
}

async function newestVersion(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<string> {
  const response = await retrying(
    async () => {
      const answer = await proxiedFetch(url, { headers, ...(signal === undefined ? {} : { signal }) });
      if (!answer.ok) throw new HttpError(answer, url);
      return answer;
    },
    { signal },
  );
  const answer = z.object({ versionNumber: z.number().int().positive() }).safeParse(await response.json());
  if (answer.success) return String(answer.data.versionNumber);
  return fail("E_HUB", {
    where: url,
    expected: "the number of a version",
    got: "another answer",
    fix: "name a version",
  });
}

/** What Kaggle's tools read from the environment; models that are open to all need none. */
function kaggleCredentials(): Readonly<Record<string, string>> {
  const [user, key] = [fromEnvironment("KAGGLE_USERNAME"), fromEnvironment("KAGGLE_KEY")];
  if (user !== undefined && key !== undefined)
    return { Authorization: `Basic ${Buffer.from(`${user}:${key}`).toString("base64")}` };
  const token = fromEnvironment("KAGGLE_API_TOKEN");
  return token === undefined ? {} : { Authorization: `Bearer ${token}` };
}

async function fetchInto(folder: string, archive: Archive, options: HubOptions): Promise<string> {
  const { signal } = options;
  const packed = `${folder}.archive`;
  await mkdir(join(folder, ".."), { recursive: true });
  const isDone = (): boolean => existsSync(join(folder, RECORD_FILE));
  await exclusively(`${folder}.lock`, { isDone, onWait: () => undefined, signal }, async () => {
    const get = (range: object, stop: AbortSignal) =>
      proxiedFetch(archive.url, { headers: { ...archive.headers, ...range }, signal: stop });
    if (!existsSync(packed))
      await downloadFile({ name: archive.name, size: undefined, checksum: undefined, get }, packed, options);
    const place = await mkdtemp(`${folder}.unpacking-`);
    try {
      const files = join(place, FILES_FOLDER);
      await mkdir(files);
      const inner = relative(files, await unpackInto(packed, files));
      const record: ArchiveRecord = { url: archive.url, inner, files: await listed(files) };
      await writeFile(join(place, RECORD_FILE), JSON.stringify(record), { flush: true });
      await rm(folder, { recursive: true, force: true });
      await rename(place, folder);
    } finally {
      await rm(place, { recursive: true, force: true });
      // One that cannot be unpacked is of no use next time either.
      await rm(packed, { force: true });
    }
  });
  return (
    (await folderIn(folder)) ??
    fail("E_STORE", { where: folder, expected: "the unpacked archive", got: "none", fix: "try again" })
  );
}

async function listed(folder: string): Promise<ArchiveRecord["files"]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.sort().map(async (path) => ({
      path: relative(folder, path).replaceAll("\\", "/"),
      size: (await stat(path)).size,
      sha256: await sha256Of(path),
    })),
  );
}

function notCached(place: ArchivePlace, root: string): never {
  return fail("E_HUB", {
    where: titleOf(place),
    expected: `an archive that is in the cache (${root})`,
    got: "none, and offline",
    fix: "go online once to download it",
  });
}

function explain(place: ArchivePlace, error: unknown): never {
  const status = error instanceof HttpError ? error.statusCode : undefined;
  const { code } = error as NodeJS.ErrnoException;
  const cause = (error as { cause?: NodeJS.ErrnoException }).cause;
  if (code !== undefined && status === undefined && cause === undefined) throw error;
  const isPrivate = status === 401 || status === 403;
  return fail(
    "E_HUB",
    {
      where: titleOf(place),
      expected: "an archive",
      got: status === undefined ? `no connection (${cause?.code ?? (error as Error).message})` : `the answer ${status}`,
      fix: isPrivate
        ? "a private or gated model of Kaggle's needs KAGGLE_USERNAME and KAGGLE_KEY of an account that may read it"
        : status === 404
          ? "check the address"
          : "check the network and try again: it goes on where it ended",
    },
    error,
  );
}
