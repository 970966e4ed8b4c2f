/**
 * The pictures of docs/studio.md, from real runs.
 *
 *   npm run build && npx tsx scripts/studio-screenshots.ts [FOLDER] [--every FOLDER]
 *
 * Trains the model that comes with Textune on examples/data/support-tickets.csv first, in some five minutes: whole and by
 * LoRA, twice each, and a sweep over the last layer. All that is written stands in FOLDER, which is kept; a second call
 * with it trains nothing. Without one it is made, and removed at the end. `--every` writes every page into another folder
 * instead, light and dark, 1280 and 390 wide, to look at. Needs Debian's chromium.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Browser, chromium, type Page } from "playwright-core";
import { trainGroups } from "../src/cli/train-options.js";
import { readDataset } from "../src/index.js";
import { startStudio } from "../src/studio/node/server.js";
import { listRuns } from "../src/tracking/queries/runs.js";
import { openStore, type Store } from "../src/tracking/store/node/open-store.js";
import { CHROMIUM } from "../tests/support/browser.js";
import { WIDTHS } from "../tests/support/studio-page.js";

const MOST_BYTES = 200_000;
const PROJECT = "support";
const SWEEP = `
name: last layer
project: ${PROJECT}
method: random
metric: { name: best/macroF1, goal: maximize }
parameters:
  linear_c: { distribution: log_uniform_values, min: 1e-3, max: 1e3 }
  pooling: { values: [cls, mean, max] }
  max_length: { values: [12, 24, 48] }
run_cap: 10
`;

const root = fileURLToPath(new URL("..", import.meta.url));
const command = [process.execPath, join(root, "dist/cli/main.js")];
const { values, positionals } = parseArgs({ options: { every: { type: "string" } }, allowPositionals: true });
// Data and classifiers are named from here, so that no picture shows where this checkout lies.
const folder =
  positionals[0] === undefined ? mkdtempSync(join(tmpdir(), "textune-screenshots-")) : resolve(positionals[0]);
const dir = join(folder, "runs");
const DATA = "support-tickets.csv";
if (CHROMIUM === undefined) throw new Error("no Chromium: apt-get install chromium");

/** A picture of a page: what is done there first, how high it is, and in which theme. */
interface Picture {
  readonly path: string;
  readonly act?: (page: Page) => Promise<void>;
  readonly dark?: boolean;
  readonly height?: number;
}

function train(): void {
  const run = (...words: readonly string[]): void => {
    execFileSync(command[0], [command[1], ...words], { cwd: folder, stdio: "inherit" });
  };
  const shared = [DATA, "--text", "text", "--label", "label", "--dir", dir];
  const kinds = [
    ["whole", "--learning-rate", "1e-4", "--log-model"],
    ["lora", "--lora", "--learning-rate", "1e-3"],
  ] as const;
  const parts = ["--max-length", "48", "--validation-split", "0.1", "--test-split", "0.2", "--epochs", "4"];
  for (const seed of ["1", "2"])
    for (const [group, ...options] of kinds) {
      const named = ["--project", PROJECT, "--group", group, "--name", `${group} ${seed}`, "--seed", seed];
      run("train", ...shared, ...named, ...parts, ...options, "--output", `${group}-${seed}`);
    }
  writeFileSync(join(folder, "sweep.yaml"), SWEEP);
  run("sweep", "sweep.yaml", "--data", ...shared, "--validation-split", "0.2", "--mode", "linear");
}

/** Labels sixty rows by the keyboard, each with the class that it has in the file. */
async function label(page: Page): Promise<void> {
  const truth = await readDataset(join(folder, DATA), { text: "text", label: "label" });
  await page.getByLabel("Classes, one a line").fill(truth.labels.names.join("\n"));
  await page.getByRole("button", { name: "Begin" }).click();
  for (let labelled = 1; labelled <= 60; labelled++) {
    const head = await page.getByText(/^Row \d+/).textContent();
    const row = Number(/\d+/.exec(head ?? "")?.[0]) - 1;
    await page.keyboard.press(String(truth.labels.names.indexOf(truth.label(row) ?? "") + 1));
    await page.getByText(`${labelled} labelled`).waitFor();
    // Somebody who reads is slower than the model.
    await page.getByText("The model knows all labels.").waitFor({ timeout: 120_000 });
  }
}

async function tryText(page: Page): Promise<void> {
  const text = "The blender came broken and three days late. I want my money back, who picks it up?";
  await page.getByLabel("Text", { exact: true }).fill(text);
  await page.getByRole("button", { name: "Classify" }).click();
  await page.getByRole("heading", { name: /What speaks/ }).waitFor();
}

async function correct(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Correct" }).first().click();
  await page.locator(".near li").first().waitFor({ timeout: 120_000 });
}

