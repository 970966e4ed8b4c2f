/** The files of a data set on the Hugging Face Hub. */
import { readFile } from "node:fs/promises";
import { fail, TextuneError } from "../../../base/errors.js";
import type { HubOptions } from "../../../hub/hub-options.js";
import type { Repo } from "../../../hub/node/open-repo.js";
import { formatOfName } from "../../format/node/registry.js";
import { listed } from "../../table/labels.js";
import { readBytes } from "./files.js";
import { chooseConfig, configsOf, filesOfSplit, type HubConfig } from "./hub-configs.js";
import type { NamedBytes } from "./open-tables.js";

/** Which files of a data set. */
export interface HubFilesOptions extends HubOptions {
  /** By default "train". */
  readonly split?: string | undefined;
  /** The configuration, where there are several. */
  readonly config?: string | undefined;
}

const README = "README.md";
/** What stands beside the data and describes it. */
const DESCRIPTION = /(^|\/)(dataset_infos?|dataset_dict|state)\.json$/i;
/** Where the hub keeps the Parquet files that it makes of a data set. */
const CONVERTED = "refs/convert/parquet";

/**
 * The files of one split of a data set on the Hugging Face hub: its own Parquet, CSV or JSON files, or else
 * the Parquet files that the hub makes of it. Which they are, the README says (`configs`), or else their names.
 * They are downloaded into the cache of Hugging Face's tools.
 *
 * @param id `owner/name`, or `name` for the oldest data sets
 * @throws E_HUB where there is no such data set, or no such split
 */
export async function* openHubFiles(id: string, options: HubFilesOptions): AsyncGenerator<NamedBytes> {
  if (!/^[\w.-]+(\/[\w.-]+)?$/.test(id))
    fail("E_USAGE", {
      where: `hf://${id}`,
      expected: "a data set of the hub, as in hf://owner/name",
      got: id === "" ? "no name" : `"${id}"`,
      fix: "say which split or configuration of it",
      set: { split: "…", config: "…" },
    });
  const { openRepo } = await import("../../../hub/node/open-repo.js");
  const where = `data set ${id}`;
  const named = { type: "dataset", id } as const;
  let repo = await openRepo(named, options);
  let paths = dataFiles(repo);
  if (paths.length === 0 && options.revision === undefined) {
    // A script or archives that only Python reads: the hub makes Parquet files of most of them.
    const converted = await openRepo(named, { ...options, revision: CONVERTED }).catch(orNone);
    paths = converted === undefined ? [] : dataFiles(converted);
    if (converted === undefined || paths.length === 0)
      return fail("E_HUB", {
        where,
        expected: "CSV, TSV, JSON or Parquet files, or that the hub has made Parquet files of it",
        got: "neither",
        fix: "download it and name its files",
      });
    repo = converted;
  }
  const { split = "train", config } = options;
  const configs = paths.length > 0 && repo.paths.includes(README) ? await readConfigs(repo) : [];
  const described = configs.length === 0 ? undefined : chooseConfig(configs, config, where);
  const chosen =
    described === undefined
      ? ofSplit(config === undefined ? paths : ofConfig(paths, config), split)
      : (filesOfSplit(described, split, paths, where) ?? ofSplit(inFolder(paths, described.folder), split));
  if (chosen.length === 0) {
    fail("E_HUB", {
      where,
      option: "split",
      expected: `files of the split "${split}"${config === undefined ? "" : ` of the configuration "${config}"`}`,
      got: paths.length === 0 ? "no data file" : listed(paths),
      fix: "name another split or configuration",
    });
  }
  const kinds = new Set(chosen.map((path) => formatOfName(path)?.name));
  const folders = new Set(chosen.map((path) => path.split("/").slice(0, -1).join("/")));
  if (kinds.size > 1 || (folders.size > 1 && config === undefined && described === undefined)) {
    fail("E_HUB", {
      where,
      option: "config",
      expected: "one configuration",
      got: listed(chosen),
      fix: "say which",
      set: { config: "…" },
    });
  }
  if (!repo.online) assertWhole(chosen, where);
  for (const path of chosen) {
    const place = await repo.file(path);
    yield { name: `${id}/${path}`, path: place, bytes: readBytes(place) };
  }
}

async function readConfigs(repo: Repo): Promise<readonly HubConfig[]> {
  return configsOf(await readFile(await repo.file(README), "utf8"));
}

const inFolder = (paths: readonly string[], folder: string): readonly string[] =>
  folder === "" ? paths : paths.filter((path) => path.startsWith(`${folder}/`));

/** Where the hub has made no Parquet files, there is no such branch. */
function orNone(error: unknown): undefined {
  if (error instanceof TextuneError && error.code === "E_HUB") return undefined;
  throw error;
}

function dataFiles(repo: Repo): readonly string[] {
  return repo.paths.filter(
    (path) => formatOfName(path) !== undefined && !DESCRIPTION.test(path) && !path.startsWith("."),
  );
}

/** A cache may hold some of the files alone: those of several say in their names how many there are. */
function assertWhole(paths: readonly string[], where: string): void {
  for (const path of paths) {
    const count = Number(/-\d+-of-(\d+)\./.exec(path)?.[1] ?? 1);
    const siblings = paths.filter((other) => other.replace(/-\d+-of-/, "") === path.replace(/-\d+-of-/, ""));
    if (siblings.length < count)
      fail("E_HUB", {
        where,
        expected: `${count} files in the cache, as the hub cannot be reached`,
        got: String(siblings.length),
        fix: "go online once to download them",
      });
  }
}

/** Other names that a split goes by in file names. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  train: ["training"],
  validation: ["valid", "val", "dev"],
  test: ["testing"],
};

/** Whether a folder of `path`, or a part of its file's name between other signs, is `name`. */
function mentions(path: string, name: string): boolean {
  const [file = "", ...folders] = path.toLowerCase().split("/").reverse();
  const wanted = name.toLowerCase();
  return folders.includes(wanted) || `.${file.replaceAll(/[^\p{L}\p{N}]+/gu, ".")}.`.includes(`.${plain(wanted)}.`);
}

function plain(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}]+/gu, ".");
}

/** The files of a configuration: those in a folder of its name, or else those whose name holds it. */
function ofConfig(paths: readonly string[], config: string): readonly string[] {
  const inFolder = paths.filter((path) => path.split("/").slice(0, -1).includes(config));
  return inFolder.length > 0 ? inFolder : paths.filter((path) => mentions(path, config));
}

/** The files whose name or folder says that they belong to `split`; all, where none says anything. */
function ofSplit(paths: readonly string[], split: string): readonly string[] {
  for (const names of [[split], SYNONYMS[split.toLowerCase()] ?? []]) {
    const matching = paths.filter((path) => names.some((name) => mentions(path, name)));
    if (matching.length > 0) return matching;
  }
  const known = Object.entries(SYNONYMS).flat(2);
  return split !== "train" || paths.some((path) => known.some((name) => mentions(path, name))) ? [] : paths;
}
