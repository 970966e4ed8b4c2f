/** The Studio's pages of data in a real browser. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningStudio, startStudio } from "../../src/studio/node/server.js";
import { openStore, type Store } from "../../src/tracking/store/node/open-store.js";
import { CHROMIUM, noBrowser } from "../support/browser.js";
import { dataRun } from "../support/data-run.js";
import { faultsOf, openPage } from "../support/studio-page.js";

const place = mkdtempSync(join(tmpdir(), "textune studio data "));
const dir = join(place, "store");
let store: Store;
let studio: RunningStudio;
let browser: Browser;
let run: { readonly id: string; readonly file: string };

describe.skipIf(noBrowser !== undefined)(`in Chromium${noBrowser === undefined ? "" : ` (${noBrowser})`}`, () => {
  beforeAll(async () => {
    run = await dataRun(dir, place);
    store = await openStore(dir);
    studio = await startStudio(store, { port: 0 });
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await studio?.close();
    await store?.close();
    rmSync(place, { recursive: true, force: true, maxRetries: 3 });
  });

  it.each([
    ["/data", "support tickets.csv"],
    ["RUN", "What was found"],
  ])("shows %s in both themes and at both widths, to everyone", async (path, seen) => {
    expect(await faultsOf(browser, studio, path === "RUN" ? `/data/${run.id}` : path, seen)).toEqual([]);
  });

  it("goes from the list to the report, and says when the file is gone", async () => {
    const { page, complaints, close } = await openPage(browser, studio, "/data");
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
