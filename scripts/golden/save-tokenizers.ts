/** Writes tokenizer.json of every kind of tokenizer, for token_places.py: tsx scripts/golden/save-tokenizers.ts FOLDER */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kinds, tokenizerOf } from "../../tests/support/tokenizer-kinds.js";

const [folder = "tokenizers"] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
for (const [name, kind] of kinds)
  writeFileSync(join(folder, `${name}.json`), tokenizerOf(name, kind).files["tokenizer.json"] as string);
