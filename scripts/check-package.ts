/**
 * What a stranger meets: packs the tarball, installs it into empty projects, with install scripts and without them and
 * the optional packages, runs the README's program there and type-checks it as strictly as a project can.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
/** npm from 11.19 on runs install scripts of packages that are named here alone; earlier ones run all. */
const SCRIPTS = { "onnxruntime-node": true };
const place = mkdtempSync(join(tmpdir(), "textune package "));

/** Runs a program, which has to end as `expected` says, and returns what it printed. */
function run(cwd: string, command: readonly string[], expected = 0): string {
  const [program, ...args] = command;
  const { status, stdout, stderr } = spawnSync(program as string, args, {
    cwd,
    encoding: "utf8",
    // Nothing beyond the registry: onnxruntime-node's install script goes through this proxy, which is none.
    env: { ...process.env, GLOBAL_AGENT_HTTP_PROXY: "http://127.0.0.1:9", npm_config_ignore_scripts: undefined },
  });
  if (status === expected) return `${stdout}${stderr}`;
  throw new Error(`${command.join(" ")} ended with ${status}, expected ${expected}:\n${stdout}${stderr}`);
}

function step<T>(title: string, action: () => T): T {
  const started = performance.now();
  const result = action();
  console.log(`${title}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return result;
}

/** The program that the README shows, on a file of its name made from the examples. */
function writeProgram(project: string): void {
  const program = /```ts\n([^`]*TextClassifier[^`]*)```/.exec(readFileSync(join(root, "README.md"), "utf8"))?.[1];
  if (program === undefined) throw new Error("README.md: expected a program with TextClassifier, got none");
  const [, ...rows] = readFileSync(join(root, "examples/data/support-tickets.csv"), "utf8").trimEnd().split("\n");
  writeFileSync(join(project, "reviews.csv"), `text,sentiment\n${rows.slice(0, 45).join("\n")}\n`);
  // Whole as it stands: a program that shows types would have to be compiled to run.
  writeFileSync(join(project, "program.mjs"), program);
  writeFileSync(join(project, "program.ts"), program);
}

function newProject(name: string, installFlags: readonly string[]): string {
  const project = join(place, name);
  mkdirSync(project);
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({ name, version: "1.0.0", type: "module", allowScripts: SCRIPTS }),
  );
  writeProgram(project);
  const quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
  run(project, ["npm", "install", tarball, ...quiet, ...installFlags]);
  return project;
}

const node = (...args: string[]): string[] => [process.execPath, ...args];

function checkProgram(project: string): void {
  const said = run(project, node("program.mjs"));
  if (!said.includes("probability")) throw new Error(`program.mjs: expected a prediction, got\n${said}`);
}

/** `require` gives what `import` gives. */
function checkCommonJs(project: string): void {
  writeFileSync(
    join(project, "check.cjs"),
    `const required = require("textune");
    import("textune").then((imported) => {
      require("node:assert").deepStrictEqual(Object.keys(required).sort(), Object.keys(imported).sort());
    });`,
  );
  run(project, node("check.cjs"));
}

/** Nothing in the declarations needs the DOM, a laxer setting or the packages of anything but Textune. */
function checkTypes(project: string): void {
  writeFileSync(join(project, "program.cts"), 'import { TextClassifier } from "textune";\nvoid TextClassifier;\n');
  const compilerOptions = {
    target: "ES2023",
    lib: ["ES2023"],
    module: "NodeNext",
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
  };
  writeFileSync(
    join(project, "tsconfig.json"),
    JSON.stringify({ compilerOptions, files: ["program.ts", "program.cts"] }),
  );
  run(project, node(join(root, "node_modules/typescript/lib/tsc.js"), "-p", "."));
}

/** Without the file that computes, commands still say what is wrong and what to do. */
function checkBroken(project: string): void {
  const binaries = join(project, "node_modules/onnxruntime-node/bin/napi-v6", process.platform, process.arch);
  rmSync(binaries, { recursive: true });
  const doctored = run(project, ["npx", "--no-install", "textune", "doctor"], 1);
  if (!doctored.includes("without its binaries")) throw new Error(`doctor: expected what is missing, got\n${doctored}`);
  const predicted = run(project, ["npx", "--no-install", "textune", "predict", "my-classifier", "hello"], 1);
  if (!predicted.includes("textune doctor")) throw new Error(`predict: expected what to do, got\n${predicted}`);
}

/** What needs an optional package says so, and what to run. */
function checkMissing(project: string): void {
  writeFileSync(
    join(project, "missing.mjs"),
    `import { readDataset, renderReportHtml, reportDataset, writeDataset } from "textune";
    const dataset = await readDataset("reviews.csv", { text: "text", label: "sentiment" });
    const report = await reportDataset(dataset);
    for (const [command, action] of [
      ["npm install @duckdb/node-api", () => writeDataset(dataset, "reviews.parquet")],
      ["npm install vega vega-lite @resvg/resvg-js", () => renderReportHtml(report)],
      ["npm install pg", () => readDataset("postgres://localhost/x", { query: "select 1" })],
    ]) {
      const error = await action().then(() => new Error("nothing was missing"), (error) => error);
      if (error.code !== "E_PACKAGE" || !error.message.endsWith("run " + command)) throw error;
    }`,
  );
  run(project, node("missing.mjs"));
}

/** Training needs none of the optional packages, and says in a sentence what it does without. */
function checkUnrecorded(project: string): void {
  const options = ["--text", "text", "--label", "sentiment", "--epochs", "1", "--max-length", "16"];
  const said = run(project, [
    "npx",
    "--no-install",
    "textune",
    "train",
    "reviews.csv",
    ...options,
    "--output",
    "trained",
  ]);
  if (!said.includes("not recorded, for want of the package libsql; run npm install libsql"))
    throw new Error(`train: expected to be told that it is not recorded, got\n${said}`);
}

let tarball = "";
try {
  tarball = step("npm pack", () => {
    run(root, ["npm", "pack", "--pack-destination", place, "--loglevel=error"]);
    const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    return join(place, `${name}-${version}.tgz`);
  });
  const whole = step("npm install, with install scripts", () =>
    newProject("whole", ["--onnxruntime-node-install=skip", "--ignore-scripts=false"]),
  );
  step("the README's program", () => checkProgram(whole));
  step("require", () => checkCommonJs(whole));
  step("textune doctor", () => run(whole, ["npx", "--no-install", "textune", "doctor"]));
  const small = step("npm install --ignore-scripts --omit=optional", () =>
    newProject("small", ["--ignore-scripts", "--omit=optional"]),
  );
  step("the README's program", () => checkProgram(small));
  step("what is missing is named", () => checkMissing(small));
  step("textune train, not recorded", () => checkUnrecorded(small));
  // Where optional packages are absent, so that no declaration can lean on them.
  step("types", () => checkTypes(small));
  step("a broken installation", () => checkBroken(small));
} finally {
  rmSync(place, { recursive: true, force: true });
}
