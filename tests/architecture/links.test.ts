/** Links in the documentation lead somewhere, in a checkout and on the registry's page. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const OWN = /^https:\/\/github\.com\/textune\/textune\/(?:blob|tree)\/main\//;

const pages = ["README.md", "CONTRIBUTING.md", ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`)].filter(
  (path) => path.endsWith(".md"),
);
const textOf = (path: string): string => readFileSync(join(root, path), "utf8");
const linksOf = (path: string): string[] =>
  [...textOf(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link as string);

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(path: string): string[] {
  return [...textOf(path).matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    (title as string)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

describe.each(pages)("%s", (page) => {
  it("links to what is there", () => {
    const broken = linksOf(page).filter((link) => {
      if (/^https?:/.test(link) && !OWN.test(link)) return false;
      const [file, anchor] = link.replace(OWN, "").split("#") as [string, string | undefined];
      const path = file === "" ? page : OWN.test(link) ? file : join(dirname(page), file);
      if (!existsSync(join(root, path))) return true;
      return anchor !== undefined && path.endsWith(".md") && !anchorsOf(path).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});

it("the README, which the registry shows, has whole addresses", () => {
  expect(linksOf("README.md").filter((link) => !/^https:/.test(link))).toEqual([]);
});
