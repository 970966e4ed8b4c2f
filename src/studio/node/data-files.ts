/** Files of the Studio's folder, and the first rows of one. */
import { readdir, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { openSources } from "../../data/source/node/sources.js";
import { chooseColumns } from "../../data/table/choose-columns.js";
import { Problem } from "../../http/problem.js";
import type { DataPreview, FileList } from "../wire/trainings.js";
import { insideFolder } from "./inside-folder.js";

const MOST_ENTRIES = 1000;
const MOST_ROWS = 8;
const MOST_LETTERS = 300;
/** Packed in archives of their own, and never data. */
const LEFT_OUT = new Set(["node_modules"]);

/** What stands in a folder, folders first; nothing hidden. */
export async function listFiles(root: string, asked: string): Promise<FileList> {
  const folder = await insideFolder(root, asked);
  const own = relative(await realpath(root), folder).replaceAll(sep, "/");
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: Error) => {
    throw new Problem(400, `folder ${JSON.stringify(asked)}: expected a folder that can be read, got ${error.message}`);
  });
  const shown = entries.filter(({ name }) => !name.startsWith(".") && !LEFT_OUT.has(name));
  const found = await Promise.all(
    shown.slice(0, MOST_ENTRIES).map(async ({ name }) => {
      const facts = await stat(join(folder, name)).catch(() => undefined);
      if (facts === undefined || !(facts.isFile() || facts.isDirectory())) return [];
      const kind = facts.isDirectory() ? ("folder" as const) : ("file" as const);
      return [{ name, path: own === "" ? name : `${own}/${name}`, kind, bytes: facts.size }];
    }),
  );
  return {
    folder: own,
    entries: found
      .flat()
      .sort((a, b) => Number(a.kind === "file") - Number(b.kind === "file") || (a.name < b.name ? -1 : 1)),
    cut: shown.length > MOST_ENTRIES,
  };
}

/** The columns of a file, its first rows, and which columns are guessed to be text and label. @throws E_DATA */
export async function previewFile(root: string, asked: string): Promise<DataPreview> {
  const path = await insideFolder(root, asked);
  for await (const { head } of openSources([path], {})) {
    const { names, width, sample } = head;
    const columns = Array.from({ length: Math.max(width, names?.length ?? 0) }, (_, i) => names?.[i] ?? String(i + 1));
    return {
      columns,
      named: names !== undefined,
      rows: sample.slice(0, MOST_ROWS).map((cells) => columns.map((_, i) => (cells[i] ?? "").slice(0, MOST_LETTERS))),
      ...guess(head),
    };
  }
  return { columns: [], named: false, rows: [] };
}

function guess(head: Parameters<typeof chooseColumns>[0]): Pick<DataPreview, "text" | "label"> {
  try {
    const { text, labels, nameOf } = chooseColumns(head, {});
    return {
      ...(text.length === 1 ? { text: nameOf(text[0] as number) } : {}),
      ...(labels.length === 1 ? { label: nameOf(labels[0] as number) } : {}),
    };
  } catch {
    // Which they are is then the reader's to say.
    return {};
  }
}
