/** What a person decided about the rows of a file, as a list that only grows. */

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { z } from "zod";
import type { Dataset } from "../data/dataset/dataset.js";

/** A decision, or the taking back of the last one that still stands. */
export const decisionEntry = z.discriminatedUnion("action", [
  z.strictObject({
    action: z.literal("label"),
    /** Counted from 0. */
    row: z.number().int().min(0),
    /** Of the row's text, so that the decision finds it in a file that has grown. */
    text: z.string(),
    /** A class; in corrections a list of classes in JSON or a number where the data has such. */
    label: z.string(),
    /** ISO 8601 */
    at: z.string(),
  }),
  z.strictObject({
    /** There is nothing to label; or it is not clear which label is right. */
    action: z.enum(["skip", "unsure"]),
    row: z.number().int().min(0),
    text: z.string(),
    at: z.string(),
  }),
  z.strictObject({ action: z.literal("undo"), at: z.string() }),
]);
export type DecisionEntry = z.output<typeof decisionEntry>;
export type RowEntry = Exclude<DecisionEntry, { action: "undo" }>;

/** The hash by which a decision knows its text. */
export function textHash(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text))).slice(0, 16);
}

/** The hash by which a decision knows a row: of its text, or of both. */
export function rowHash(dataset: Dataset, row: number): string {
  const second = dataset.textPair(row);
  return textHash(second === undefined ? dataset.text(row) : `${dataset.text(row)}\n${second}`);
}

/** What stands of a list of decisions. */
export interface Decisions {
  /** The latest decision about each row. */
  readonly byRow: ReadonlyMap<number, RowEntry>;
  /** The decisions that can be taken back, the latest last. */
  readonly standing: readonly RowEntry[];
}

/**
 * What stands when all `entries` are read, in their order. An undo takes the latest decision that stands away, so that the one
 * before it about that row holds again.
 */
export function standingDecisions(entries: Iterable<DecisionEntry>): Decisions {
  const standing: RowEntry[] = [];
  for (const entry of entries) {
    if (entry.action === "undo") standing.pop();
    else standing.push(entry);
  }
  return { byRow: new Map(standing.map((entry) => [entry.row, entry])), standing };
}
