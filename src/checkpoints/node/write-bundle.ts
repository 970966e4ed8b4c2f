/** Writes a TensorFlow checkpoint: one file of data, and the index that bundle.ts reads. */
import { type FileHandle, open } from "node:fs/promises";
import type { OutgoingTensor } from "../conversions/outgoing.js";
import { maskedCrc32c } from "../tensorflow/crc32c.js";
import { encodeTensorflow } from "../tensorflow/schema.js";
import type { TableEntry } from "../tensorflow/table.js";
import { writeTable } from "../tensorflow/write-table.js";

const FLOAT32 = 1;

/** Writes `prefix`.index and its data, `tensors` one at a time; both are on the disk when the promise resolves. */
export async function writeBundle(prefix: string, tensors: readonly OutgoingTensor[]): Promise<void> {
  const rows: TableEntry[] = [
    { key: "", value: encodeTensorflow("BundleHeaderProto", { numShards: 1, version: { producer: 1 } }) },
  ];
  await withNew(`${prefix}.data-00000-of-00001`, async (file) => {
    let offset = 0;
    for (const { name, shape, read } of [...tensors].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const values = await read();
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      await file.writeFile(bytes);
      const entry = {
        dtype: FLOAT32,
        shape: { dim: shape.map((size) => ({ size })) },
        offset,
        size: bytes.length,
        crc32c: maskedCrc32c(bytes),
      };
      rows.push({ key: name, value: encodeTensorflow("BundleEntryProto", entry) });
      offset += bytes.length;
    }
  });
  await withNew(`${prefix}.index`, (file) => file.writeFile(writeTable(rows)));
}

async function withNew(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, "wx");
  try {
    await write(file);
    await file.sync();
  } finally {
    await file.close();
  }
}
