/** Files of the folder that the Studio was started in, and no others. */
import { realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { Problem } from "../../http/problem.js";

/** The place of `path` in `folder`, links followed. @throws Problem for one that is not in it */
export async function pathInside(folder: string, path: string): Promise<string> {
  const root = await realpath(folder);
  const asked = resolve(root, path);
  const outside = new Problem(404, `${path}: expected a file in the folder that the Studio was started in`);
  if (path.includes("\0") || basename(asked) === "") throw outside;
  const found = await realpath(asked).catch(async () =>
    join(
      await realpath(dirname(asked)).catch(() => {
        throw new Problem(404, `${path}: no such folder`);
      }),
      basename(asked),
    ),
  );
  const way = relative(root, found);
  if (way === "" || way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way)) throw outside;
  return found;
}
