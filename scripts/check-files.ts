/** Fails where a source file is too long or is named for nothing in particular. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";

const MOST_LINES = 500;
const VAGUE = new Set(["utils", "util", "helpers", "helper", "common", "types", "misc", "shared-code", "stuff"]);

/** Generated files, by path, each with what makes it. */
const GENERATED = new Map([["src/base/kernels/kernel-bytes.ts", "npm run build:kernels"]]);

const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
  encoding: "utf8",
});
const sources = listed
  .split("\0")
  .filter((path) => /\.(?:ts|tsx|mts|mjs|cjs|js|py)$/.test(path) && !GENERATED.has(path) && existsSync(path));

const complaints = sources.flatMap((path) => {
  const lines = readFileSync(path, "utf8").split("\n").length - 1;
  const stem = basename(path).split(".")[0];
  return [
    ...(lines > MOST_LINES ? [`${path}: ${lines} lines, expected at most ${MOST_LINES}; split it`] : []),
    ...(VAGUE.has(stem) ? [`${path}: the name "${stem}" says nothing; name the file after what it does`] : []),
  ];
});
for (const complaint of complaints) console.error(complaint);
console.log(`${sources.length} source files looked at, ${complaints.length} complaints`);
process.exitCode = complaints.length === 0 ? 0 : 1;
