import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openPytorch } from "./pytorch-file.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "textune pytorch "));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const golden = (path: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../tests/golden/weight-formats/${path}`, import.meta.url)));

/** A file of the older layout whose weights are described by `pickle`. */
async function legacy(name: string, pickle: string, after = ""): Promise<string> {
  const magic = "\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.";
  const protocol = "\x80\x02M\xe9\x03.";
  const system = "\x80\x02}q\x00X\r\x00\x00\x00little_endianq\x01\x88s.";
  const path = join(folder, name);
  await writeFile(path, Buffer.from(magic + protocol + system + pickle + after, "latin1"));
  return path;
}

const text = (value: string): string => `X${String.fromCharCode(value.length)}\0\0\0${value}`;
/** A pickle with one tensor "w" over a storage of 2 floats. */
const tensor = (offset: number, shape: string, strides: string): string =>
  `\x80\x02}${text("w")}ctorch._utils\n_rebuild_tensor_v2\n((${text("storage")}ctorch\nFloatStorage\n${text("0")}${text("cpu")}K\x02NtQ` +
  `K${String.fromCharCode(offset)}${shape}${strides}\x89NtRs.`;
const STORAGES = `\x80\x02]${text("0")}a.\x02\0\0\0\0\0\0\0\0\0\x80?\0\0\0@`;

it("reads what the tests below spoil", async () => {
  const reader = await openPytorch(await legacy("good.bin", tensor(0, "K\x02\x85", "K\x01\x85"), STORAGES));
  expect([...(await reader.read("w"))]).toEqual([1, 2]);
  await reader.close();
});

it.each([
  ["a function of Python", "\x80\x02cposix\nsystem\nX\x02\0\0\0ls\x85R.", '"posix.system"'],
  ["a name that is put together", `\x80\x04${text("builtins")}${text("eval")}\x93.`, '"builtins.eval"'],
  ["an instruction that imports", "\x80\x02(ios\nsystem\n.", "0x69"],
  ["a tensor beyond its storage", tensor(1, "K\x02\x85", "K\x01\x85"), "within their storages"],
  ["a tensor that repeats one element", tensor(0, "K\xff\x85", "K\0\x85"), "within their storages"],
  ["strides without a shape", tensor(0, ")", "K\x01\x85"), "strides for each tensor"],
  ["no tensors", "\x80\x02}.", "a dictionary of tensors"],
  ["a value from an empty stack", "\x80\x02.", "a value on the stack"],
  ["text that is longer than the file", "\x80\x02X\xff\xff\xff\x7fabc.", "bytes of a pickle"],
])("refuses %s", async (name, pickle, said) => {
  const path = await legacy(`${name}.bin`, pickle, STORAGES);
  await expect(openPytorch(path)).rejects.toMatchObject({
    code: "E_WEIGHTS",
    message: expect.stringContaining(said),
  });
});

it("finds a changed weight by the checksum of the archive", async () => {
  const path = join(folder, "changed.bin");
  const bytes = golden("pytorch/pytorch_model.bin");
  bytes[bytes.indexOf(0x3f, 8000)] ^= 1;
  await writeFile(path, bytes);
  const reader = await openPytorch(path);
  const read = Promise.all(reader.names.map((name) => reader.read(name)));
  await expect(read).rejects.toMatchObject({ code: "E_WEIGHTS", message: expect.stringContaining("checksum") });
  await reader.close();
});

it("refuses a storage that has another size than the tensors say", async () => {
  const path = await legacy("size.bin", tensor(0, "K\x02\x85", "K\x01\x85"), STORAGES.replace(".\x02", ".\x03"));
  await expect(openPytorch(path)).rejects.toMatchObject({ message: expect.stringContaining("with 2 elements, got 3") });
});
