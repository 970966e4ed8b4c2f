import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeVariant } from "../../../tests/support/golden-checkpoints.js";
import { personsTerminal } from "../../../tests/support/terminal.js";
import type { ModelSummary } from "../../training/model-summary.js";
import { addSummaryCommand } from "./summary.js";

let place = "";
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune summary "));
  await writeVariant("float32", join(place, "model"));
});
afterAll(() => rm(place, { recursive: true }));

async function summary(...args: readonly string[]): Promise<string> {
  const { terminal, log } = personsTerminal();
  const program = new Command("textune").exitOverride().configureOutput({ outputError: () => {} });
  addSummaryCommand(program, { terminal });
  await program.parseAsync(["summary", join(place, "model"), ...args], { from: "user" });
  return log.join("");
}

describe("textune summary", () => {
  it("prints a table, or the same as JSON", async () => {
    const table = await summary();
    expect(table).toMatch(/^Layer \(type\) +Output shape +Parameters +Trainable$/m);
    const { layers, parameters } = JSON.parse(await summary("--json")) as ModelSummary;
    expect(table).toContain(`Total parameters:         ${parameters.toLocaleString("en-US")} (`);
    for (const { name, type } of layers) expect(table).toContain(`\n${name} (${type}) `);
  });

  it("draws SVG and PNG", async () => {
    const [svg, png] = [join(place, "a b.svg"), join(place, "a.png")];
    await summary("--plot", svg, "--freeze", "embeddings");
    await summary("--plot", png, "--detail", "layers", "--pooling", "mean");
    expect(await readFile(svg, "utf8")).toMatch(/^<svg .*embeddings.*<\/svg>\n$/s);
    expect((await readFile(png)).subarray(1, 4).toString()).toBe("PNG");
  });

  it("refuses another kind of picture, a file in the place of a folder, and freezing everything", async () => {
    await expect(summary("--plot", "a.pdf")).rejects.toThrow(/^plot: expected a file that ends in \.svg or \.png/);
    await expect(summary("--plot", join(place, "model", "config.json", "a.svg"))).rejects.toMatchObject({
      code: "E_STORE",
    });
    await expect(summary("--freeze", "/./")).rejects.toThrow(/something left to train/);
  });
});
