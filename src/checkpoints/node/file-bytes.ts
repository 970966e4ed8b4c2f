/** Files on disk as byte sources. */
import { open } from "node:fs/promises";
import { fail } from "../../base/errors.js";
import { assertInside, type ByteSource } from "../byte-source.js";
import { damaged } from "../weight-reader.js";

export interface OpenFile extends ByteSource {
  close(): Promise<void>;
}

/** The system reads less than 2 GiB at a time. */
const MAX_READ = 1 << 30;

/** @throws E_WEIGHTS for a file that is not there or is none */
export async function openBytes(path: string): Promise<OpenFile> {
  const complain = (error: NodeJS.ErrnoException): never =>
    fail(
      "E_WEIGHTS",
      {
        where: path,
        expected: "a file of weights",
        got: error.code === "ENOENT" ? "nothing of this name" : (error.code ?? error.message),
        fix: "bring all files of the model",
      },
      error,
    );
  const file = await open(path, "r").catch(complain);
  const found = await file.stat();
  if (!found.isFile()) {
    await file.close();
    complain(Object.assign(new Error("no file"), { code: found.isDirectory() ? "a folder" : "no regular file" }));
  }
  const { size } = found;
  return {
    path,
    size,
    read: async (start, length) => {
      assertInside(path, start, length, size);
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length; ) {
        const { bytesRead } = await file.read(bytes, done, Math.min(length - done, MAX_READ), start + done);
        if (bytesRead === 0) damaged(path, `${length} bytes at ${start}`, "the end of the file");
        done += bytesRead;
      }
      return bytes;
    },
    close: () => file.close(),
  };
}

/** Opens `path` for `use`, which keeps it open in what it returns; closes it where `use` throws. */
export async function withBytes<T>(path: string, use: (file: OpenFile) => Promise<T>): Promise<T> {
  const file = await openBytes(path);
  try {
    return await use(file);
  } catch (error) {
    await file.close();
    throw error;
  }
}
