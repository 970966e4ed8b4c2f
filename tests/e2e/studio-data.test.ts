/** The Studio's pages of data in a real browser. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { RunningStudio } from "../../src/studio/node/server.js";
import { inChromium } from "../support/browser.js";
import { dataRun } from "../support/data-run.js";
import { studioOf } from "../support/studio-of.js";
import { faultsOf, openPage } from "../support/studio-page.js";

const place = mkdtempSync(join(tmpdir(), "textune studio data "));
const dir = join(place, "store");
let studio: RunningStudio;
let run: { readonly id: string; readonly file: string };

inChromium((browser) => {
  beforeAll(async () => {
    run = await dataRun(dir, place);
    studio = await studioOf(dir);
  }, 60_000);
  afterAll(async () => {
    await studio?.close();
    rmSync(place, { recursive: true, force: true, maxRetries: 3 });
  });

  it.each([
    ["/data", "support tickets.csv"],
    ["RUN", "What was found"],
  ])("shows %s in both themes and at both widths, to everyone", async (path, seen) => {
    expect(await faultsOf(browser(), studio, path === "RUN" ? `/data/${run.id}` : path, seen)).toEqual([]);
  });

  it("goes from the list to the report, and says when the file is gone", async () => {
    const { page, complaints, close } = await openPage(browser(), studio, "/data");
    await page.getByRole("link", { name: "support tickets.csv" }).click();
    await page.getByText("unchanged").waitFor();
    await page.getByText("Words that tell the classes").waitFor();
    rmSync(run.file);
    await page.reload();
    await page.getByText("The file is gone").waitFor();
    expect(complaints).toEqual([]);
    await close();
  });
});
