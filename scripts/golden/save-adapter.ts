/** Opens an adapter and saves it again, for peft_adapter.py: npx tsx scripts/golden/save-adapter.ts ADAPTER FOLDER */
import { TextClassifier } from "../../src/index.js";

const [, , source, folder] = process.argv as [string, string, string, string];
await using classifier = await TextClassifier.fromPretrained(source);
await classifier.save(folder);
