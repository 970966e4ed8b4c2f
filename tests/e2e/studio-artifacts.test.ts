/** The Studio's pages of artifacts in a real browser. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { RunningStudio } from "../../src/studio/node/server.js";
import { inChromium } from "../support/browser.js";
import { studioOf } from "../support/studio-of.js";
import { faultsOf, openPage } from "../support/studio-page.js";
import { tinyArtifacts } from "../support/tiny-artifacts.js";

const place = mkdtempSync(join(tmpdir(), "textune studio artifacts "));
const dir = join(place, "store");
let studio: RunningStudio;

inChromium((browser) => {
  beforeAll(async () => {
    await tinyArtifacts(dir, place);
    studio = await studioOf(dir);
  }, 60_000);
  afterAll(async () => {
    await studio?.close();
    rmSync(place, { recursive: true, force: true, maxRetries: 3 });
  });

  it.each([
    ["/artifacts", "classifier · model"],
    ["/artifacts/tickets/reviews/v0", "train on it"],
  ])("shows %s in both themes and at both widths, to everyone", async (path, seen) => {
    expect(await faultsOf(browser(), studio, path, seen)).toEqual([]);
  });

  it("goes from the model to its data, gives that an alias, and downloads a file", async () => {
    const { page, complaints, close } = await openPage(browser(), studio, "/artifacts");
    await page.getByRole("searchbox").fill("classifier");
    await page.getByRole("link", { name: "v0" }).click();
    await page.getByRole("region", { name: "Lineage" }).getByRole("link", { name: "reviews:v1" }).click();
    await page.getByRole("heading", { name: "reviews" }).waitFor();
    await page.getByRole("combobox", { name: "Version" }).selectOption("v0");
    await page.getByRole("textbox", { name: "New alias" }).fill("first one");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("an alias of letters").waitFor();
    await page.getByRole("textbox", { name: "New alias" }).fill("first");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "first" }).waitFor();
    const waiting = page.waitForEvent("download");
    await page.getByRole("link", { name: "reviews.csv" }).click();
    expect(readFileSync(await (await waiting).path(), "utf8")).toBe("text,label\ngood 0,1\n");
    // The refused alias is an answer of 400, which the console shows.
    expect(complaints.filter((one) => !one.includes("status of 400"))).toEqual([]);
    await close();
  });
});
