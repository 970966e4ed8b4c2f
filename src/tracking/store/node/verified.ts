import { createHash } from "node:crypto";
import { fail } from "../../../base/errors.js";

/** The pieces as they are; at their end E_STORE where their SHA-256 is not `hash`. */
export async function* verified(hash: string, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const digest = createHash("sha256");
  for await (const piece of pieces) {
    digest.update(piece);
    yield piece;
  }
  const found = digest.digest("hex");
  if (found !== hash)
    fail("E_STORE", {
      where: `content ${hash.slice(0, 12)}`,
      expected: "what was put",
      got: `content whose hash is ${found.slice(0, 12)}: the store was damaged`,
      fix: "put the artifact again",
    });
}

export function missingBlob(hash: string): never {
  return fail("E_STORE", {
    where: `content ${hash.slice(0, 12)}`,
    expected: "to be in the store",
    got: "nothing",
    fix: "put the artifact again",
  });
}

export function changedWhileRead(hash: string): never {
  return fail("E_STORE", {
    where: `content ${hash.slice(0, 12)}`,
    expected: "a file that stays as it is while it is put",
    got: "one that changed",
    fix: "put it again once nothing writes it",
  });
}
