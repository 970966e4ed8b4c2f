/** The rows of text files whose folders are their classes. */
import { fail } from "../../../base/errors.js";
import { type DecodeOptions, decodeText, looksBinary } from "../../format/decode-text.js";
import { peek } from "../../format/node/decompress.js";
import type { RowStream, SourceRow } from "../../table/row-stream.js";
import type { TextColumn } from "../../table/text-column.js";
import { type ClassFolderOptions, strayNotice } from "./class-folders.js";

/** What tables of class folders call their columns. */
export const CLASS_FOLDER_COLUMNS = { text: "text", label: "label" };

/** The whole text of a small file; undefined for one that is no text. */
export async function wholeText(
  bytes: AsyncIterable<Uint8Array>,
  options: DecodeOptions,
): Promise<{ readonly text: string | undefined; readonly encoding: string | undefined }> {
  const { start, all } = await peek(bytes, 4096);
  if (options.encoding === undefined && looksBinary(start)) {
    await all.return(undefined);
    return { text: undefined, encoding: undefined };
  }
  const decoded = await decodeText(all, options);
  let text = "";
  for await (const piece of decoded.pieces) text += piece;
  return { text, encoding: decoded.notices.length > 0 ? decoded.encoding : undefined };
}

/** What is to be said of texts that are not in UTF-8. */
export function encodingNotice(encoding: string): string {
  return `some texts are not in UTF-8 and were read as ${encoding}`;
}

/** The row of a file in a class folder. */
export function fileRow(path: string, text: string | undefined, label: string): SourceRow {
  const place = { unit: "file", at: path } as const;
  if (text !== undefined) return { place, cells: [text, label, path] };
  const cure = {
    fix: "leave it out, or name the ends of the files that are meant, for example",
    set: { extension: ".txt" },
  };
  return { place, cells: [], problem: "bytes that are no text", cure };
}

/** Rows of an archive's texts: the class is the first folder below the one that holds them all. */
export function classFolderRows(
  texts: TextColumn,
  all: readonly string[],
  wanted: string | undefined,
  source: string,
  options: ClassFolderOptions,
  notices: readonly string[],
): RowStream {
  const folderOf = (path: string): readonly string[] => path.split("/").slice(0, -1);
  // What stands beside the class folders describes them.
  const shallowest = Math.min(...all.map((path) => folderOf(path).length));
  const deeper = all.filter((path) => folderOf(path).length > shallowest);
  const beside = all.filter(
    (path) =>
      folderOf(path).length === shallowest &&
      deeper.length > 0 &&
      deeper.every((one) => one.startsWith(`${folderOf(path).join("/")}/`)),
  );
  const kept = Array.from(all.keys()).filter((i) => !beside.includes(all[i] as string));
  const paths = kept.map((i) => all[i] as string);
  const textAt = (i: number): string | undefined => texts.get(kept[i] as number);
  const folders = paths.map(folderOf);
  let depth = 0;
  const first = folders[0] as readonly string[];
  while (
    depth < first.length - 1 &&
    folders.every((folder) => folder[depth] === first[depth] && folder.length > depth + 1)
  )
    depth++;
  const labels = folders.map((folder) => folder[depth] as string);
  const names = new Set(labels);
  const parts = ["train", "test"].filter((part) => names.has(part));
  if (
    wanted === undefined &&
    parts.length > 0 &&
    folders.every((folder) => !parts.includes(folder[depth] as string) || folder.length > depth + 1)
  ) {
    fail("E_DATA", {
      where: source,
      option: "member",
      expected: "class folders",
      got: `parts of a data set (${[...names].join(", ")})`,
      fix: "say which",
      set: { member: [...first.slice(0, depth), parts[0]].join("/") },
    });
  }
  const order = Array.from(paths.keys())
    .filter(
      (i) =>
        options.exclude?.includes(labels[i] as string) !== true &&
        options.classNames?.includes(labels[i] as string) !== false,
    )
    .sort((a, b) => ((paths[a] as string) < (paths[b] as string) ? -1 : 1));
  async function* rows(): AsyncGenerator<readonly SourceRow[]> {
    for (let from = 0; from < order.length; from += 4096) {
      yield order.slice(from, from + 4096).map((i) => fileRow(paths[i] as string, textAt(i), labels[i] as string));
    }
  }
  const sample = order.slice(0, 100).map((i) => [textAt(i), labels[i], paths[i]]);
  return {
    head: { source, names: ["text", "label", "file"], width: 3, sample },
    rows,
    notices: [...notices, ...strayNotice(beside)],
    untyped: false,
  };
}
