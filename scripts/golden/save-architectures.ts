/**
 * Saves, with Textune, the small random classifier of every architecture to the folder named in the first argument, with
 * texts, token ids and logits for scripts/golden/check_saved_classifier.py to compare what transformers makes of them:
 *
 *   npx tsx scripts/golden/save-architectures.ts FOLDER
 *   python scripts/golden/check_saved_classifier.py FOLDER/modernbert FOLDER/modernbert.jsonl --expect
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TextClassifier } from "../../src/classifier/node/text-classifier.js";
import { ARCHITECTURES } from "../../tests/support/golden-architectures.js";
import { classify, goldenCheckpoints } from "../../tests/support/golden-checkpoints.js";
import { writeRandomCheckpoint } from "../../tests/support/random-checkpoint.js";

const [, , folder] = process.argv;
const { texts, labels } = goldenCheckpoints;
await mkdir(folder, { recursive: true });
const source = await mkdtemp(join(tmpdir(), "textune-golden-"));
try {
  for (const name of ARCHITECTURES) {
    await writeRandomCheckpoint(name, join(source, name), labels);
    const classifier = await TextClassifier.fromPretrained(join(source, name), { threads: 1 });
    await classifier.save(join(folder, name));
    await classifier.close();
    const { logits, tokenIds } = await classify(join(folder, name), texts, labels.length);
    const lines = texts.map((text, row) => {
      const own = [...logits.subarray(row * labels.length, (row + 1) * labels.length)];
      return JSON.stringify({ text, tokenIds: tokenIds[row], logits: own });
    });
    await writeFile(join(folder, `${name}.jsonl`), `${lines.join("\n")}\n`);
  }
} finally {
  await rm(source, { recursive: true, force: true });
}
