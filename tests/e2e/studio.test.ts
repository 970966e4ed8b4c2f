/** The Studio's page in a real browser, with real runs. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { RunningStudio } from "../../src/studio/node/server.js";
import { inChromium } from "../support/browser.js";
import { studioOf } from "../support/studio-of.js";
import { faultsOn, openPage, type PageLook, WIDTHS } from "../support/studio-page.js";
import { type TinyRuns, tinyRuns } from "../support/tiny-runs.js";

/** Addresses, and what stands there when all is there. */
const PAGES = [
  ["/runs", "gradientNorm"],
  ["/compare", "Results"],
  ["/runs/slow%20start", "Results"],
  ["/runs/slow%20start?tab=evaluation", "Reliability"],
  ["/runs/slow%20start?tab=tables", "rows"],
  ["/runs/slow%20start?tab=console", "printed nothing"],
  ["/runs/slow%20start?tab=system", "cpu"],
] as const;

let runs: TinyRuns;
let studio: RunningStudio;
let ids: string[];

inChromium((browser) => {
  const open = (path: string, look?: PageLook) => openPage(browser(), studio, path, look);

  beforeAll(async () => {
    runs = await tinyRuns();
    ids = [
      await runs.train({ name: "slow start", learningRate: 5e-4, tags: ["baseline"] }),
      await runs.train({ name: "quick start", learningRate: 5e-3 }),
    ];
    studio = await studioOf(runs.dir);
  }, 60_000);
  afterAll(async () => {
    await studio?.close();
    runs?.remove();
  });

  it.each([
    ["light and wide", { dark: false, viewport: WIDTHS.wide }],
    ["dark and narrow", { dark: true, viewport: WIDTHS.narrow }],
  ] as const)("shows every page, %s, to everyone", async (_, look) => {
    const { page, complaints, close } = await open("/", look);
    const found: string[] = [];
    for (const [path, said] of PAGES) {
      await page.goto(`${studio.address}${path}`);
      await page.getByText(said).locator("visible=true").first().waitFor();
      found.push(...(await faultsOn(page, path)));
    }
    expect(found).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  });

  it("is used by keyboard: search, move, open, the list of keys", async () => {
    const { page, complaints, close } = await open("/runs");
    await page.getByText("quick start").waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("slow");
    await expect.poll(() => page.getByText("quick start").count()).toBe(0);
    expect(page.url()).toContain("search=slow");
    await page.keyboard.press("Escape");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "slow start" }).waitFor();
    expect(page.url()).toContain(ids[0]);
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("g");
    await page.keyboard.press("r");
    await page.getByRole("heading", { name: "Runs" }).waitFor();
    expect(complaints).toEqual([]);
    await close();
  });

  it("shows a training while it runs", async () => {
    const { page, complaints, close } = await open("/runs");
    await page.getByText("slow start").waitFor();
    let goOn = (): void => {};
    const isSeen = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    // However slow the page is, it has the time to show that this runs.
    const training = runs.train({ name: "as it happens", onStep: () => isSeen });
    await page.getByText("as it happens").waitFor();
    const row = page.getByRole("row").filter({ hasText: "as it happens" });
    await row.getByText("running").waitFor();
    goOn();
    await training;
    await row.getByText("finished").waitFor();
    expect(complaints).toEqual([]);
    await close();
  }, 60_000);
});
