/** Model folders that come packed: zip archives of Google's, `.tar.gz` of TensorFlow Hub. */
import { createReadStream } from "node:fs";
import { mkdir, mkdtemp, open, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fail, TextuneError } from "../../base/errors.js";
import { removeLeftovers } from "../../base/node/processes.js";
import { decompress, packingOf } from "../../data/format/node/decompress.js";
import { type Member, tarMembers, zipMembers } from "../../data/source/node/archives.js";
import { SUBFOLDERS } from "./model-folder.js";

/** What the name of an archive ends in. */
export const ARCHIVE_ENDINGS = [".zip", ".tar.gz", ".tgz", ".tar"] as const;

/** Weights hardly pack: what becomes much larger was made to fill the disk. */
const MOST_RATIO = 20;
const UNSUSPICIOUS_BYTES = 1 << 26;
const MAX_MEMBERS = 1000;

export interface UnpackedModel {
  /** The folder that holds the model. */
  readonly folder: string;
  /** Removes it, with all that was unpacked. */
  readonly remove: () => Promise<void>;
}

/**
 * Unpacks the archive at `path` into a temporary folder.
 *
 * @throws E_WEIGHTS for an archive that is damaged, leads out of its folder, or becomes more than 20 times as large
 */
export async function unpackArchive(path: string): Promise<UnpackedModel> {
  await removeLeftovers(tmpdir(), /^textune-model-(\d+)-/);
  const place = await mkdtemp(join(tmpdir(), `textune-model-${process.pid}-`));
  const remove = (): Promise<void> => rm(place, { recursive: true, force: true });
  try {
    return { folder: await unpackInto(path, place), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/**
 * Unpacks the archive at `path` into the folder `place`, and returns the folder in it that holds the model.
 *
 * @throws E_WEIGHTS as {@link unpackArchive}
 */
export async function unpackInto(path: string, place: string): Promise<string> {
  try {
    const { size } = await stat(path);
    const most = UNSUSPICIOUS_BYTES + MOST_RATIO * size;
    let unpacked = 0;
    let members = 0;
    for await (const member of await membersOf(path, most)) {
      if (++members > MAX_MEMBERS)
        fail("E_WEIGHTS", {
          where: path,
          expected: `at most ${MAX_MEMBERS} files`,
          got: "more",
          fix: "name the folder",
        });
      unpacked += await writeMember(member, join(place, member.path), most - unpacked, path);
    }
    return await innerFolder(place);
  } catch (error) {
    // The readers of archives serve data sets first.
    if (error instanceof TextuneError && error.code === "E_DATA")
      throw new TextuneError("E_WEIGHTS", error.message, error);
    throw error;
  }
}

async function membersOf(path: string, most: number): Promise<AsyncIterable<Member>> {
  const file = await open(path);
  const start = new Uint8Array(512);
  const { bytesRead } = await file.read(start, 0, start.length, 0);
  await file.close();
  const packing = packingOf(start.subarray(0, bytesRead), path);
  if (packing === "zip") return zipMembers(path, path, most);
  const bytes: AsyncIterable<Uint8Array> = createReadStream(path);
  if (packing === "tar") return tarMembers(bytes, path, most);
  if (packing === "gzip") return tarMembers(decompress(bytes, "gzip", path, most), path, most);
  return fail("E_WEIGHTS", {
    where: path,
    expected: "a zip archive, or a tar archive, packed by gzip or not",
    got: packing ?? "another file",
    fix: "get it anew, or name the unpacked folder",
  });
}

async function writeMember({ bytes }: Member, target: string, room: number, path: string): Promise<number> {
  await mkdir(dirname(target), { recursive: true });
  const file = await open(target, "wx");
  let size = 0;
  try {
    for await (const chunk of bytes) {
      size += chunk.length;
      if (size > room)
        fail("E_WEIGHTS", {
          where: path,
          expected: `at most ${MOST_RATIO} times its size, unpacked`,
          got: "more",
          fix: "do not trust this file",
        });
      await file.writeFile(chunk);
    }
    return size;
  } finally {
    await file.close();
  }
}

/** Many archives hold one folder, which holds the model. */
async function innerFolder(place: string): Promise<string> {
  const entries = await readdir(place, { withFileTypes: true });
  const [only] = entries;
  const isWrapper = entries.length === 1 && only?.isDirectory() && !SUBFOLDERS.includes(only.name);
  return isWrapper && only !== undefined ? innerFolder(join(place, only.name)) : place;
}
