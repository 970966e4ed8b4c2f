/** The files of the page, as `npm run build` made them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

export interface PageFile {
  readonly content: Uint8Array<ArrayBuffer>;
  readonly type: string;
  /** Whether its name says what is in it, so that it never changes. */
  readonly lasting: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** The same places from src/ and from dist/. */
const folderOf = (name: string): string => fileURLToPath(new URL(`../../../dist/studio/${name}/`, import.meta.url));
const PAGE_FOLDER = folderOf("page");
/** The script and the style of a report, one file each. */
export const REPORT_FOLDER = folderOf("report");

/** Files by their path, such as "/index.html"; none where the page is not built. They are few and small, and stay in memory. */
export function readPageFiles(folder: string = PAGE_FOLDER): ReadonlyMap<string, PageFile> {
  if (!existsSync(folder)) return new Map();
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => extname(path) in TYPES);
  return new Map(
    paths.map((path) => {
      const name = `/${path.replaceAll("\\", "/")}`;
      const content = new Uint8Array(readFileSync(join(folder, path)));
      return [name, { content, type: TYPES[extname(path)], lasting: name.startsWith("/assets/") }];
    }),
  );
}
