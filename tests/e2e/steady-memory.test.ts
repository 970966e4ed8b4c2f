import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { createRandom } from "../../src/base/random.js";
import { createTinyTrainer, labelledBatch, textsOf } from "../support/tiny-bert.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Resident memory in MiB once nothing is left to be freed. */
function residentMebibytes(): number {
  collectGarbage();
  return process.memoryUsage.rss() / 2 ** 20;
}

it("does not grow over 1,000 steps of varied lengths and sizes", { timeout: 180_000 }, async () => {
  const trainer = await createTinyTrainer({ dropout: 0.1 });
  const random = createRandom(1);
  const texts = textsOf(
    Array.from({ length: 64 }, (_, row) => Array.from({ length: 1 + (row % 20) }, () => 4 + random.integer(16))),
  );
  const labelIds = new Array<number>(texts.length).fill(0).map(() => random.integer(3));
  const run = async (from: number, to: number): Promise<void> => {
    for (let step = from; step < to; step++) {
      const rows = Array.from({ length: 16 + random.integer(48) }, () => random.integer(texts.length));
      await trainer.step([labelledBatch(texts, labelIds, rows)], step, 1e-4);
    }
  };
  await run(0, 300);
  const early = residentMebibytes();
  await run(300, 1000);
  const late = residentMebibytes();
  await trainer.close();
  // One step's gradients of the embeddings alone, were they kept, would come to 45 MiB over 700 steps; on a busy
  // machine 10 were seen of what had not been given back yet.
  expect(late - early).toBeLessThan(20);
});
