import { fail } from "../../base/errors.js";

/** What "name:alias" says. */
export interface ArtifactReference {
  /** "" for that of the run. */
  readonly project: string;
  readonly name: string;
  /** A version as "v3", or an alias; "latest" by default. */
  readonly version: string;
}

const NAME = /^[\p{L}\p{N}_.-]+$/u;

/** @throws E_CONFIG for a name with anything but letters, digits, `_`, `.` and `-`, as W&B has it */
export function checkArtifactName(name: string): void {
  if (!NAME.test(name) || name.length > 128)
    fail("E_CONFIG", {
      where: "artifact",
      expected: "a name of at most 128 letters, digits, dots, hyphens and underscores",
      got: JSON.stringify(name.slice(0, 140)),
      fix: "choose another",
    });
}

/** @throws E_CONFIG for an alias that a reference could not name, or that looks like a version */
export function checkAlias(alias: string): void {
  if (!NAME.test(alias) || /^v\d+$/.test(alias))
    fail("E_CONFIG", {
      where: "artifact",
      expected: "an alias of letters, digits, dots, hyphens and underscores that is no version",
      got: JSON.stringify(alias.slice(0, 140)),
      fix: "choose another",
    });
}

/** Reads "name", "name:v3", "name:latest" or "project/name:best". @throws E_CONFIG for anything else */
export function parseReference(text: string): ArtifactReference {
  const slash = text.lastIndexOf("/");
  const rest = text.slice(slash + 1);
  const [name, version = "latest", more] = rest.split(":");
  if (more !== undefined || !NAME.test(name) || !NAME.test(version))
    fail("E_CONFIG", {
      where: "artifact",
      expected: "a reference such as name, name:v3, name:best or project/name:latest",
      got: JSON.stringify(text.slice(0, 200)),
    });
  return { project: slash < 0 ? "" : text.slice(0, slash), name, version };
}