/** Where the pages of this store are. */
async function addresses(store: Store) {
  const { runs } = await listRuns(store, { limit: 100 });
  const run = runs.find(({ name }) => name === "whole 1");
  const other = runs.find(({ name }) => name === "lora 1");
  const sweep = await store.db.selectFrom("sweeps").select("id").executeTakeFirst();
  if (run === undefined || other === undefined || sweep === undefined)
    throw new Error(`${dir}: expected the runs that this program records`);
  const marked = runs.filter(({ name }) => /^(whole|lora) /.test(name)).map(({ id }) => id);
  const filters = encodeURIComponent("config.mode = full");
  const trained = new URLSearchParams({ group: "group", filters, runs: marked.join(",") });
  return {
    runs: `/runs?${trained}`,
    run: `/runs/${run.id}`,
    compare: `/compare?runs=${run.id},${other.id}`,
    sweep: `/sweeps/${sweep.id}`,
    artifact: `/artifacts/${PROJECT}/model-${run.id}/v0`,
    data: `/data/${run.id}`,
  };
}

/** Nothing in sight is loading. */
const ALL_SEEN = `[...document.querySelectorAll(".state[role=status]")].every(
  (one) => !one.checkVisibility() || one.getBoundingClientRect().top > innerHeight,
)`;

async function shoot(browser: Browser, address: string, picture: Picture, width: number) {
  const { path, act, dark = false, height = 800 } = picture;
  const colorScheme = dark ? "dark" : "light";
  // What is waited for is a text, which the page's policy lets nobody run.
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, bypassCSP: true });
  const page = await context.newPage();
  await page.goto(`${address}${path}`);
  await page.locator("h1").first().waitFor();
  await act?.(page);
  // What is in sight is asked for once it is laid out, and drawn after its answer.
  await page.waitForTimeout(500);
  await page.waitForFunction(ALL_SEEN);
  await page.waitForTimeout(300);
  return { page, close: () => context.close() };
}

mkdirSync(folder, { recursive: true });
cpSync(join(root, "examples/data", DATA), join(folder, DATA));
rmSync(join(folder, `${DATA}.labels.jsonl`), { force: true });
const store = await openStore(dir);
if ((await listRuns(store, { limit: 1 })).runs.length === 0) train();
const { runs: trained, run, compare, sweep, artifact, data } = await addresses(store);
const training = { groups: trainGroups, command, store: dir, folder };
const places = { folder, cache: join(folder, "cache") };
const studio = await startStudio(store, { port: 0 }, training, places);
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });

const PICTURES: Readonly<Record<string, Picture>> = {
  runs: { path: trained },
  run: { path: `${run}?tab=curves`, dark: true, height: 620 },
  evaluation: { path: `${run}?tab=evaluation`, height: 760 },
  system: { path: `${run}?tab=system`, height: 520 },
  compare: { path: compare, dark: true, height: 720 },
  sweep: { path: sweep, dark: true, height: 860 },
  artifact: { path: artifact, height: 620 },
  label: { path: `/label?file=${DATA}`, act: label, height: 640 },
  try: { path: "/try", act: tryText, height: 640 },
  correct: { path: `${run}?tab=evaluation`, act: correct, dark: true, height: 820 },
};
const EVERY: readonly string[] = [
  ...["/runs", trained, compare, "/sweeps", sweep, "/artifacts", artifact, "/data", data],
  ...["/start", "/label", "/try"],
  ...["overview", "curves", "evaluation", "tables", "console", "system"].map((tab) => `${run}?tab=${tab}`),
];

if (values.every === undefined) {
  let all = 0;
  for (const [name, picture] of Object.entries(PICTURES)) {
    const { page, close } = await shoot(browser, studio.address, picture, WIDTHS.wide.width);
    const file = join(root, "docs/images", `studio-${name}.png`);
    await page.screenshot({ path: file });
    await close();
    const { size } = statSync(file);
    if (size > MOST_BYTES) throw new Error(`${file}: ${size} bytes, more than ${MOST_BYTES}`);
    all += size;
  }
  console.log(`${Object.keys(PICTURES).length} pictures, ${Math.round(all / 1000)} kB`);
} else {
  mkdirSync(values.every, { recursive: true });
  for (const path of EVERY)
    for (const dark of [false, true])
      for (const [width, viewport] of Object.entries(WIDTHS)) {
        const { page, close } = await shoot(browser, studio.address, { path, dark }, viewport.width);
        const name = path.replace(/\W+/g, "-").replace(/^-/, "");
        await page.screenshot({
          path: join(values.every, `${name}-${dark ? "dark" : "light"}-${width}.png`),
          fullPage: true,
        });
        await close();
      }
}
await browser.close();
await studio.close();
await store.close();
if (positionals[0] === undefined) rmSync(folder, { recursive: true, force: true });
