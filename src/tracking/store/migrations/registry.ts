/** The migrations, oldest first. A new one is a file here and a line. */
import { runsAndArtifacts } from "./0001-runs-and-artifacts.js";
import { sweeps } from "./0002-sweeps.js";
import { changes } from "./0003-changes.js";
import type { Migration } from "./migration.js";

export const migrations: readonly Migration[] = [runsAndArtifacts, sweeps, changes];
