/** Runs every program in examples/, one after the other, as a reader would, and stops at the first that fails. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sharedPath } from "../tests/support/shared.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const programs = readdirSync(join(root, "examples"))
  .filter((name) => name.endsWith(".ts"))
  .sort();

/** Data that a program is run on where this is there; its own otherwise. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  "track-runs.ts": [sharedPath("data/sms-spam/SMSSpamCollection")].filter((path) => path !== undefined),
};

for (const name of programs) {
  const path = `examples/${name}`;
  console.log(`\n$ npx tsx ${[path, ...(ARGUMENTS[name] ?? [])].join(" ")}`);
  const started = performance.now();
  const words = ARGUMENTS[name] ?? [];
  const { status } = spawnSync(process.execPath, ["--import", "tsx", path, ...words], { cwd: root, stdio: "inherit" });
  if (status !== 0) {
    console.error(`${path} ended with exit code ${status}`);
    process.exit(1);
  }
  console.log(`${path} took ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
console.log(`\n${programs.length} examples ran`);
