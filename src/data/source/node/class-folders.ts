import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "../../../base/errors.js";
import { listed } from "../../table/labels.js";
import { explainFileError } from "./files.js";

/** A text file and the class folder it stands in. */
export interface ClassFile {
  readonly path: string;
  readonly label: string;
}

/** Which folders and files count. */
export interface ClassFolderOptions {
  /** Class folders to read; by default all. */
  readonly classNames?: readonly string[] | undefined;
  /** Folders to leave out, such as `["unsup"]`. */
  readonly exclude?: readonly string[] | undefined;
  /** Ends of file names that are read. Default: all. */
  readonly extensions?: readonly string[] | undefined;
}

/** What was found in a folder of class folders. */
export interface ClassFolders {
  readonly classNames: readonly string[];
  readonly files: readonly ClassFile[];
  /** Files that were passed over because of their name. */
  readonly stray: readonly string[];
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0;

/**
 * Lists a folder whose sub-folders are classes, each holding text files, at any depth. Names in
 * code-unit order; hidden files and folders do not count.
 *
 * @throws E_DATA where there is no class folder with a text in it
 */
export async function listClassFolders(root: string, options: ClassFolderOptions = {}): Promise<ClassFolders> {
  const { extensions } = options;
  const excluded = new Set(options.exclude ?? []);
  const stray: string[] = [];
  const list = async (folder: string) => {
    try {
      return (await readdir(folder, { withFileTypes: true }))
        .filter((entry) => !entry.name.startsWith("."))
        .sort(byName);
    } catch (error) {
      return explainFileError(folder, error);
    }
  };
  const top = await list(root);
  const folders = top.filter((entry) => entry.isDirectory() && !excluded.has(entry.name)).map((entry) => entry.name);
  stray.push(...top.filter((entry) => entry.isFile()).map((entry) => entry.name));
  const missing = (options.classNames ?? []).filter((name) => !folders.includes(name));
  if (missing.length > 0)
    fail("E_DATA", {
      where: root,
      expected: `class folders ${listed(options.classNames ?? [])}`,
      got: listed(folders),
      fix: `${listed(missing)} is not there`,
    });

  const classNames = options.classNames ?? folders;
  const files: ClassFile[] = [];
  const counts = new Map<string, number>();
  const nested = new Map<string, string[]>();
  for (const label of classNames) {
    const waiting = [join(root, label)];
    for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
      for (const entry of await list(folder)) {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) {
          waiting.push(path);
          nested.set(label, [...(nested.get(label) ?? []), entry.name]);
        } else if (hasExtension(entry.name, extensions)) {
          files.push({ path, label });
          counts.set(label, (counts.get(label) ?? 0) + 1);
        } else stray.push(join(label, entry.name));
      }
    }
  }
  const parts = classNames.filter(
    (name) => ["train", "test", "validation", "valid", "val", "dev"].includes(name.toLowerCase()) && nested.has(name),
  );
  if (parts.length > 0 && parts.length === classNames.length) {
    fail("E_DATA", {
      where: root,
      expected: "a folder of class folders",
      got: `parts of a data set (${listed(parts)})`,
      fix: `name one of them: ${join(root, parts[0] as string)}`,
    });
  }
  const used = classNames.filter((name) => (counts.get(name) ?? 0) > 0);
  if (used.length === 0) {
    fail("E_DATA", {
      where: root,
      expected: `folders, one for each class, with ${extensions === undefined ? "text" : extensions.join(" or ")} files`,
      got: folders.length === 0 ? "no folder" : `${listed(folders)} without such files`,
      fix: "put the texts of each class into a folder with its name",
    });
  }
  return { classNames: options.classNames ?? used, files, stray };
}

/** What is to be said of files that are no texts of a class. */
export function strayNotice(stray: readonly string[]): readonly string[] {
  if (stray.length === 0) return [];
  const shown = `${stray.slice(0, 3).join(", ")}${stray.length > 3 ? ", …" : ""}`;
  return [`${stray.length === 1 ? "1 file" : `${stray.length} files`} outside the classes left out (${shown})`];
}

/** Whether a file's name ends in one of `extensions`, written with or without their dot; any does where none is named. */
export function hasExtension(name: string, extensions: readonly string[] | undefined): boolean {
  return extensions?.some((end) => name.endsWith(end.startsWith(".") ? end : `.${end}`)) !== false;
}

/** Reads files a few at a time, in their order. */
export async function* readFiles(
  files: readonly ClassFile[],
): AsyncGenerator<ClassFile & { readonly bytes: Uint8Array }> {
  const batch = 64;
  for (let from = 0; from < files.length; from += batch) {
    const some = files.slice(from, from + batch);
    const contents = await Promise.all(
      some.map((file) => readFile(file.path).catch((error: unknown) => explainFileError(file.path, error))),
    );
    for (const [i, file] of some.entries()) yield { ...file, bytes: contents[i] as Uint8Array };
  }
}
