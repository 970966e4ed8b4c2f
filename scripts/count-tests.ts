/** Prints "N passed, N failed, N skipped" from vitest's JSON report; fails when a test, or a file before its tests, failed. */
import { readFileSync } from "node:fs";

interface Report {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

const report = JSON.parse(readFileSync(process.argv[2], "utf8")) as Report;
const tests = report.testResults.flatMap((file) => file.assertionResults);
const count = (...statuses: string[]): number => tests.filter((test) => statuses.includes(test.status)).length;

/** A file that could not be loaded has no tests to fail, and counts as one failure itself. */
const brokenFiles = report.testResults.filter(
  (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
);
for (const file of brokenFiles) console.error(`${file.name} failed before its tests ran`);

const passed = count("passed");
const skipped = count("skipped", "pending", "todo", "disabled");
const failed = tests.length - passed - skipped + brokenFiles.length;
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed === 0 && passed > 0 && report.success ? 0 : 1;
