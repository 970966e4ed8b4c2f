/** Damage to real files: what every reader has to meet with an error that names the file. */
import { writeFile } from "node:fs/promises";
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
 * that names the file. Nothing else may be thrown, and no weight may be longer than the file.
 */
export async function expectHonestErrors(
  bytes: Uint8Array,
  path: string,
  open: (path: string) => Promise<WeightReader>,
  numRuns: number,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(damagedBytes(bytes), async (damaged) => {
      await writeFile(path, damaged);
      try {
        const reader = await open(path);
        try {
          for (const name of reader.names) await readWithin(reader, name, damaged.length);
        } finally {
          await reader.close();
        }
      } catch (error) {
        const honest = error instanceof TextuneError && error.code === "E_WEIGHTS" && error.message.startsWith(path);
        if (!honest) throw error;
      }
    }),
    { numRuns, seed: 1 },
  );
}

async function readWithin(reader: WeightReader, name: string, fileBytes: number): Promise<void> {
  const values = await reader.read(name).catch((error: unknown) => {
    if (error instanceof TextuneError && error.code === "E_WEIGHTS") return new Float32Array();
    throw error;
  });
  // Of two bytes or more each.
  if (values.length > fileBytes / 2) throw new Error(`"${name}" has ${values.length} values in ${fileBytes} bytes`);
}
