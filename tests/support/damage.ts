/** Damage to real files: what every reader has to meet with an error that names the file. */
import { writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import fc from "fast-check";
import { TextuneError } from "../../src/base/errors.js";
import type { WeightReader } from "../../src/checkpoints/weight-reader.js";

/** `bytes` with some bytes overwritten, some left out, or the end cut off. */
export function damagedBytes(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const place = fc.nat(bytes.length - 1);
  const overwritten = fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 8 }).map((changes) => {
    const copy = bytes.slice();
    for (const [at, value] of changes) copy[at] = value;
    return copy;
  });
  const without = fc.tuple(place, fc.integer({ min: 1, max: 64 })).map(([at, count]) => {
    return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + count)]);
  });
  const cut = place.map((length) => bytes.slice(0, length));
  return fc.oneof({ weight: 4, arbitrary: overwritten }, without, cut);
}

/**
 * Opens damaged copies of `bytes` at `path` and reads all their weights: that works, or fails with a {@link TextuneError}
 * that names the file, or one beside it that it needs. Nothing else may be thrown, and no weight may be longer than
 * `most` values.
 */
export async function expectHonestErrors(
  bytes: Uint8Array,
  path: string,
  open: (path: string) => Promise<WeightReader>,
  { most, numRuns }: { readonly most: number; readonly numRuns: number },
): Promise<void> {
  const isHonest = (error: unknown): boolean =>
    error instanceof TextuneError && error.code === "E_WEIGHTS" && error.message.startsWith(dirname(path));
  await fc.assert(
    fc.asyncProperty(damagedBytes(bytes), async (damaged) => {
      await writeFile(path, damaged);
      try {
        const reader = await open(path);
        try {
          for (const name of reader.names) {
            const { length } = await reader.read(name).catch((error: unknown) => {
              if (isHonest(error)) return [];
              throw error;
            });
            if (length > most) throw new Error(`"${name}" has ${length} values`);
          }
        } finally {
          await reader.close();
        }
      } catch (error) {
        if (!isHonest(error)) throw error;
      }
    }),
    { numRuns, seed: 1 },
  );
}
