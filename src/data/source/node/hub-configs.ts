/** Which files of a data set on the hub belong to which configuration and split, as its README says in YAML. */
import { parse } from "yaml";
import { z } from "zod";
import { fail } from "../../../base/errors.js";
import { listed } from "../../table/labels.js";

const paths = z.union([z.string(), z.array(z.string())]);
const dataFiles = z.union([paths, z.array(z.object({ split: z.string(), path: paths })), z.record(z.string(), paths)]);
const metadata = z.object({
  configs: z.array(
    z.object({
      config_name: z.string().default("default"),
      default: z.boolean().default(false),
      data_files: dataFiles.optional(),
      data_dir: z.string().optional(),
    }),
  ),
});

/** A configuration: patterns of paths by the split that the files belong to. */
export interface HubConfig {
  readonly name: string;
  readonly isDefault: boolean;
  /** Undefined where the names of files say it. */
  readonly splits: ReadonlyMap<string, readonly string[]> | undefined;
  /** The folder that its files stand in. */
  readonly folder: string;
}

/**
 * The configurations in the YAML at the top of a README; none where there is no such YAML, or it says nothing of files.
 *
 * @source https://huggingface.co/docs/hub/datasets-manual-configuration
 */
export function configsOf(readme: string): readonly HubConfig[] {
  const yaml = /^\ufeff?---\r?\n([\s\S]*?)\r?\n---\s*(?:\r?\n|$)/.exec(readme)?.[1];
  if (yaml === undefined) return [];
  let content: unknown;
  try {
    content = parse(yaml);
  } catch {
    // What people write into a README is often no YAML; the names of the files still say something.
    return [];
  }
  const parsed = metadata.safeParse(content);
  if (!parsed.success) return [];
  return parsed.data.configs.map((config) => ({
    name: config.config_name,
    isDefault: config.default,
    splits: config.data_files === undefined ? undefined : splitsOf(config.data_files),
    folder: (config.data_dir ?? "").replace(/^\.?\/+|\/+$/g, ""),
  }));
}

/** Files without a split are those of train. */
function splitsOf(files: z.output<typeof dataFiles>): ReadonlyMap<string, readonly string[]> {
  if (typeof files === "string") return new Map([["train", [files]]]);
  const splits = new Map<string, readonly string[]>();
  const add = (split: string, more: string | readonly string[]): void => {
    splits.set(split, [...(splits.get(split) ?? []), ...[more].flat()]);
  };
  if (!Array.isArray(files)) for (const [split, some] of Object.entries(files)) add(split, some);
  else for (const one of files) typeof one === "string" ? add("train", one) : add(one.split, one.path);
  return splits;
}

/** The configuration that is asked for, or the one that is meant where none is. @throws E_HUB where that is none or several */
export function chooseConfig(configs: readonly HubConfig[], asked: string | undefined, where: string): HubConfig {
  const chosen =
    asked === undefined
      ? (configs.find(({ isDefault }) => isDefault) ??
        (configs.length === 1 ? configs[0] : configs.find(({ name }) => name === "default")))
      : configs.find(({ name }) => name === asked);
  return (
    chosen ??
    fail("E_HUB", {
      where,
      option: "config",
      expected: `one of ${listed(configs.map(({ name }) => name))}`,
      got: asked === undefined ? "none" : `"${asked}"`,
      fix: "say which",
      set: { config: configs[0]?.name ?? "…" },
    })
  );
}

/** The paths of `all` that are in the configuration's split; undefined where it leaves that to the names of the files. */
export function filesOfSplit(
  { name, splits, folder }: HubConfig,
  split: string,
  all: readonly string[],
  where: string,
): readonly string[] | undefined {
  if (splits === undefined) return undefined;
  const patterns = splits.get(split);
  if (patterns === undefined)
    return fail("E_HUB", {
      where,
      option: "split",
      expected: `one of the splits of the configuration "${name}": ${listed([...splits.keys()])}`,
      got: `"${split}"`,
      fix: "name one of them",
      set: { split: [...splits.keys()][0] ?? "…" },
    });
  const matchers = patterns.map((pattern) => matcherOf(folder === "" ? pattern : `${folder}/${pattern}`));
  return all.filter((path) => matchers.some((matcher) => matcher.test(path)));
}

/** A pattern of paths as an expression: `*` and `?` stay in a folder, `**` does not. A folder stands for all in it. */
function matcherOf(pattern: string): RegExp {
  const tokens = pattern.replace(/^\.?\/+/, "").match(/\*\*\/|\*\*|\*|\?|\[[^\]]+\]|[^*?[]+|\[/g) ?? [];
  const known: Readonly<Record<string, string>> = { "**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]" };
  const source = tokens.map((token) => {
    if (known[token] !== undefined) return known[token];
    if (/^\[.+\]$/.test(token)) return token.replace(/^\[!/, "[^").replaceAll("\\", "\\\\");
    return token.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${source.join("")}(?:/.*)?$`);
}
