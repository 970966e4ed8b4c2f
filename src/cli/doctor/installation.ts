/** Node.js, the system, and the packages. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { packageVersion } from "../../base/node/package-version.js";
import { EMBEDDED_MODEL } from "../../checkpoints/node/embedded-model.js";
import { openCheckpoint } from "../../checkpoints/node/open-checkpoint.js";
import type { Examination, Finding } from "./finding.js";
import { folderSize } from "./folder-size.js";

const OLDEST_NODE = [20, 19] as const;
/** Where onnxruntime-node has binaries for. */
const SYSTEMS = ["linux-x64", "linux-arm64", "darwin-arm64", "win32-x64", "win32-arm64"];
/** The oldest glibc that they run on. */
const OLDEST_GLIBC = 2.28;

const require = createRequire(import.meta.url);

/** The optional packages, and what is missed without them. */
const OPTIONAL: Readonly<Record<string, string>> = {
  "@duckdb/node-api": "Parquet files",
  libsql: "recorded runs and SQLite databases",
  pg: "PostgreSQL",
  vega: "plots in reports",
  "vega-lite": "plots in reports",
  "@resvg/resvg-js": "plots as PNG",
  h5wasm: "weights of Keras",
};

function node(): Finding {
  const found = `${process.versions.node} (${process.execPath})`;
  const [major, minor] = process.versions.node.split(".").map(Number) as [number, number];
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  if (!isOld) return { kind: "ok", what: "Node.js", found };
  return { kind: "problem", what: "Node.js", found, advice: `install ${OLDEST_NODE.join(".")} or later` };
}

function system(): Finding {
  const name = `${process.platform}-${process.arch}`;
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  const glibc = header.glibcVersionRuntime;
  const found = glibc === undefined ? name : `${name}, glibc ${glibc}`;
  if (!SYSTEMS.includes(name))
    return { kind: "problem", what: "system", found, advice: `use one of ${SYSTEMS.join(", ")}` };
  if (process.platform === "linux" && (glibc === undefined || isOlder(glibc, OLDEST_GLIBC)))
    return {
      kind: "problem",
      what: "system",
      found: glibc === undefined ? `${name} without glibc` : found,
      advice: `use a system with glibc ${OLDEST_GLIBC} or later; in a container, a Debian image such as node:22-slim`,
    };
  return { kind: "ok", what: "system", found };
}

function isOlder(version: string, oldest: number): boolean {
  const [major, minor] = version.split(".").map(Number) as [number, number];
  const [oldestMajor, oldestMinor] = String(oldest).split(".").map(Number) as [number, number];
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}

/** The version of a package that Textune finds; undefined where it finds none. */
async function versionOf(name: string): Promise<string | undefined> {
  for (const folder of require.resolve.paths(name) ?? []) {
    const text = await readFile(join(folder, name, "package.json"), "utf8").catch(() => undefined);
    if (text !== undefined) return (JSON.parse(text) as { version: string }).version;
  }
  return undefined;
}

async function optional(name: string, purpose: string): Promise<Finding> {
  const version = await versionOf(name);
  if (version !== undefined) return { kind: "ok", what: name, found: version };
  return { kind: "note", what: name, found: "not installed", advice: `for ${purpose}: npm install ${name}` };
}

async function embeddedModel(): Promise<Finding> {
  const what = EMBEDDED_MODEL;
  try {
    const { weights } = await openCheckpoint(EMBEDDED_MODEL);
    await weights.close();
    return { kind: "ok", what, found: "complete, its checksum is right" };
  } catch (error) {
    return { kind: "problem", what, found: (error as Error).message, advice: "install Textune again" };
  }
}

/** What onnxruntime-node brings for other systems, which an image can do without. */
async function foreignBinaries(): Promise<Finding[]> {
  const what = "onnxruntime-node";
  const version = await versionOf(what);
  if (version === undefined)
    return [{ kind: "problem", what, found: "not installed", advice: "install Textune again" }];
  for (const folder of require.resolve.paths(what) ?? []) {
    const all = await folderSize(join(folder, what, "bin"));
    if (all.files === 0) continue;
    const own = await folderSize(join(folder, what, "bin", "napi-v6", process.platform, process.arch));
    if (own.files === 0)
      return [{ kind: "problem", what, found: `${version} without its binaries`, advice: "install Textune again" }];
    const foreign = all.bytes - own.bytes;
    const found = `${version}, of whose files ${Math.round(foreign / 1e6)} MB are for other systems`;
    return [{ kind: "ok", what, found: foreign < 1e6 ? version : found }];
  }
  return [{ kind: "problem", what, found: `${version} without its binaries`, advice: "install Textune again" }];
}

export const installation: Examination = {
  title: "Installation",
  examine: async () => [
    { kind: "ok", what: "textune", found: packageVersion() },
    node(),
    system(),
    ...(await foreignBinaries()),
    await embeddedModel(),
    ...(await Promise.all(Object.entries(OPTIONAL).map(([name, purpose]) => optional(name, purpose)))),
  ],
};
