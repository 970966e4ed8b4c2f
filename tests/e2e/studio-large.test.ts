/** A thousand runs and a million points in the Studio's page, in a real browser. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { RunningStudio } from "../../src/studio/node/server.js";
import { init } from "../../src/tracking/index.js";
import { openStore } from "../../src/tracking/store/node/open-store.js";
import { inChromium } from "../support/browser.js";
import { studioOf } from "../support/studio-of.js";
import { faultsOn, openPage } from "../support/studio-page.js";

const RUNS = 1000;
const POINTS = 1_000_000;
const OUTLIER = 654_321;
const place = mkdtempSync(join(tmpdir(), "textune studio large "));
let studio: RunningStudio;
let long: string;

/** A curve of a million points between -1 and 1 but for one, and 999 runs whose loss is in no order. */
async function fill(dir: string): Promise<string> {
  const quiet = { dir, settings: { statsSamplingInterval: 0, console: false } } as const;
  const run = await init({ ...quiet, project: "long", name: "long" });
  for (let step = 0; step < POINTS; step++) {
    run.log({ loss: step === OUTLIER ? 10 : Math.sin(step / 1000) });
    // Beyond a million that wait, points would be left out.
    if (step % 100_000 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await run.finish();
  const store = await openStore(dir);
  await sql`insert into runs (id, project, name, group_name, job_type, notes, state, created_at, heartbeat_at, ended_at, exit_code,
      host, pid, config_json, summary_json, environment_json, dropped_points)
    with recursive counted(n) as (select 1 union all select n + 1 from counted where n + 1 < ${RUNS})
    select 'run-' || n, 'many', 'run ' || n, 'group ' || (n % 3), job_type, notes, state, created_at - n, heartbeat_at, ended_at,
      exit_code, host, pid, config_json, json_set(summary_json, '$.loss', (n * 7919) % ${RUNS}), environment_json, 0
    from counted, runs where id = ${run.id}`.execute(store.db);
  await store.close();
  return run.id;
}

/** Fiftieths of the width of the plot where something of a curve is drawn in its upper third. */
const HIGH = `(() => {
  const canvas = document.querySelector(".chart canvas");
  const { width, height } = canvas;
  const over = document.querySelector(".chart .u-over").getBoundingClientRect();
  const frame = canvas.getBoundingClientRect();
  const scale = width / frame.width;
  const [left, top] = [(over.left - frame.left) * scale, (over.top - frame.top) * scale];
  // Read from a copy, for reading makes a canvas slow, and Chromium says so.
  const copy = Object.assign(document.createElement("canvas"), { width, height });
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  const pixels = context.getImageData(left, top, over.width * scale, (over.height * scale) / 3);
  const found = new Set();
  for (let i = 0; i < pixels.data.length; i += 4) {
    const [red, green, blue, alpha] = pixels.data.slice(i, i + 4);
    // The lines of the grid are grey.
    if (alpha > 100 && Math.max(red, green, blue) - Math.min(red, green, blue) > 60)
      found.add(Math.floor((50 * ((i / 4) % pixels.width)) / pixels.width));
  }
  return [...found];
})()`;

async function drag(page: Page, from: number, to: number): Promise<void> {
  const box = await page.locator(".chart .u-over").first().boundingBox();
  if (box === null) throw new Error("no chart");
  await page.mouse.move(box.x + from * box.width, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + to * box.width, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
}

inChromium((browser) => {
  beforeAll(async () => {
    const dir = join(place, "store");
    long = await fill(dir);
    studio = await studioOf(dir);
  }, 120_000);
  afterAll(async () => {
    await studio?.close();
    rmSync(place, { recursive: true, force: true, maxRetries: 3 });
  });

  it("draws one outlier among a million points, zooms to it by a drag, and shows all again", async () => {
    const { page, complaints, close } = await openPage(browser(), studio, `/runs/${long}?tab=curves`);
    await page.locator(".chart canvas").first().waitFor();
    await expect.poll(() => page.evaluate(HIGH)).toEqual([32]);
    // A part without the outlier fills the height of the chart.
    await drag(page, 0.1, 0.2);
    await expect.poll(() => page.url()).toMatch(/zoom=\d/);
    const [from, to] = decodeURIComponent(/zoom=([^&]*)/.exec(page.url())?.[1] ?? "")
      .split(",")
      .map(Number);
    expect([from, to].map((step) => Math.round(step / 20_000))).toEqual([5, 10]);
    await expect.poll(async () => ((await page.evaluate(HIGH)) as number[]).length).toBeGreaterThan(9);
    await page.locator(".chart .u-over").first().hover();
    const told = await page.locator(".chart-values").first().textContent();
    const step = Number(/^step (\d+)/.exec(told ?? "")?.[1]);
    expect(step > from && step < to, told ?? "").toBe(true);
    await page.locator(".chart .u-over").first().dblclick();
    await expect.poll(() => page.evaluate(HIGH)).toEqual([32]);
    expect(page.url()).not.toContain("zoom=");
    expect(complaints).toEqual([]);
    await close();
  });

  it("shows a thousand runs, of which it draws those in sight, sorted, searched and in groups", async () => {
    const { page, complaints, close } = await openPage(browser(), studio, "/runs");
    const rows = page.locator("tbody tr[aria-rowindex]");
    await rows.nth(5).waitFor();
    expect(await page.locator("table").first().getAttribute("aria-rowcount")).toBe(String(RUNS + 1));
    expect(await rows.count()).toBeLessThan(60);
    await page.getByRole("columnheader", { name: "loss" }).getByRole("button").click();
    await expect.poll(() => rows.first().textContent()).toContain("999");
    await page.locator(".table-frame").evaluate((frame) => frame.scrollTo(0, frame.scrollHeight));
    await page.locator(`tr[aria-rowindex="${RUNS + 1}"]`).waitFor();
    // Nineteen names have 99 in them: 99, 199 and so on, and 990 to 999.
    await page.getByRole("searchbox").first().fill("run 99");
    await expect.poll(() => page.locator("table").first().getAttribute("aria-rowcount")).toBe("20");
    await page.goto(`${studio.address}/runs?group=group`);
    await page.getByText("group 1 · 333 runs").waitFor();
    expect(await faultsOn(page, "a thousand runs")).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  });
});
