/** Writes the models of tests/support/exported-bert.ts to a folder, for exported_models.py. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EXPORTED_IDS, exportedBert } from "../../tests/support/exported-bert.js";

const [folder = "/tmp/exported-models"] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
for (const [name, bytes] of exportedBert()) writeFileSync(join(folder, `${name}.onnx`), bytes);
writeFileSync(join(folder, "ids.json"), JSON.stringify(EXPORTED_IDS));
