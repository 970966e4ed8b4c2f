/** Paths that stay in a folder, whatever is asked for. */
import { realpath } from "node:fs/promises";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { Problem } from "../../http/problem.js";

/**
 * The real path of `asked` in `folder`, which may be `folder` itself. Neither `..` nor a link leads out of it.
 *
 * @param mustExist whether it is there; otherwise the nearest folder that is there must lie inside
 * @throws Problem 404 where it is not there, 400 where it lies elsewhere
 */
export async function insideFolder(folder: string, asked: string, mustExist = true): Promise<string> {
  const root = await realpath(folder);
  const wanted = resolve(root, asked);
  const outside = (): Problem =>
    new Problem(400, `path ${JSON.stringify(asked)}: expected one inside the folder of the Studio`);
  if (asked.includes("\0") || !isInside(root, wanted)) throw outside();
  let there = wanted;
  for (;;) {
    const real = await realpath(there).catch(() => undefined);
    if (real !== undefined) {
      if (!isInside(root, real)) throw outside();
      return there === wanted ? real : wanted;
    }
    if (mustExist)
      throw new Problem(404, `path ${JSON.stringify(asked)}: expected a file or folder, got nothing there`);
    there = dirname(there);
  }
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === "" || !(way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way));
}
