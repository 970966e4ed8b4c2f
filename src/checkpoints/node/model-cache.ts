/** The models in the cache: which there are, whether they are what was downloaded, and away with them. */
import { createReadStream } from "node:fs";
import { lstat, readdir, readlink, realpath, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "../../base/errors.js";
import { startHash } from "../../hub/node/download-file.js";
import { defaultCache, storageOf } from "../../hub/node/hub-cache.js";
import { KNOWN_MODELS } from "../names/known-models.js";
import { knownModel, type ModelPlace, nearestModels, placeOf } from "../names/model-place.js";
import { archiveNames, archivesFolder, FILES_FOLDER, readArchiveRecord, sha256Of } from "./archive-cache.js";
import { archiveName } from "./download-archive.js";
import { cachedModelFolder } from "./download-model.js";
import { embeddedFolder } from "./embedded-model.js";
import { placeInCache } from "./pull-model.js";

/** Where downloads are kept. */
export interface ModelCacheOptions {
  /** By default the cache of Hugging Face's own tools, and Textune's own for archives. */
  readonly cacheDir?: string | undefined;
}

/** A model that Textune knows by name, or that is in the cache. */
export interface ModelEntry {
  /** The name that opens it. */
  readonly name: string;
  /** Other names and addresses that open it. */
  readonly aliases: readonly string[];
  /** Where it comes from; "embedded" for the one that is part of the installation. */
  readonly source: string;
  /** `model_type` of its configuration; undefined for a model that no table of Textune's has, like the next three. */
  readonly architecture?: string | undefined;
  /** Parameters of the encoder, with the pooler where its classifier has one. */
  readonly parameters?: number | undefined;
  readonly languages?: string | undefined;
  readonly licence?: string | undefined;
  /** Its folder on this machine, where all of it is there. */
  readonly folder?: string | undefined;
  /** Bytes of it on this machine, where some of it is there. */
  readonly bytes?: number | undefined;
}

/** What {@link verifyModels} found. */
export interface VerifiedModel {
  readonly name: string;
  /** Files that were read. */
  readonly files: number;
  /** What is wrong, a line a file. */
  readonly problems: readonly string[];
}

/**
 * All models with a name, in the order of the documentation, then the others in the cache.
 *
 * @example
 * const small = (await listModels()).filter(({ parameters = 0 }) => parameters < 30e6);
 */
export async function listModels(options: ModelCacheOptions = {}): Promise<readonly ModelEntry[]> {
  const known = await Promise.all(
    KNOWN_MODELS.map(
      async (model): Promise<ModelEntry> => ({ ...model, ...(await kept(placeOf(model.name), options)) }),
    ),
  );
  const listed = new Set(known.map(({ name }) => keyOf(placeOf(name))));
  const others = (await cachedPlaces(options)).filter(({ place }) => !listed.has(keyOf(place)));
  const more = others.map(
    async ({ name, place }): Promise<ModelEntry> => ({
      name,
      aliases: [],
      source: name,
      ...(await kept(place, options)),
    }),
  );
  return [...known, ...(await Promise.all(more))];
}

/**
 * The model that `name` means.
 *
 * @throws E_WEIGHTS for what is no name of a model, E_STORE where it is neither known by name nor in the cache
 */
export async function describeModel(name: string, options: ModelCacheOptions = {}): Promise<ModelEntry> {
  const place = placeInCache(name, options);
  const known = knownModel(name);
  const there = await kept(place, options);
  if (known === undefined && there.bytes === undefined) return notCached(name);
  return { ...(known ?? { name, aliases: [], source: titleOf(place) }), ...there };
}

function titleOf(place: ModelPlace): string {
  if (place.kind === "hub") return `hf://${place.id}`;
  return place.kind === "archive" ? place.url : place.kind === "kaggle" ? `kaggle://${place.handle}` : "embedded";
}

/**
 * Removes what the cache has of a model, and returns how many bytes that were.
 *
 * @example
 * await removeModel("google-bert/bert-large-uncased");
 *
 * @throws E_WEIGHTS for what is no name of a model, E_STORE where the cache has nothing of it
 */
export async function removeModel(name: string, options: ModelCacheOptions = {}): Promise<number> {
  const place = placeInCache(name, options);
  if (place.kind === "embedded")
    return fail("E_STORE", { where: name, expected: "a model in the cache", got: "the one that is part of Textune" });
  const folders = await foldersOf(place, options);
  if (folders.length === 0) return notCached(name);
  let bytes = 0;
  for (const folder of folders) {
    if (await isBusy(folder))
      return fail("E_STORE", {
        where: folder,
        expected: "a model that nobody downloads",
        got: "a download that is under way",
        fix: "wait for it, or stop it",
      });
    bytes += await bytesIn(folder);
    await rm(folder, { recursive: true, force: true });
  }
  return bytes;
}

/**
 * Reads the files of a model in the cache, or of all, and says which are not what was downloaded.
 *
 * @example
 * const damaged = (await verifyModels()).filter(({ problems }) => problems.length > 0);
 *
 * @throws E_WEIGHTS for what is no name of a model, E_STORE where the cache has nothing of it
 */
export async function verifyModels(
  name?: string | undefined,
  options: ModelCacheOptions = {},
): Promise<readonly VerifiedModel[]> {
  const asked = name === undefined ? undefined : { name, place: placeInCache(name, options) };
  const found: VerifiedModel[] = [];
  for (const one of asked === undefined ? await cachedPlaces(options) : [asked]) {
    const folders = await foldersOf(one.place, options);
    if (folders.length === 0) return notCached(one.name);
    const isArchive = one.place.kind !== "hub";
    for (const folder of folders)
      found.push({ name: one.name, ...(await (isArchive ? verifyArchive : verifyRepo)(folder)) });
  }
  return found;
}

interface NamedPlace {
  readonly name: string;
  readonly place: ModelPlace;
}

/** Every model of which the cache has something, by a name that opens it. */
async function cachedPlaces(options: ModelCacheOptions): Promise<readonly NamedPlace[]> {
  const repos = await readdir(options.cacheDir ?? defaultCache()).catch((): string[] => []);
  const ids = repos.flatMap((folder) => /^models--(.+)$/.exec(folder)?.[1]?.replace("--", "/") ?? []);
  const records = await Promise.all(
    (await archiveNames(options)).map(async (name) => {
      const record = await readArchiveRecord(join(archivesFolder(options), name));
      return { name, url: record?.url };
    }),
  );
  return [
    ...ids.sort().map((id): NamedPlace => ({ name: id, place: { kind: "hub", id } })),
    ...records.flatMap(({ name, url }): NamedPlace[] => {
      const [owner, ...parts] = name.split("--");
      if (owner === "kaggle" && parts.length === 5) {
        const place = { kind: "kaggle", handle: parts.slice(0, 4).join("/"), version: parts[4] as string } as const;
        return [{ name: `kaggle://${place.handle}/${place.version}`, place }];
      }
      return url === undefined ? [] : [{ name: url, place: { kind: "archive", url, name } }];
    }),
  ];
}

/** The folders that the cache has of a model: of Kaggle's without a version those of all. */
async function foldersOf(place: ModelPlace, options: ModelCacheOptions): Promise<readonly string[]> {
  if (place.kind === "embedded") return [];
  if (place.kind === "hub") {
    const folder = storageOf(options.cacheDir ?? defaultCache(), { type: "model", id: place.id });
    return (await stat(folder).catch(() => undefined)) === undefined ? [] : [folder];
  }
  const wanted = archiveName(place);
  const isVersion = (name: string): boolean =>
    place.kind === "kaggle" && place.version === undefined && name.startsWith(`${wanted}--`);
  const names = (await archiveNames(options)).filter((name) => name === wanted || isVersion(name));
  return names.map((name) => join(archivesFolder(options), name));
}

/** What is on this machine of a model. */
async function kept(place: ModelPlace, options: ModelCacheOptions): Promise<Pick<ModelEntry, "folder" | "bytes">> {
  if (place.kind === "embedded") {
    const folder = embeddedFolder();
    return { folder, bytes: await bytesIn(folder) };
  }
  const folders = await foldersOf(place, options);
  const storage = folders.at(-1);
  if (storage === undefined) return {};
  const sizes = await Promise.all(folders.map(bytesIn));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (place.kind === "hub") return { folder: await cachedModelFolder(storage), bytes };
  const record = await readArchiveRecord(storage);
  return { folder: record && join(storage, FILES_FOLDER, record.inner), bytes };
}

/** The same for two places with the same folders. */
function keyOf(place: ModelPlace): string {
  if (place.kind === "embedded") return "embedded";
  return place.kind === "hub" ? `hub ${place.id}` : archiveName(place);
}

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const sizes = await Promise.all(files.map(async (path) => (await lstat(path).catch(() => undefined))?.size ?? 0));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function isBusy(folder: string): Promise<boolean> {
  const locks = (await readdir(join(folder, "blobs")).catch((): string[] => [])).filter((name) =>
    name.endsWith(".lock"),
  );
  const ages = locks.map(
    async (name) => (await stat(join(folder, "blobs", name)).catch(() => undefined))?.mtimeMs ?? 0,
  );
  return (await Promise.all(ages)).some((at) => Date.now() - at < 20_000);
}

/** Blobs are named by the checksum of their contents; what stands in a snapshot are links to them. */
async function verifyRepo(storage: string): Promise<Omit<VerifiedModel, "name">> {
  const problems: string[] = [];
  const names = (await readdir(join(storage, "blobs")).catch((): string[] => [])).filter((name) =>
    /^[0-9a-f]{40,64}$/.test(name),
  );
  for (const name of names) {
    const path = join(storage, "blobs", name);
    const hash = startHash(name.length === 40 ? "git" : "sha256", (await stat(path)).size);
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
    if (hash.digest("hex") !== name) problems.push(`${path}: not what was downloaded`);
  }
  const snapshots = join(storage, "snapshots");
  for (const entry of await readdir(snapshots, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (!entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const there = await realpath(path).catch(() => undefined);
    if (there === undefined) problems.push(`${path}: leads to ${await readlink(path)}, which is gone`);
  }
  if ((await cachedModelFolder(storage)) === undefined)
    problems.push(`${storage}: some files of the model are missing`);
  return { files: names.length, problems };
}

async function verifyArchive(folder: string): Promise<Omit<VerifiedModel, "name">> {
  const record = await readArchiveRecord(folder);
  if (record === undefined) return { files: 0, problems: [`${folder}: its list of files is missing or damaged`] };
  const problems = await Promise.all(
    record.files.map(async ({ path, size, sha256 }) => {
      const place = join(folder, FILES_FOLDER, path);
      const found = await stat(place).catch(() => undefined);
      if (found === undefined) return [`${place}: is gone`];
      const same = found.size === size && (await sha256Of(place)) === sha256;
      return same ? [] : [`${place}: not what was downloaded`];
    }),
  );
  return { files: record.files.length, problems: problems.flat() };
}

function notCached(name: string): never {
  return fail("E_STORE", {
    where: name,
    expected: "a model in the cache",
    got: "none",
    fix: (knownModel(name) === undefined && nearestModels(name)) || 'see "textune models --cached"',
  });
}
