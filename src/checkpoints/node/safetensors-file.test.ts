import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSafetensors, writeSafetensors } from "./safetensors-file.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "textune "));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A file with the given header and data. */
async function file(name: string, header: unknown, data: Uint8Array): Promise<string> {
  const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const path = join(folder, name);
  await writeFile(path, Buffer.concat([length, json, data]));
  return path;
}

it("reads back what it wrote, bit for bit", async () => {
  const path = join(folder, "written.safetensors");
  const tensors = [
    { name: "b", shape: [2, 3], data: Float32Array.of(1, -2.5, 3e-30, Number.NaN, Number.POSITIVE_INFINITY, -0) },
    { name: "a", shape: [], data: Float32Array.of(7) },
  ];
  await writeSafetensors(path, tensors);
  const reader = await openSafetensors(path);
  expect(reader.names).toEqual(["b", "a"]);
  expect(reader.shape("b")).toEqual([2, 3]);
  for (const { name, data } of tensors) expect(await reader.read(name)).toEqual(data);
  await reader.close();
  expect((await readFile(path)).readBigUInt64LE(0) % 8n).toBe(0n);
});

it("decodes F16, BF16 and F64", async () => {
  const data = Buffer.alloc(2 * 2 + 2 * 2 + 8);
  // 1, -2.5; 1, -123.5
  for (const [i, bits] of [0x3c00, 0xc100, 0x3f80, 0xc2f7].entries()) data.writeUInt16LE(bits, 2 * i);
  data.writeDoubleLE(0.1, 8);
  const path = await file(
    "mixed.safetensors",
    {
      h: { dtype: "F16", shape: [2], data_offsets: [0, 4] },
      b: { dtype: "BF16", shape: [2], data_offsets: [4, 8] },
      d: { dtype: "F64", shape: [1], data_offsets: [8, 16] },
    },
    data,
  );
  const reader = await openSafetensors(path);
  expect([...(await reader.read("h"))]).toEqual([1, -2.5]);
  expect([...(await reader.read("b"))]).toEqual([1, -123.5]);
  expect([...(await reader.read("d"))]).toEqual([Math.fround(0.1)]);
  await reader.close();
});

it("reads weights that are spread over files", async () => {
  await writeSafetensors(join(folder, "model-00001-of-00002.safetensors"), [
    { name: "x", shape: [1], data: Float32Array.of(1) },
  ]);
  await writeSafetensors(join(folder, "model-00002-of-00002.safetensors"), [
    { name: "y", shape: [1], data: Float32Array.of(2) },
  ]);
  const index = join(folder, "model.safetensors.index.json");
  await writeFile(
    index,
    JSON.stringify({ weight_map: { x: "model-00001-of-00002.safetensors", y: "model-00002-of-00002.safetensors" } }),
  );
  const reader = await openSafetensors(index);
  expect([(await reader.read("x"))[0], (await reader.read("y"))[0]]).toEqual([1, 2]);
  await reader.close();
  await writeFile(index, JSON.stringify({ weight_map: { x: "../outside.safetensors" } }));
  await expect(openSafetensors(index)).rejects.toMatchObject({
    code: "E_WEIGHTS",
    message: expect.stringContaining("../outside"),
  });
});

it("refuses an index that is no JSON, or does not fit its files", async () => {
  const place = join(folder, "broken index");
  await mkdir(place);
  await writeSafetensors(join(place, "model-1-of-1.safetensors"), [
    { name: "x", shape: [1], data: Float32Array.of(1) },
  ]);
  const index = join(place, "model.safetensors.index.json");
  const cases = [
    ["{nonsense", "weight_map"],
    ["null", "weight_map"],
    ['{"weight_map": {"x": 3}}', '"3"'],
    ['{"weight_map": {"x": "model-2-of-2.safetensors"}}', "nothing of this name"],
    ['{"weight_map": {"y": "model-1-of-1.safetensors"}}', '"y"'],
  ];
  for (const [content, said] of cases) {
    await writeFile(index, content);
    await expect(openSafetensors(index), content).rejects.toMatchObject({
      code: "E_WEIGHTS",
      message: expect.stringContaining(said),
    });
  }
});

describe("refuses in one line", () => {
  const four = new Uint8Array(4);
  const cases: readonly [string, unknown, Uint8Array, string][] = [
    ["a header that is no JSON", "{nonsense", four, "JSON"],
    ["a file that is cut off", { x: { dtype: "F32", shape: [2], data_offsets: [0, 8] } }, four, "cut off"],
    ["offsets that do not fit the shape", { x: { dtype: "F32", shape: [2], data_offsets: [0, 4] } }, four, "8 bytes"],
    [
      "tensors that overlap",
      { x: { dtype: "F32", shape: [1], data_offsets: [0, 4] }, y: { dtype: "F32", shape: [1], data_offsets: [0, 4] } },
      four,
      "overlap",
    ],
    ["a hole between tensors", { x: { dtype: "U8", shape: [1], data_offsets: [1, 2] } }, four.subarray(2), "a hole"],
    ["data that no tensor has", { x: { dtype: "U8", shape: [1], data_offsets: [0, 1] } }, four, "got 4"],
    ["a dtype that objects inherit", { x: { dtype: "constructor", shape: [], data_offsets: [0, 4] } }, four, "dtype"],
    ["an unknown dtype", { x: { dtype: "Q4", shape: [1], data_offsets: [0, 4] } }, four, "dtype"],
    ["a negative dimension", { x: { dtype: "F32", shape: [-1], data_offsets: [0, 4] } }, four, "shape"],
  ];
  it.each(cases)("%s", async (name, header, data, said) => {
    const path = await file(`${name}.safetensors`, header, data);
    await expect(openSafetensors(path)).rejects.toMatchObject({
      code: "E_WEIGHTS",
      message: expect.stringMatching(new RegExp(`^[^\\n]*${said}[^\\n]*$`)),
    });
  });

  it("an empty file, and a header longer than the file", async () => {
    const empty = join(folder, "empty.safetensors");
    await writeFile(empty, "");
    await expect(openSafetensors(empty)).rejects.toMatchObject({ code: "E_WEIGHTS" });
    const long = join(folder, "long.safetensors");
    await writeFile(long, Buffer.from("ffffffffffffff7f", "hex"));
    await expect(openSafetensors(long)).rejects.toMatchObject({ code: "E_WEIGHTS" });
  });

  it("integers where floats are wanted", async () => {
    const path = await file(
      "ids.safetensors",
      { ids: { dtype: "I64", shape: [1], data_offsets: [0, 8] } },
      new Uint8Array(8),
    );
    const reader = await openSafetensors(path);
    await expect(reader.read("ids")).rejects.toMatchObject({
      code: "E_WEIGHTS",
      message: expect.stringContaining("I64"),
    });
    await reader.close();
  });
});
