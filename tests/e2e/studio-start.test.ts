/** From a file to a trained classifier by mouse and keyboard, in a real browser with the real command. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { trainGroups } from "../../src/cli/train-options.js";
import { readDataset } from "../../src/index.js";
import { type RunningStudio, startStudio } from "../../src/studio/node/server.js";
import { openStore, type Store } from "../../src/tracking/store/node/open-store.js";
import { inChromium } from "../support/browser.js";
import { writeRandomCheckpoint } from "../support/random-checkpoint.js";
import { faultsOf, openPage } from "../support/studio-page.js";

const TICKETS = fileURLToPath(new URL("../../examples/data/support-tickets.csv", import.meta.url));
const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const place = mkdtempSync(join(tmpdir(), "textune studio start "));
const folder = join(place, "my work");
/** On a machine that has much else to do. */
const PATIENCE = { timeout: 90_000 } as const;
let store: Store;
let studio: RunningStudio;

async function setOption(page: Page, name: string, value: string): Promise<void> {
  await page.getByLabel("Search options").fill(name);
  await page.getByLabel(name, { exact: true }).fill(value);
}

async function fillIn(page: Page, epochs: number): Promise<void> {
  await page.getByRole("button", { name: "tickets.csv" }).click();
  await page.getByRole("region", { name: "First rows" }).getByRole("cell", { name: "billing" }).first().waitFor();
  await page.getByLabel("model", { exact: true }).fill(join(folder, "tiny"));
  await page.getByLabel("preset", { exact: true }).selectOption("none");
  await page.getByText("All options").click();
  await setOption(page, "epochs", String(epochs));
}

async function start(page: Page, output: string): Promise<Locator> {
  await page.getByLabel("output").fill(output);
  await page.getByRole("button", { name: "Start training" }).click();
  const card = page.getByRole("region", { name: `Training of tickets.csv to ${output}` });
  await card.waitFor();
  return card;
}

inChromium((browser) => {
  beforeAll(async () => {
    mkdirSync(folder);
    copyFileSync(TICKETS, join(folder, "tickets.csv"));
    const { labels } = await readDataset(TICKETS, { text: "text", label: "label" });
    await writeRandomCheckpoint("bert-relu", join(folder, "tiny"), labels.names, { head: false });
    store = await openStore(join(place, "store"));
    studio = await startStudio(
      store,
      { port: 0 },
      { groups: trainGroups, command: [process.execPath, MAIN], store: store.name, folder },
      { folder, cache: join(place, "cache") },
    );
  }, 60_000);
  afterAll(async () => {
    await studio?.close();
    await store?.close();
    rmSync(place, { recursive: true, force: true, maxRetries: 3 });
  });

  it("shows the form in both themes and at both widths, to everyone", async () => {
    expect(await faultsOf(browser(), studio, "/start", "tickets.csv")).toEqual([]);
  });

  it("goes from a file to a prediction: says what is wrong with an option, trains, watches the run, tries it", async () => {
    const { page, complaints, close } = await openPage(browser(), studio, "/start");
    await fillIn(page, 1);
    const failed = await start(page, "models/too-long");
    await failed.getByRole("alert").getByText("--max-length: expected at most 26").waitFor(PATIENCE);
    await setOption(page, "maxLength", "24");
    const card = await start(page, "models/tickets");
    await card.getByText("finished", { exact: true }).waitFor(PATIENCE);
    expect(existsSync(join(folder, "models/tickets/model.safetensors"))).toBe(true);
    await card.getByRole("link", { name: "Watch its run" }).click();
    await page.waitForURL(/\/runs\//);
    await page.getByText("finished").first().waitFor();
    await page.goto(`${studio.address}/data/${page.url().split("/").at(-1)}`);
    await page.getByText("unchanged").waitFor(PATIENCE);
    // By keyboard alone from here on.
    await page.keyboard.press("g");
    await page.keyboard.press("n");
    await card.getByRole("link", { name: "Try it" }).focus();
    await page.keyboard.press("Enter");
    await page.getByLabel("Text", { exact: true }).focus();
    await page.keyboard.type("My parcel did not come and I want my money back");
    await page.keyboard.press("Control+Enter");
    await page
      .getByRole("heading", { name: /^What speaks for (?:account|billing|delivery|product|returns)$/ })
      .waitFor(PATIENCE);
    const shares = await page.getByText(/^\d+(?:\.\d+)? ?%$/).allTextContents();
    expect(shares.length).toBe(5);
    expect(shares.reduce((sum, share) => sum + Number.parseFloat(share), 0)).toBeCloseTo(100, -0.5);
    expect(complaints).toEqual([]);
    await close();
  }, 200_000);

  it("stops a training after its step", async () => {
    const { page, complaints, close } = await openPage(browser(), studio, "/start");
    await fillIn(page, 500);
    await setOption(page, "maxLength", "24");
    const card = await start(page, "models/long");
    await card.getByRole("link", { name: "Watch its run" }).waitFor(PATIENCE);
    await card.getByRole("button", { name: "Stop" }).click();
    await card.getByText("stopped", { exact: true }).waitFor(PATIENCE);
    expect(complaints).toEqual([]);
    await close();
  }, 200_000);
});
