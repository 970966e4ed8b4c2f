/**
 * The examples of CONTRIBUTING.md, followed to the letter in a copy of the repository: a file each, a line in a registry,
 * and everything is green.
 */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);

/** Where each example goes, and the registry that has to know it. */
const EXAMPLES = [
  { file: "src/ops/atan.ts", name: "Atan", registry: "src/ops/registry.ts", list: "OPERATORS" },
  {
    file: "src/models/mean-of-words/index.ts",
    name: "meanOfWords",
    registry: "src/models/registry.ts",
    list: "MODELS",
  },
  { file: "src/metrics/counts/jaccard.ts", name: "jaccard", registry: "src/metrics/registry.ts", list: "METRICS" },
] as const;

/** Trains the example model in the graph, and reports the example metric. */
const USE = `import { expect, it } from "vitest";
import { formatReport } from "../src/metrics/format-report.js";
import { createMetrics } from "../src/metrics/create-metrics.js";
import { modelOf } from "../src/models/registry.js";
import { singleLabelClassification as task } from "../src/tasks/single-label.js";
import { buildTrainingGraph } from "../src/training/classifier-graph.js";

it("the model has gradients", () => {
  const model = modelOf({ model_type: "mean_of_words" });
  const config = model.readConfig({ vocab_size: 20, hidden_size: 8 });
  const { trained, stages } = buildTrainingGraph({ model, config, outputs: 2, task });
  expect(trained.map(({ name }) => name)).toContain("word_embeddings.weight");
  expect(Object.keys(stages[0])).toContain("loss");
});

it("the metric stands in the report", () => {
  const metrics = createMetrics("single-label", ["ham", "spam"], { metrics: ["iou:spam"] });
  metrics.update([0, 0, 1], [1, 0, 0, 1, 0, 1]);
  expect(metrics.result().perClass[1]).toMatchObject({ jaccard: 0.5 });
  expect(formatReport(metrics.result())).toContain("Jaccard index");
});
`;

let copy: string;
/** The code of each example, by the file that it goes into. */
const written = new Map<string, string>();

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), "textune-contributing-"));
  const { stdout } = await run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: ROOT });
  const files = stdout.split("\0").filter((path) => path !== "" && !path.startsWith("examples/data/"));
  for (const path of files) {
    await mkdir(dirname(join(copy, path)), { recursive: true });
    await cp(join(ROOT, path), join(copy, path)).catch(() => {}); // deleted, but not yet for git
  }
  await symlink(join(ROOT, "node_modules"), join(copy, "node_modules"));
  await run("git", ["init", "--quiet"], { cwd: copy });
  const guide = await readFile(join(ROOT, "CONTRIBUTING.md"), "utf8");
  for (const { file, name, registry, list } of EXAMPLES) {
    const before = guide.indexOf(`\`${file}\``);
    const code = /```ts\n([\s\S]*?)```/.exec(guide.slice(before))?.[1];
    if (before < 0 || code === undefined) throw new Error(`CONTRIBUTING.md has no example for ${file}`);
    await mkdir(dirname(join(copy, file)), { recursive: true });
    await writeFile(join(copy, file), code);
    written.set(file, code);
    await register(registry, list, name, file);
  }
  await writeFile(join(copy, "tests/use-examples.test.ts"), USE);
  await run(
    process.execPath,
    [join(ROOT, "node_modules/@biomejs/biome/bin/biome"), "check", "--write", "tests", "src"],
    {
      cwd: copy,
    },
  );
}, 120_000);

afterAll(() => rm(copy, { recursive: true, force: true }));

/** Adds `name` of `file` to the array called `list`. */
async function register(registry: string, list: string, name: string, file: string): Promise<void> {
  const path = join(copy, registry);
  const source = await readFile(path, "utf8");
  const from = `./${file.slice(dirname(registry).length + 1).replace(/ts$/, "js")}`;
  const registered = source
    .replace(/^import /m, `import { ${name} } from "${from}";\nimport `)
    .replace(new RegExp(`(export const ${list}[^=]*= \\[)`), `$1${name}, `);
  expect(registered).toContain(`[${name}, `);
  await writeFile(path, registered);
}

it("are formatted as the code is", async () => {
  for (const [file, code] of written) expect(await readFile(join(copy, file), "utf8")).toBe(code);
});

it("pass every check", { timeout: 300_000 }, async () => {
  await expect(run("npm", ["run", "check"], { cwd: copy })).resolves.toBeDefined();
});

it("pass the narrow tests", { timeout: 300_000 }, async () => {
  const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
  const tests = [
    "tests/conformance",
    "src/metrics",
    "tests/architecture/registries.test.ts",
    "tests/use-examples.test.ts",
  ];
  const { stdout } = await run(process.execPath, [vitest, "run", "--maxWorkers=1", ...tests], { cwd: copy });
  expect(stdout).toMatch(/use-examples/);
});
