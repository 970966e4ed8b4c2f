/**
 * The examples in doc comments: every public function and class has one, and each compiles. It sees all public names and
 * the few values of {@link SCENE}, so that what an editor shows is short.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as textune from "../../src/index.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What examples take as given. */
const SCENE = {
  reviews: "Dataset",
  train: "Dataset",
  validation: "Dataset",
  test: "Dataset",
  classifier: "TextClassifier",
  outputs: "ClassOutputs",
} as const;

interface DocExample {
  /** The name that the comment stands before. */
  readonly name: string;
  /** Whether it is a member of a class. */
  readonly isMember: boolean;
  readonly code: string;
}

/** The examples in the doc comments of a file. */
function examplesIn(source: string): DocExample[] {
  return [...source.matchAll(/\/\*\*\n((?: *\*.*\n)+?) *\*\/\n(.*)/g)].flatMap(([, comment, declaration]) => {
    const lines = (comment as string).split("\n").map((line) => line.replace(/^ *\* ?/, ""));
    const name = /(?:function|class|interface|type|const|static async) (\w+)[(<: ]/.exec(declaration as string)?.[1];
    const starts = lines.flatMap((line, i) => (line === "@example" ? [i + 1] : []));
    return starts.map((start) => {
      const length = lines.slice(start).findIndex((line) => line.startsWith("@"));
      return {
        name: name ?? "",
        isMember: !/^export /.test(declaration as string),
        code: lines
          .slice(start, length < 0 ? undefined : start + length)
          .join("\n")
          .trim(),
      };
    });
  });
}

const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
  .map((path) => ({ path, text: readFileSync(join(root, "src", path), "utf8") }));
const publicNames = [
  ...(sources.find(({ path }) => path === "index.ts")?.text ?? "").matchAll(/\b[A-Za-z]\w+(?=[ ,]*[,}])/g),
].map(([name]) => name);
const examples = sources
  .flatMap(({ path, text }) => examplesIn(text).map((example) => ({ path, ...example })))
  .filter(({ name, isMember }) => isMember || publicNames.includes(name));

let folder: string;
beforeAll(() => {
  // Beside the source, so that packages are found.
  folder = mkdtempSync(join(root, "node_modules/.examples-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("examples in doc comments", () => {
  it.each(Object.keys(textune).sort())("there is one at %s", (name) => {
    expect(examples.filter((example) => example.name === name).length).toBeGreaterThan(0);
  });

  it("compile", () => {
    const { paths: _, ...compilerOptions } = JSON.parse(
      readFileSync(join(root, "tsconfig.json"), "utf8"),
    ).compilerOptions;
    const files = examples.map(({ path, name, code }, i) => {
      const used = publicNames.filter((one) => new RegExp(`\\b${one}\\b`).test(code));
      const file = join(folder, `${i}-${path.replaceAll("/", "-")}-${name}.ts`);
      writeFileSync(file, `import { ${used.join(", ")} } from "textune";\n${code}\nexport {};\n`);
      return file;
    });
    // Global, so that an example may have values of its own by these names.
    const scene = join(folder, "scene.d.ts");
    writeFileSync(
      scene,
      Object.entries(SCENE)
        .map(([value, type]) => `declare const ${value}: import("textune").${type};\n`)
        .join(""),
    );
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: {
          ...compilerOptions,
          noUnusedLocals: false,
          verbatimModuleSyntax: false,
          paths: { textune: [join(root, "src/index.ts")] },
        },
        files: [...files, scene, join(root, "src/base/webassembly.d.ts")],
      }),
    );
    expect(examples.length).toBeGreaterThan(15);
    let errors = "";
    try {
      execFileSync(process.execPath, [join(root, "node_modules/typescript/lib/tsc.js"), "-p", folder]);
    } catch (error) {
      errors = String((error as { stdout: unknown }).stdout);
    }
    expect(errors).toBe("");
  });
});
