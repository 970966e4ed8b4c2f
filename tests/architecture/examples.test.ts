/**
 * The examples in doc comments: every public function and class of every entry point has one, and each compiles. It sees
 * the public names of its entry point and the few values of {@link SCENE}, so that what an editor shows is short.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as inferenceWeb from "../../src/classifier/inference-web.js";
import * as inference from "../../src/classifier/node/inference.js";
import * as textune from "../../src/index.js";
import * as nn from "../../src/nn/index.js";
import * as tracking from "../../src/tracking/index.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What the package exports, under the names of its entry points. */
const ENTRIES = [
  { entry: "textune", path: "index.ts", values: textune },
  { entry: "textune/nn", path: "nn/index.ts", values: nn },
  { entry: "textune/tracking", path: "tracking/index.ts", values: tracking },
  { entry: "textune/inference", path: "classifier/node/inference.ts", values: inference },
  { entry: "textune/inference/web", path: "classifier/inference-web.ts", values: inferenceWeb },
] as const;

/** What examples take as given. */
const SCENE = {
  reviews: 'import("textune").Dataset',
  train: 'import("textune").Dataset',
  validation: 'import("textune").Dataset',
  test: 'import("textune").Dataset',
  classifier: 'import("textune").TextClassifier',
  outputs: 'import("textune").ClassOutputs',
  run: 'import("textune/tracking").Run',
  // [B, D] and [B, T, D] float32, [B, T] int64.
  x: 'import("textune/nn").Value',
  y: 'import("textune/nn").Value',
  sequence: 'import("textune/nn").Value',
  mask: 'import("textune/nn").Value',
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
const entries = ENTRIES.map(({ entry, path, values }) => {
  const text = sources.find((source) => source.path === path)?.text ?? "";
  const exported = [...text.matchAll(/^export (?:type )?\{([^}]*)\}/gms)].flatMap(([, list]) =>
    (list as string).split(",").map((name) => name.replace(/^\s*(?:type )?/, "").trim()),
  );
  return { entry, values, names: [...new Set([...exported, ...Object.keys(values)])].filter((name) => name !== "") };
});
const [main] = entries as [(typeof entries)[number]];
const examples = sources
  .flatMap(({ path, text }) => examplesIn(text).map((example) => ({ path, ...example })))
  .flatMap((example) => {
    // A name that is a type in one and a class in another belongs to the class.
    const owner = example.isMember
      ? main
      : (entries.find(({ values }) => example.name in values) ??
        entries.find(({ names }) => names.includes(example.name)));
    return owner === undefined ? [] : [{ ...example, owner }];
  });

let folder: string;
beforeAll(() => {
  // Beside the source, so that packages are found.
  folder = mkdtempSync(join(root, "node_modules/.examples-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("examples in doc comments", () => {
  describe.each(entries)("of $entry", ({ values }) => {
    it.each(Object.keys(values).sort())("there is one at %s", (name) => {
      expect(examples.filter((example) => example.name === name).length).toBeGreaterThan(0);
    });
  });

  it("compile", () => {
    const { paths: _, ...compilerOptions } = JSON.parse(
      readFileSync(join(root, "tsconfig.json"), "utf8"),
    ).compilerOptions;
    const files = examples.map(({ path, name, code, owner }, i) => {
      const imported = [...code.matchAll(/import \{([^}]*)\}/g)].map(([, list]) => list).join();
      const used = owner.names.filter((one) => {
        const word = new RegExp(`(?<!\\.)\\b${one}\\b`);
        return word.test(code) && !word.test(imported);
      });
      const file = join(folder, `${i}-${path.replaceAll("/", "-")}-${name}.ts`);
      writeFileSync(file, `import { ${used.join(", ")} } from "${owner.entry}";\n${code}\nexport {};\n`);
      return file;
    });
    // Global, so that an example may have values of its own by these names.
    const scene = join(folder, "scene.d.ts");
    writeFileSync(
      scene,
      Object.entries(SCENE)
        .map(([value, type]) => `declare const ${value}: ${type};\n`)
        .join(""),
    );
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: {
          ...compilerOptions,
          noUnusedLocals: false,
          verbatimModuleSyntax: false,
          paths: Object.fromEntries(ENTRIES.map(({ entry, path }) => [entry, [join(root, "src", path)]])),
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
