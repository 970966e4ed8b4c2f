/**
 * W&B's files of offline runs: records in blocks as LevelDB's log has them, each a message of `wandb_internal.proto`.
 *
 * @source https://github.com/wandb/wandb: core/pkg/leveldb/record.go for the blocks, wandb/proto/wandb_internal.proto for
 *   the messages; LevelDB's doc/log_format.md
 */
import { crc32 } from "node:zlib";
import { fail } from "../../base/errors.js";
import { type MessageOf, protobufCodec } from "../../base/protobuf.js";

const ITEM = {
  key: { number: 1, type: "string" },
  nestedKey: { number: 2, type: "string", repeated: true },
  valueJson: { number: 16, type: "string" },
} as const;
const MESSAGES = {
  Record: {
    history: { number: 2, type: "History" },
    summary: { number: 3, type: "Changes" },
    config: { number: 5, type: "Changes" },
    run: { number: 17, type: "Run" },
    exit: { number: 18, type: "Exit" },
  },
  History: { items: { number: 1, type: "Item", repeated: true }, step: { number: 2, type: "Step" } },
  Step: { num: { number: 1, type: "int64" } },
  Changes: { update: { number: 1, type: "Item", repeated: true } },
  Item: ITEM,
  Run: {
    runId: { number: 1, type: "string" },
    project: { number: 3, type: "string" },
    config: { number: 4, type: "Changes" },
    group: { number: 6, type: "string" },
    jobType: { number: 7, type: "string" },
    displayName: { number: 8, type: "string" },
    notes: { number: 9, type: "string" },
    tags: { number: 10, type: "string", repeated: true },
  },
  Exit: { exitCode: { number: 1, type: "int32" } },
} as const;

const { decode } = protobufCodec(MESSAGES);
export type WandbRecord = MessageOf<typeof MESSAGES, "Record">;
export type WandbItem = MessageOf<typeof MESSAGES, "Item">;

const BLOCK = 32_768;
/** Before a part of a record: its checksum in 4 bytes, its length in 2, its kind. */
const HEAD = 7;
const KIND = { whole: 1, first: 2, middle: 3, last: 4 } as const;
/** What the file begins with: ":W&B", a number, a version. */
const IDENTITY = [0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0];

/**
 * The records of a file. One that is cut short, as a program that still writes or was killed leaves it, ends at its last
 * whole record.
 *
 * @throws E_DATA where it is no such file, or damaged
 */
export function* wandbRecords(bytes: Uint8Array, name: string): Generator<WandbRecord> {
  const damaged = (at: number, got: string): never =>
    fail("E_DATA", { where: `${name}, byte ${at}`, expected: "an offline run of W&B", got });
  if (IDENTITY.some((byte, i) => bytes[i] !== byte)) damaged(0, "another file, or another version");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let parts: Uint8Array[] = [];
  for (let at = IDENTITY.length; at + HEAD <= bytes.length; ) {
    const left = BLOCK - (at % BLOCK);
    // What is too short for a part is left empty.
    if (left < HEAD) {
      at += left;
      continue;
    }
    const length = view.getUint16(at + 4, true);
    const kind = view.getUint8(at + 6);
    const end = at + HEAD + length;
    if (end > bytes.length) return;
    const part = bytes.subarray(at + HEAD, end);
    if (view.getUint32(at, true) !== crc32(bytes.subarray(at + 6, end))) damaged(at, "a wrong checksum");
    if (kind === KIND.whole || kind === KIND.first) parts = [];
    parts.push(part);
    if (kind === KIND.whole || kind === KIND.last) {
      const body = parts.length === 1 ? part : Buffer.concat(parts);
      try {
        yield decode("Record", body);
      } catch (error) {
        damaged(at, error instanceof Error ? error.message : "no message");
      }
    }
    at = end;
  }
}

/** The name of an item; of a nested one the names on the way, joined by dots, as W&B shows them. */
export function itemName({ key = "", nestedKey = [] }: WandbItem): string {
  return nestedKey.length > 0 ? nestedKey.join(".") : key;
}

/** The value of an item: JSON, in which NaN and infinities may stand as Python writes them. */
export function itemValue({ valueJson = "null" }: WandbItem): unknown {
  if (valueJson === "NaN" || valueJson === "Infinity" || valueJson === "-Infinity") return Number(valueJson);
  try {
    return JSON.parse(valueJson) as unknown;
  } catch {
    return valueJson;
  }
}
