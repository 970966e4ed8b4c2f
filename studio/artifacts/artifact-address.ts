/** Where a version of an artifact stands. */
import type { ArtifactRow } from "../../src/studio/wire/artifacts.js";

type Named = Pick<ArtifactRow, "project" | "name" | "version">;

/** The address of its page. */
export function artifactPage({ project, name, version }: Named): string {
  return `/artifacts/${[project, name, version].map(encodeURIComponent).join("/")}`;
}

/** The path of the interface; the project is asked for beside it. */
export function artifactPath({ name, version }: Named): string {
  return `/api/artifacts/${encodeURIComponent(`${name}:${version}`)}`;
}
