/** The Studio's pages of sweeps in a real browser. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { RunningStudio } from "../../src/studio/node/server.js";
import { inChromium } from "../support/browser.js";
import { studioOf } from "../support/studio-of.js";
import { faultsOf, openPage } from "../support/studio-page.js";
import { tinySweep } from "../support/tiny-sweep.js";

const TRIALS = 12;
const dir = mkdtempSync(join(tmpdir(), "textune studio sweeps "));
let studio: RunningStudio;
let id: string;

inChromium((browser) => {
  beforeAll(async () => {
    id = await tinySweep(dir, { name: "rates", trials: TRIALS });
    studio = await studioOf(dir);
  }, 60_000);
  afterAll(async () => {
    await studio?.close();
    rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
  });

  it.each(["/sweeps", "SWEEP"])("shows %s in both themes and at both widths, to everyone", async (path) => {
    expect(await faultsOf(browser(), studio, path === "SWEEP" ? `/sweeps/${id}` : path, "rates")).toEqual([]);
  });

  it("chooses trials by a part of an axis, by keyboard and by mouse, and opens the best one's run", async () => {
    const { page, complaints, close } = await openPage(browser(), studio, "/sweeps");
    await page.getByRole("link", { name: "rates" }).click();
    const status = page.getByRole("status").filter({ hasText: "trials" });
    await expect.poll(() => status.textContent()).toBe(`${TRIALS} trials`);
    const handle = page.getByRole("slider", { name: "accuracy, from" });
    await handle.focus();
    for (let i = 0; i < 10; i++) await page.keyboard.press("ArrowUp");
    await expect.poll(() => status.textContent()).toMatch(/^\d+ of 12 trials$/);
    const rows = page.getByRole("region", { name: "Trials", exact: true }).getByRole("row");
    const shown = Number((await status.textContent())?.split(" ")[0]);
    expect(shown).toBeLessThan(TRIALS - 1);
    // The heading is a row too.
    expect(await rows.count()).toBe(shown + 1);
    await page.getByRole("button", { name: "Show all 12 trials" }).click();
    // A drag over the upper half of the first axis chooses the greater learning rates.
    const ground = await page.locator(".axis .ground").first().boundingBox();
    if (ground === null) throw new Error("no axis");
    const middle = ground.x + ground.width / 2;
    await page.mouse.move(middle, ground.y + 2);
    await page.mouse.down();
    await page.mouse.move(middle, ground.y + ground.height / 2, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => status.textContent()).toMatch(/^\d+ of 12 trials$/);
    expect(await page.getByRole("slider", { name: "learningRate, from" }).getAttribute("aria-valuenow")).toBe("50");
    await page.getByRole("link", { name: "Open its run" }).click();
    await page.waitForURL(/\/runs\//);
    expect(complaints).toEqual([]);
    await close();
  });
});
