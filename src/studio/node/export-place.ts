/** Where rows may be written to: over no data that they come from, and over no decisions. */
import { realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { Problem } from "../../http/problem.js";
import { CORRECTIONS } from "../../labelling/node/correction-book.js";
import { insideFolder } from "./inside-folder.js";

/** What the name of a file of labels ends in, after that of the data. */
export const LABELS = ".labels.jsonl";

/**
 * The whole path of the file `to` below `folder`, in a folder that is there.
 *
 * @param data the files that the rows come from, as whole paths
 * @throws Problem for a path that leads out of the folder, that is the data itself, or that decisions are written to
 */
export async function exportPlace(folder: string, to: string, data: readonly string[]): Promise<string> {
  await insideFolder(folder, dirname(to));
  const place = await insideFolder(folder, to, false);
  const isKept = data.includes(place) || place === (await realpath(folder));
  if (isKept || [LABELS, CORRECTIONS, ".lock"].some((end) => place.endsWith(end)))
    throw new Problem(
      400,
      `to: expected a file of its own, got ${JSON.stringify(to)}; the data, and what was decided, stay as they are`,
    );
  return place;
}
