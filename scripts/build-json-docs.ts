/**
 * Writes what `--json` prints, from its zod schemas: docs/json-output.md for people and docs/json-output.schema.json for
 * programs.
 *
 *   npm run build:json-docs
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { jsonDocs } from "./json-outputs/write-docs.js";

for (const { path, text } of jsonDocs()) writeFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), text);
