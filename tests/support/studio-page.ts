/** Pages of the Studio in Chromium, and what is wrong with them. */
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import type { RunningStudio } from "../../src/studio/node/server.js";

type Served = Pick<RunningStudio, "address">;

export const WIDTHS = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 800 } } as const;

export interface PageLook {
  readonly dark?: boolean;
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** A page in a context of its own, with what the console said and what was asked of elsewhere. */
export async function openPage(
  browser: Browser,
  studio: Served,
  path: string,
  { dark = false, viewport = WIDTHS.wide }: PageLook = {},
) {
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

/** What is wrong with an open page, as sentences: barriers that the accessibility check finds, more width than the window. */
export async function faultsOn(page: Page, path: string): Promise<string[]> {
  // The check runs outside the page's own policy, which forbids scripts that are not its own.
  await page.evaluate(axe.source);
  const faults = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; help: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0]?.html.slice(0, 200)}`);
  });
  const isTooWide = await page.evaluate("document.documentElement.scrollWidth > innerWidth");
  if (isTooWide === true) faults.push(`wider than a window of ${page.viewportSize()?.width}`);
  return faults.map((fault) => `${path}: ${fault}`);
}

/**
 * What is wrong with a page in either theme and at either width, complaints of the console included. `seen` is a text that
 * stands in it once it is whole.
 */
export async function faultsOf(browser: Browser, studio: Served, path: string, seen: string): Promise<string[]> {
  const faults: string[] = [];
  for (const dark of [false, true]) {
    for (const viewport of Object.values(WIDTHS)) {
      const { page, complaints, close } = await openPage(browser, studio, path, { dark, viewport });
      await page.getByText(seen).first().waitFor();
      faults.push(...(await faultsOn(page, path)), ...complaints);
      await close();
    }
  }
  return faults;
}
