import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readDataset } from "../../dataset/node/read-dataset.js";
import { arrowRows } from "./arrow.js";

const golden = (name: string): string => fileURLToPath(new URL(`../../../../tests/golden/${name}`, import.meta.url));
async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

describe("packed Arrow files", () => {
  it("reads what pyarrow packs with Zstandard (scripts/golden/compressed_arrow.py)", async () => {
    const dataset = await readDataset(golden("arrow-zstd.arrow"), { columns: ["stars"] });
    expect([dataset.length, dataset.labels.counts]).toEqual([294, [196, 98]]);
    expect(dataset.notices.join()).toContain("6 rows without text were left out (row 8, 58, 108, 158, 208");
    // Rows 7 and 57 are missing, and the last stands in a batch of its own.
    expect(dataset.row(57).text).toBe("Text 59: naïve café, 日本 😀, again and again again and again again and again ");
    expect([dataset.value(57, "stars"), dataset.label(57)]).toEqual([4, "neg"]);
    expect([dataset.text(293), dataset.label(293)]).toEqual([
      `Text 299: naïve café, 日本 😀, ${"again and again ".repeat(3)}`,
      "neg",
    ]);
  });

  it("says how to write what is packed with LZ4", async () => {
    await expect(readDataset(golden("arrow-lz4.arrow"))).rejects.toMatchObject({
      code: "E_DATA",
      message: expect.stringMatching(
        /^arrow-lz4\.arrow: expected .*Zstandard.*, got LZ4; write it with compression="zstd"/,
      ),
    });
  });

  it("unpacks no more than the limit, and names damage", async () => {
    const bytes = readFileSync(golden("arrow-zstd.arrow"));
    await expect(arrowRows(once(bytes), "bomb.arrow", bytes.length + 1000)).rejects.toThrow(
      /^bomb\.arrow: expected at most \d+ bytes of Arrow data, got more; write it as Parquet/,
    );
    const damaged = Buffer.from(bytes);
    damaged.fill(0xff, 1000, 1400);
    await expect(arrowRows(once(damaged), "d.arrow")).rejects.toMatchObject({ code: "E_DATA" });
  });
});
