/** The Studio's page in a real browser, with real runs. */
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningStudio, startStudio } from "../../src/studio/node/server.js";
import { openStore, type Store } from "../../src/tracking/store/node/open-store.js";
import { CHROMIUM, noBrowser } from "../support/browser.js";
import { type TinyRuns, tinyRuns } from "../support/tiny-runs.js";

const WIDTHS = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 800 } } as const;

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
let store: Store;
let studio: RunningStudio;
let browser: Browser;
let ids: string[];

async function openPage(path: string, dark = false, viewport: { width: number; height: number } = WIDTHS.wide) {
  const context = await browser.newContext({ viewport, colorScheme: dark ? "dark" : "light" });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(studio.address) && !request.url().startsWith("data:")) complaints.push(request.url());
  });
  await page.goto(`${studio.address}${path}`);
  return { page, complaints, close: () => context.close() };
}

/** What the accessibility check finds, as sentences. */
async function barriers(page: Page): Promise<string[]> {
  // The check runs outside the page's own policy, which forbids scripts that are not its own.
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; help: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0]?.html.slice(0, 200)}`);
  });
}

describe.skipIf(noBrowser !== undefined)(`in Chromium${noBrowser === undefined ? "" : ` (${noBrowser})`}`, () => {
  beforeAll(async () => {
    runs = await tinyRuns();
    ids = [
      await runs.train({ name: "slow start", learningRate: 5e-4, tags: ["baseline"] }),
      await runs.train({ name: "quick start", learningRate: 5e-3 }),
    ];
    store = await openStore(runs.dir);
    studio = await startStudio(store, { port: 0 });
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await studio?.close();
    await store?.close();
    runs?.remove();
  });

  it.each([
    ["light and wide", false, WIDTHS.wide],
    ["dark and narrow", true, WIDTHS.narrow],
  ] as const)("shows every page, %s, to everyone", async (_, dark, size) => {
    const { page, complaints, close } = await openPage("/", dark, size);
    const found: string[] = [];
    for (const [path, said] of PAGES) {
      await page.goto(`${studio.address}${path}`);
      await page.getByText(said).locator("visible=true").first().waitFor();
      found.push(...(await barriers(page)).map((barrier) => `${path}: ${barrier}`));
      const tooWide = await page.evaluate("document.documentElement.scrollWidth > innerWidth");
      if (tooWide === true) found.push(`${path}: wider than the screen`);
    }
    expect(found).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  });

  it("is used by keyboard: search, move, open, the list of keys", async () => {
    const { page, complaints, close } = await openPage("/runs");
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
    const { page, complaints, close } = await openPage("/runs");
    await page.getByText("slow start").waitFor();
    const training = runs.train({ name: "as it happens", epochs: 30 });
    await page.getByText("as it happens").waitFor();
    const row = page.getByRole("row").filter({ hasText: "as it happens" });
    await row.getByText("running").waitFor();
    await training;
    await row.getByText("finished").waitFor();
    expect(complaints).toEqual([]);
    await close();
  }, 60_000);
});
