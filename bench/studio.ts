/**
 * The Studio in a browser with a large store, beside TensorBoard: the figures of docs/studio.md.
 *
 *   npm run build && npx tsx bench/tracking.ts fill STORE    1,000 runs with 10 series of 2,000 points, a curve of a million
 *   npx tsx bench/studio.ts STORE
 *   npx tsx bench/studio.ts STORE TENSORBOARD                its command, such as venv/bin/tensorboard; it gets one series
 *                                                            of each run, and the curve of a million
 *
 * Needs Debian's chromium.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { chromium, type Page } from "playwright-core";
import { startStudio } from "../src/studio/node/server.js";
import { encodeEvent } from "../src/tracking/exchange/event-records.js";
import { init } from "../src/tracking/index.js";
import { openStore } from "../src/tracking/store/node/open-store.js";
import { CHROMIUM } from "../tests/support/browser.js";
import { median } from "./median.js";

const [dir, tensorboard] = process.argv.slice(2);
if (dir === undefined || CHROMIUM === undefined) throw new Error("expected a store, and an installed chromium");
const ROUNDS = 5;
const RUNS = 1000;
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });

function report(what: string, milliseconds: readonly number[]): void {
  const figure = `${median([...milliseconds]).toFixed(0)} ms`;
  const longest =
    milliseconds.length > 1 ? ` (longest of ${milliseconds.length}: ${Math.max(...milliseconds).toFixed(0)})` : "";
  console.log(`${what.padEnd(68)} ${figure}${longest}`);
}

/** Milliseconds from `act` until `shown` is true in the page. */
async function until(page: Page, act: () => Promise<unknown>, shown: string): Promise<number> {
  const start = performance.now();
  await act();
  await page.waitForFunction(shown, undefined, { polling: "raf", timeout: 60_000 });
  return performance.now() - start;
}

async function each(task: (page: Page) => Promise<number>, rounds = ROUNDS): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    // What is waited for is a text, which the page's policy lets nobody run.
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, bypassCSP: true });
    times.push(await task(await context.newPage()));
    await context.close();
  }
  return times;
}

/** Two frames later, what was answered is drawn. */
const FRAMES = "new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))";

/** Milliseconds from letting go of the mouse, after a drag over a tenth of `chart`, until the answer is drawn. */
async function zoom(page: Page, chart: string, answered?: () => Promise<unknown>): Promise<number> {
  const box = await page.locator(chart).first().boundingBox();
  if (box === null) throw new Error(`${chart}: no chart`);
  await page.mouse.move(box.x + 0.6 * box.width, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.7 * box.width, box.y + 40, { steps: 3 });
  const answer = answered?.();
  const start = performance.now();
  await page.mouse.up();
  await answer;
  await page.evaluate(FRAMES);
  return performance.now() - start;
}

/** @returns milliseconds from the address of a thousand runs to their first curves */
async function measureStudio(): Promise<number> {
  const store = await openStore(dir, { mustExist: true });
  const studio = await startStudio(store, { port: 0 });
  const open = (page: Page, path: string) => page.goto(`${studio.address}${path}`, { waitUntil: "commit" });
  const charts = (least: number) =>
    `[...document.querySelectorAll(".chart canvas")].filter((one) => one.width > 0).length >= ${least}`;
  // Those that earlier measurements logged are left aside.
  const many = "/runs?project=many";
  const rows = "document.querySelectorAll('tbody tr').length > 5";
  const table = (page: Page) => until(page, () => open(page, many), rows);
  const million = (page: Page) => until(page, () => open(page, "/runs/million?tab=curves"), charts(1));
  report(`${RUNS} runs: from the address to their table`, await each(table));
  const curves = await each((page) => until(page, () => open(page, many), charts(3)));
  report("  to the curves of those marked, in sight", curves);
  report(
    "  sorted by a column",
    await each(async (page) => {
      await until(page, () => open(page, many), charts(3));
      await page.waitForTimeout(1000);
      const sorted = "document.querySelector('th[aria-sort]')?.textContent?.includes('metric') === true";
      return until(page, () => page.locator("th", { hasText: "metric" }).first().locator("button").click(), sorted);
    }),
  );
  report("a million points: from the address to the curve", await each(million));
  report(
    "  zoomed to a tenth of it, read anew and drawn",
    await each(async (page) => {
      await million(page);
      return zoom(page, ".chart .u-over", () => page.waitForResponse((one) => one.url().includes("from=")));
    }),
  );
  report("longest time between frames, 5 s of a curve that grows by 500 points/s", await each(live(open), 3));
  await studio.close();
  await store.close();
  return median([...curves]);
}

