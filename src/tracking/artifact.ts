import { readdir, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { fail } from "../base/errors.js";
import { checkArtifactName } from "./artifacts/artifact-name.js";
import type { JsonObject } from "./json.js";
import { toJsonObject } from "./logged-values.js";

/** What an artifact is called, and what it is. */
export interface ArtifactOptions {
  /** Letters, digits, `_`, `.` and `-`. */
  readonly name: string;
  /** What it is: "model", "dataset", … */
  readonly type: string;
  /** A sentence about it; none by default. */
  readonly description?: string;
  /** What else is to be known of it; nothing by default. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/**
 * Files to log together under a name: `artifact.addFile("model.onnx"); await run.logArtifact(artifact)`. Each logging of
 * other files is a new version.
 *
 * @throws E_CONFIG for a name that it cannot have
 * @example
 * const artifact = new Artifact({ name: "reviews", type: "dataset" });
 * artifact.addFile("reviews.csv");
 * await run.logArtifact(artifact, { aliases: ["raw"] });
 */
export class Artifact {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly metadata: JsonObject;
  readonly #files = new Map<string, string>();

  constructor({ name, type, description = "", metadata = {} }: ArtifactOptions) {
    checkArtifactName(name);
    this.name = name;
    this.type = type;
    this.description = description;
    this.metadata = toJsonObject(metadata);
  }

  /** The files by their path in the artifact. */
  get files(): ReadonlyMap<string, string> {
    return this.#files;
  }

  /** Adds a file, by its own name or as `name`, a path with `/`. It is read when the artifact is logged. */
  addFile(path: string, name: string = basename(path)): void {
    const parts = name.split("/");
    if (parts.some((part) => part === "" || part === "." || part === ".."))
      fail("E_CONFIG", {
        where: `artifact ${this.name}`,
        expected: "a path inside the artifact, such as weights/model.onnx",
        got: JSON.stringify(name),
      });
    this.#files.set(name, resolve(path));
  }

  /** Adds all files below a folder, under their path in it, or below `name`. */
  async addDir(folder: string, name = ""): Promise<void> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const inside = path.slice(join(folder, "x").length - 1).replaceAll("\\", "/");
      this.addFile(path, name === "" ? inside : `${name}/${inside}`);
    }
  }
}

/**
 * The file or folder at `path` as an artifact, by its own name where no other is given.
 *
 * @throws E_STORE where there is neither
 */
export async function artifactOf(
  path: string,
  { name = basename(resolve(path)), type = "file", ...rest }: Partial<ArtifactOptions>,
): Promise<Artifact> {
  const artifact = new Artifact({ name, type, ...rest });
  const found = await stat(path).catch((error: unknown) =>
    fail("E_STORE", { where: path, expected: "a file or a folder", got: "none" }, error),
  );
  if (found.isDirectory()) await artifact.addDir(path);
  else artifact.addFile(path);
  return artifact;
}
