/**
 * Makes dist/: declarations by TypeScript, one for each file of src/, and JavaScript by esbuild, in few files. Node.js
 * spends a third of a millisecond on every file that it loads, and src/ has hundreds.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Plugin } from "esbuild";
import { globSync } from "tinyglobby";
import { build as buildPage } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const source = join(root, "src");
const dist = join(root, "dist");
const compiler = join(root, "node_modules", "typescript", "lib", "tsc.js");

rmSync(dist, { recursive: true, force: true });
try {
  execFileSync(process.execPath, [compiler, "-p", join(root, "tsconfig.build.json")], { stdio: "inherit" });
} catch {
  process.exit(1);
}

/** The sources of what package.json offers, and of every thread, which starts from a file of its own. */
function entries(): string[] {
  const { exports, bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    exports: Record<string, string | { default: string }>;
    bin: Record<string, string>;
  };
  const offered = [
    ...Object.values(exports).flatMap((one) => (typeof one === "string" ? [] : [one.default])),
    bin.textune,
  ];
  const threads = globSync("**/*.ts", { cwd: source, absolute: true }).flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(/start(?:Run)?Thread\("(\.[^"]+)"/g)].map(([, entry]) =>
      join(dirname(path), entry),
    ),
  );
  const sources = offered.map((path) => join(source, relative("dist", path).replace(/\.js$/, "")));
  return [...new Set([...sources, ...threads])].map((path) => `${path}.ts`);
}

/**
 * A module finds files beside it, such as that of a thread, by `import.meta.url`: in dist/ too it has the place that it has
 * in src/, whichever file esbuild puts it into.
 */
const placesOfModules: Plugin = {
  name: "places of modules",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^#dist$/ }, () => ({ path: "#dist", external: true }));
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      if (!text.includes("import.meta.url")) return undefined;
      const place = JSON.stringify(relative(source, path).replaceAll("\\", "/").replace(/\.ts$/, ".js"));
      const contents = text.replaceAll("import.meta.url", `new URL(${place}, distFolder).href`);
      // At the end, as a first line may be that of a command; imports come first wherever they stand.
      return { contents: `${contents}\nimport { distFolder } from "#dist";\n`, loader: "ts" };
    });
  },
};

/** Packages that are packed in, with their licences: zod is 94 files, most of them translations, which are left out. */
const PACKED = ["zod"];
const packedIn: Plugin = {
  name: "packed in",
  setup({ onResolve, onLoad }) {
    onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({ contents: "export {};" }));
    onResolve({ filter: new RegExp(`^(${PACKED.join("|")})$`) }, ({ path }) => ({
      path: fileURLToPath(import.meta.resolve(path)),
    }));
  },
};

await build({
  absWorkingDir: root,
  entryPoints: entries(),
  outbase: source,
  outdir: dist,
  chunkNames: "chunks/[name]-[hash]",
  bundle: true,
  splitting: true,
  packages: "external",
  platform: "node",
  format: "esm",
  target: "es2023",
  sourcemap: true,
  logLevel: "warning",
  plugins: [placesOfModules, packedIn],
});
writeFileSync(join(dist, "folder.js"), 'export const distFolder = new URL("./", import.meta.url).href;\n');
for (const name of PACKED)
  copyFileSync(join(root, "node_modules", name, "LICENSE"), join(dist, "chunks", `LICENSE of ${name}`));
chmodSync(join(dist, "cli", "main.js"), 0o755);

const page = { configFile: join(root, "studio", "vite.config.ts"), logLevel: "warn" } as const;
await buildPage(page);
await buildPage({ ...page, mode: "report" });
// It stands inside a page: neither of these may end or hide it.
const script = readFileSync(join(dist, "studio", "report", "report.js"), "utf8");
if (/<\/script|<!--/i.test(script)) throw new Error("report.js: expected a script that can stand in HTML");
const scripts = globSync("studio/page/assets/*.js", { cwd: dist, absolute: true });
const sizes = scripts.map((path) => gzipSync(readFileSync(path)).length);
console.log(
  `page of the Studio: ${scripts.length} scripts, ${Math.round(sizes.reduce((a, b) => a + b, 0) / 1000)} kB with gzip`,
);
