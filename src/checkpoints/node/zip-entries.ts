/** The files of a zip archive in the place where they stand: nothing is unpacked. */
import { crc32 } from "node:zlib";
import { type Entry, open, type ZipFile } from "yauzl";
import type { ByteSource } from "../byte-source.js";
import { partOf } from "../byte-source.js";
import { damaged } from "../weight-reader.js";
import type { OpenFile } from "./file-bytes.js";

/** A file in an archive, and where its bytes stand in it. */
export interface ZipEntry extends ByteSource {
  readonly start: number;
}

/** A model of many layers has some thousand tensors, a file each. */
const MAX_ENTRIES = 200_000;

/**
 * The uncompressed files of the archive `file`, by name.
 *
 * @throws E_WEIGHTS for an archive that is cut off or damaged, and for a file that is compressed
 */
export async function zipEntries(file: OpenFile): Promise<Map<string, ZipEntry>> {
  const broken = (error: unknown): never =>
    damaged(file.path, "a whole zip archive", error instanceof Error ? error.message : String(error), error);
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    open(file.path, { lazyEntries: true, autoClose: false, validateEntrySizes: true }, (error, opened) =>
      error === null && opened !== undefined ? resolve(opened) : reject(error),
    );
  }).catch(broken);
  try {
    if (zip.entryCount > MAX_ENTRIES) broken(new Error(`${zip.entryCount} files`));
    const entries = new Map<string, ZipEntry>();
    for (const entry of await listEntries(zip).catch(broken)) {
      const where = `${file.path}, ${entry.fileName}`;
      if (entry.compressionMethod !== 0 || entry.compressedSize !== entry.uncompressedSize || entry.isEncrypted())
        damaged(where, "a file that is stored as it is", "one that is compressed or encrypted");
      const start = await dataStart(zip, entry).catch(broken);
      const source = verified(partOf(file, start, entry.uncompressedSize, where), entry.crc32);
      entries.set(entry.fileName, { ...source, start });
    }
    return entries;
  } finally {
    zip.close();
  }
}

/** Compares what is read with the archive's checksum, where it is read as a whole. */
function verified(source: ByteSource, checksum: number): ByteSource {
  return {
    ...source,
    read: async (start, length) => {
      const bytes = await source.read(start, length);
      if (length === source.size && crc32(bytes) !== checksum)
        damaged(source.path, `the checksum ${checksum}`, String(crc32(bytes)));
      return bytes;
    },
  };
}

function listEntries(zip: ZipFile): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on("entry", (entry: Entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.on("end", () => resolve(entries));
    zip.on("error", reject);
    zip.readEntry();
  });
}

function dataStart(zip: ZipFile, entry: Entry): Promise<number> {
  return new Promise((resolve, reject) => {
    zip.readLocalFileHeader(entry, { minimal: true }, (error, header) =>
      error === null && header !== undefined ? resolve(header.fileDataStart) : reject(error),
    );
  });
}
