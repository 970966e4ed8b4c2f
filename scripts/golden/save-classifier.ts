/**
 * Saves, with Textune, the float16 classifier of tests/golden/transformers-checkpoints.json to the folder named in the
 * first argument: what scripts/golden/saved_classifier.py then reads with transformers.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TextClassifier } from "../../src/classifier/node/text-classifier.js";
import { writeVariant } from "../../tests/support/golden-checkpoints.js";

const source = await mkdtemp(join(tmpdir(), "textune-golden-"));
try {
  await writeVariant("float16", source);
  const classifier = await TextClassifier.fromPretrained(source, { threads: 1 });
  await classifier.save(process.argv[2]);
} finally {
  await rm(source, { recursive: true, force: true });
}
