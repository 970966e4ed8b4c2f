import { randomInt } from "node:crypto";

const LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz";
const LENGTH = 8;

/** The id of a new run: eight small letters and digits, 2.8 million million of them. */
export function newRunId(): string {
  return Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join("");
}
