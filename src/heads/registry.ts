/** The heads that a saved model may name. */
import { fail } from "../base/errors.js";
import { didYouMean } from "../base/nearest.js";
import { denseGeluHead, denseReluHead, denseTanhHead } from "./first-token.js";
import type { Head } from "./head.js";
import { pooledHead } from "./pooled.js";
import { poolerHead } from "./pooler.js";
import { recordedHead } from "./recording.js";

export const HEADS: readonly Head[] = [
  poolerHead,
  denseTanhHead,
  denseGeluHead,
  denseReluHead,
  pooledHead,
  recordedHead,
];

/** The head called `name`; throws E_CONFIG for one that is not known. */
export function headNamed(name: string): Head {
  const names = HEADS.map((head) => head.name);
  return (
    HEADS.find((head) => head.name === name) ??
    fail("E_CONFIG", {
      option: "head",
      expected: `one of ${names.join(", ")}`,
      got: `"${name}"`,
      fix: didYouMean(name, names),
    })
  );
}
