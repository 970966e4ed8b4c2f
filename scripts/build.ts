/** Compiles src/ to dist/, removes what a deleted source left behind and makes the command executable. */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const compiler = join(root, "node_modules", "typescript", "lib", "tsc.js");

try {
  execFileSync(process.execPath, [compiler, "-p", join(root, "tsconfig.build.json")], { stdio: "inherit" });
} catch {
  process.exit(1);
}

for (const entry of readdirSync(join(root, "dist"), { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const compiled = join(entry.parentPath, entry.name);
  const source = relative(join(root, "dist"), compiled).replace(/(?:\.d\.ts|\.js)(?:\.map)?$/, ".ts");
  if (!existsSync(join(root, "src", source))) rmSync(compiled);
}

const command = join(root, "dist", "cli", "main.js");
if (existsSync(command)) chmodSync(command, 0o755);