/** The longest time between two frames while a run logs and the page shows it. */
function live(open: (page: Page, path: string) => Promise<unknown>): (page: Page) => Promise<number> {
  return async (page) => {
    const run = await init({ dir, project: "live", settings: { statsSamplingInterval: 0, console: false } });
    run.log({ loss: 1 });
    await until(page, () => open(page, `/runs/${run.id}?tab=curves`), "document.querySelector('h1') !== null");
    const logging = setInterval(() => run.log({ loss: Math.random() }), 2);
    const longest = await page.evaluate(`new Promise((resolve) => {
      let before = performance.now(), most = 0;
      const end = before + 5000;
      const next = (now) => {
        most = Math.max(most, now - before);
        before = now;
        if (now < end) requestAnimationFrame(next);
        else resolve(most);
      };
      requestAnimationFrame(next);
    })`);
    clearInterval(logging);
    await run.finish();
    return Number(longest);
  };
}

function measureScripts(): void {
  const assets = fileURLToPath(new URL("../dist/studio/page/assets/", import.meta.url));
  const sizes = readdirSync(assets)
    .filter((name) => name.endsWith(".js"))
    .map((name) => gzipSync(readFileSync(join(assets, name))).length);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  console.log(`${"scripts of all pages, with gzip".padEnd(68)} ${Math.round(all / 1000)} kB`);
}

/** Event files: one series of 2,000 points of each run, and one of a million. */
function writeEvents(logs: string): void {
  const write = (name: string, points: number, value: (step: number) => number): void => {
    mkdirSync(join(logs, name), { recursive: true });
    const wallTime = 1.7e9;
    const events = Array.from({ length: points }, (_, step) =>
      encodeEvent({ wallTime: wallTime + step, step, summary: { value: [{ tag: "loss", simpleValue: value(step) }] } }),
    );
    const head = encodeEvent({ wallTime, fileVersion: "brain.Event:2" });
    writeFileSync(join(logs, name, "events.out.tfevents.1700000000.bench.1.v2"), Buffer.concat([head, ...events]));
  };
  for (let run = 0; run < RUNS; run++) write(`run${run}`, 2000, (step) => Math.sin(step / (1 + (run % 10))));
  write("million", 1_000_000, (step) => Math.sin(step / 1000) + (step === 654_321 ? 10 : 0));
}

/** @param ours the same of the Studio as is measured of the first curves */
async function measureTensorBoard(command: string, ours: number): Promise<void> {
  const logs = mkdtempSync(join(tmpdir(), "textune-events-"));
  writeEvents(logs);
  const address = "http://127.0.0.1:16006";
  const start = performance.now();
  const server = spawn(command, ["--logdir", logs, "--port", "16006", "--host", "127.0.0.1"], { stdio: "ignore" });
  try {
    const tags = `${address}/data/plugin/scalars/tags`;
    const ask = async (path: string): Promise<unknown> =>
      (await fetch(path).catch(() => undefined))?.json().catch(() => undefined);
    const known = async (): Promise<number> => Object.keys(((await ask(tags)) as object | undefined) ?? {}).length;
    while ((await known()) < RUNS + 1) await new Promise((resolve) => setTimeout(resolve, 200));
    report("TensorBoard: from its start until it knows all runs", [performance.now() - start]);
    const kept = async (): Promise<readonly (readonly number[])[]> =>
      ((await ask(`${address}/data/plugin/scalars/scalars?run=million&tag=loss`)) as readonly number[][]) ?? [];
    while (((await kept()).at(-1)?.[1] ?? 0) < 999_000) await new Promise((resolve) => setTimeout(resolve, 200));
    report("  and has read the curve of a million points", [performance.now() - start]);
    const points = await kept();
    const outlier = points.some(([, , value]) => value > 5);
    console.log(`  points it keeps of a million: ${points.length}; the outlier is ${outlier ? "" : "not "}among them`);
    const drawn = "document.querySelector('line-chart canvas, line-chart path, vz-line-chart2 path') !== null";
    const open = (page: Page, query: string) => page.goto(`${address}/${query}`, { waitUntil: "commit" });
    const seen = await each((page) => until(page, () => open(page, "#timeseries"), drawn), 3).catch(() => undefined);
    if (seen === undefined) console.log(`  ${RUNS} runs: no curve within a minute of opening the address`);
    else {
      report(`  ${RUNS} runs: from the address to the first curve`, seen);
      console.log(`  ${(median([...seen]) / ours).toFixed(1)} times as long as the Studio`);
    }
  } finally {
    server.kill();
    rmSync(logs, { recursive: true, force: true });
  }
}

const curves = await measureStudio();
measureScripts();
if (tensorboard !== undefined) await measureTensorBoard(tensorboard, curves);
await browser.close();
