/**
 * Proves that the tests can fail: breaks the code in one place at a time, in a copy, and expects the narrowest
 * relevant test to be red. Prints a table and exits 1 where a mistake goes unnoticed.
 *
 *   npm run test:sabotage            all
 *   npm run test:sabotage -- adamw   operators whose name has the word, and mistakes in the source whose file or
 *                                    description has it
 */
import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Op } from "../src/graph/op.js";
import { OPERATORS } from "../src/ops/registry.js";
import { operatorMutants } from "./sabotage/operator-mutants.js";
import { patternOf, type SourceMutation } from "./sabotage/source-mutation.js";
import { SOURCE_MUTATIONS } from "./sabotage/source-mutations.js";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const COPIED = ["src", "tests", "scripts", "package.json", "tsconfig.json", "vitest.config.ts"];
/** Mutations are tried in this many copies at once. */
const COPIES = 2;
const OPERATOR_TESTS = ["tests/conformance/operators.test.ts", "tests/conformance/slice-rules.test.ts"];

interface Verdict {
  readonly where: string;
  readonly what: string;
  readonly outcome: "red" | "GREEN" | "NOT THERE" | "BROKEN";
}

interface TestResult {
  /** The titles around the test, outermost first. */
  readonly groups: readonly string[];
  readonly title: string;
  readonly passed: boolean;
}

async function copyTree(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), "textune-sabotage-"));
  for (const path of COPIED) await cp(join(ROOT, path), join(copy, path), { recursive: true });
  for (const path of ["node_modules", "dist"]) await symlink(join(ROOT, path), join(copy, path));
  return copy;
}

/** The results of test files in a copy of the tree; empty where not even their tests could be collected. */
async function runTests(copy: string, files: readonly string[], stopAtFirst: boolean): Promise<TestResult[]> {
  const report = join(copy, "report.json");
  await rm(report, { force: true });
  const options = ["--reporter=json", `--outputFile=${report}`, "--maxWorkers=1", ...(stopAtFirst ? ["--bail=1"] : [])];
  await new Promise<void>((resolve, reject) => {
    const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
    const child = spawn(process.execPath, [vitest, "run", ...options, ...files], { cwd: copy, stdio: "ignore" });
    child.on("error", reject);
    child.on("exit", () => resolve());
  });
  const { testResults } = JSON.parse(await readFile(report, "utf8")) as {
    testResults: { assertionResults: { ancestorTitles: string[]; title: string; status: string }[] }[];
  };
  return testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === "passed" || status === "failed")
    .map(({ ancestorTitles, title, status }) => ({ groups: ancestorTitles, title, passed: status === "passed" }));
}

/** Operators broken in every way, all at once: in the copy, the registry has them in place of the real ones. */
async function tryOperators(copy: string, operators: readonly Op[]): Promise<Verdict[]> {
  const registry = join(copy, "src/ops/registry.ts");
  await rename(registry, join(copy, "src/ops/registry-intact.ts"));
  await writeFile(
    registry,
    `import { operatorMutants } from "../../scripts/sabotage/operator-mutants.js";
import { OPERATORS as INTACT } from "./registry-intact.js";
const NAMES = ${JSON.stringify(operators.map(({ name }) => name))};
export const OPERATORS = INTACT.filter(({ name }) => NAMES.includes(name)).flatMap((op) =>
  operatorMutants(op).map((mutant) => mutant.op),
);\n`,
  );
  const results = await runTests(copy, OPERATOR_TESTS, false);
  await rename(join(copy, "src/ops/registry-intact.ts"), registry);
  return operators.flatMap((op) =>
    operatorMutants(op).map(({ op: mutant, what, caughtBy }) => {
      const own = results.filter(({ groups }) => groups.includes(mutant.name));
      const failed = own.filter(({ passed }) => !passed);
      const caught =
        caughtBy === undefined ? failed.length === 0 : failed.some(({ title }) => title.includes(caughtBy));
      const outcome =
        own.length === 0
          ? "BROKEN"
          : caught
            ? caughtBy === undefined
              ? "GREEN"
              : "red"
            : caughtBy === undefined
              ? "BROKEN"
              : "GREEN";
      return { where: op.name, what, outcome };
    }),
  );
}

async function trySource(copy: string, { what, file, find, replace, tests }: SourceMutation): Promise<Verdict> {
  const path = join(copy, file);
  const intact = await readFile(path, "utf8");
  const matches = [...intact.matchAll(patternOf(find))];
  if (matches.length !== 1) return { where: file, what, outcome: "NOT THERE" };
  const [match] = matches;
  await writeFile(path, intact.slice(0, match.index) + replace + intact.slice(match.index + match[0].length));
  const results = await runTests(copy, tests, true);
  await writeFile(path, intact);
  const outcome = results.length === 0 ? "BROKEN" : results.some(({ passed }) => !passed) ? "red" : "GREEN";
  return { where: file, what, outcome };
}

function print(verdicts: readonly Verdict[]): void {
  const width = Math.max(...verdicts.map(({ where }) => where.length));
  for (const { where, what, outcome } of verdicts) console.log(`${where.padEnd(width)}  ${outcome.padEnd(9)}  ${what}`);
}

/** Operators whose gradient rule no mistake is put into, as their samples differentiate nothing. */
const untouched = OPERATORS.filter(
  (op) =>
    typeof op.gradient === "function" && !operatorMutants(op).some(({ what }) => what.startsWith("gradient of input")),
);
for (const { name } of untouched)
  console.error(`${name}: its gradient rule is not broken by any mistake; add a sample`);

const [word] = process.argv.slice(2);
const chosen = SOURCE_MUTATIONS.filter(
  ({ file, what }) => word === undefined || file.includes(word) || what.includes(word),
);
const broken = OPERATORS.filter(({ name }) => word === undefined || name.toLowerCase().includes(word.toLowerCase()));
if (chosen.length + broken.length === 0) {
  console.error(`no operator has "${word}" in its name, and no mistake in its file or description`);
  process.exit(2);
}
const copies = await Promise.all(Array.from({ length: COPIES }, copyTree));
try {
  // First what has to be green: tests that fail on intact code would prove nothing.
  const files = new Set([...(broken.length > 0 ? OPERATOR_TESTS : []), ...chosen.flatMap(({ tests }) => tests)]);
  const red = (await runTests(copies[0], [...files], false)).filter(({ passed }) => !passed);
  for (const { groups, title } of red) console.error(`red without any mistake: ${[...groups, title].join(" > ")}`);

  const operators = broken.length > 0 ? await tryOperators(copies[0], broken) : [];
  const controls = operators.filter(({ what }) => what === "unchanged");
  const queue = [...chosen];
  const source: Verdict[] = [];
  await Promise.all(
    copies.map(async (copy) => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) source.push(await trySource(copy, next));
    }),
  );

  const mutations = [...operators.filter(({ what }) => what !== "unchanged"), ...source];
  print(mutations);
  const survivors = [
    ...mutations.filter(({ outcome }) => outcome !== "red"),
    ...controls.filter(({ outcome }) => outcome !== "GREEN"),
  ];
  console.log(`\n${mutations.length} mistakes, ${mutations.filter(({ outcome }) => outcome === "red").length} noticed`);
  if (survivors.length > 0) {
    console.log("\nNot noticed (GREEN), no longer in the source (NOT THERE), or without a test that ran (BROKEN):");
    print(survivors);
  }
  process.exitCode = survivors.length + red.length + untouched.length === 0 ? 0 : 1;
} finally {
  for (const copy of copies) await rm(copy, { recursive: true, force: true });
}
