/** One state of a training as a safetensors file, whose metadata hold the facts and a checksum of everything. */
import { crc32 } from "node:zlib";
import { openSafetensors, readSafetensorsMetadata, writeSafetensors } from "../../checkpoints/node/safetensors-file.js";
import { damaged } from "../../checkpoints/weight-reader.js";
import type { TrainingState } from "../training-state.js";

/** Changes when older files can no longer be read. */
const FORMAT = "textune-training-1";

/** Writes a new file; it is on disk when the promise resolves. */
export async function writeStateFile(path: string, { step, facts, tensors }: TrainingState): Promise<void> {
  const list = [...tensors].map(([name, data]) => ({ name, shape: [data.length], data }));
  const json = JSON.stringify({ step, ...facts }, (_, value) => (isPlain(value) ? value : { $number: String(value) }));
  const checksum = checksumOf(json, tensors.values());
  await writeSafetensors(path, list, { format: FORMAT, facts: json, checksum });
}

/** @throws E_WEIGHTS when the file is not what was written */
export async function readStateFile(path: string): Promise<TrainingState> {
  const { format, facts: json, checksum } = await readSafetensorsMetadata(path);
  if (format !== FORMAT || json === undefined)
    return damaged(path, `a checkpoint of the format ${FORMAT}`, format ?? "another file");
  const reader = await openSafetensors(path);
  try {
    const tensors = new Map<string, Float32Array>();
    for (const name of reader.names) tensors.set(name, await reader.read(name));
    if (checksumOf(json, tensors.values()) !== checksum) damaged(path, `the checksum ${checksum}`, "another one");
    const { step, ...facts } = JSON.parse(json, (_, value) => numberOf(value)) as { step: number };
    return { step, facts, tensors };
  } finally {
    await reader.close();
  }
}

function checksumOf(json: string, tensors: Iterable<Float32Array>): string {
  let sum = crc32(json);
  for (const { buffer, byteOffset, byteLength } of tensors) {
    // Of no bytes zlib forgets the sum so far.
    if (byteLength > 0) sum = crc32(new Uint8Array(buffer, byteOffset, byteLength), sum);
  }
  return String(sum);
}

/** JSON has no NaN and no infinite numbers: they are written as { "$number": "NaN" }. */
function isPlain(value: unknown): boolean {
  return typeof value !== "number" || Number.isFinite(value);
}

function numberOf(value: unknown): unknown {
  const text = typeof value === "object" && value !== null && "$number" in value ? value.$number : undefined;
  return text === undefined ? value : Number(text);
}
