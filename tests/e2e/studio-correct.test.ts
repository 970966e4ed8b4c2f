/** From a wrong prediction to its row and the texts that taught it, and to what a training with corrected labels does otherwise. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { trainGroups } from "../../src/cli/train-options.js";
import { readDataset } from "../../src/index.js";
import { type RunningStudio, startStudio } from "../../src/studio/node/server.js";
import { findRun, listRuns } from "../../src/tracking/queries/runs.js";
import { openStore, type Store } from "../../src/tracking/store/node/open-store.js";
import { inChromium } from "../support/browser.js";
import { writeRandomCheckpoint } from "../support/random-checkpoint.js";
import { faultsOf, openPage } from "../support/studio-page.js";

const TICKETS = fileURLToPath(new URL("../../examples/data/support-tickets.csv", import.meta.url));
const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const place = mkdtempSync(join(tmpdir(), "textune studio correct "));
const folder = join(place, "my work");
const data = join(folder, "tickets.csv");
const dir = join(place, "store");
/** On a machine that has much else to do. */
const PATIENCE = { timeout: 90_000 } as const;
let store: Store;
let studio: RunningStudio;
let first: string;

function train(file: string, output: string, ...more: string[]): void {
  const options = ["--model", "tiny", "--preset", "none", "--epochs", "1", "--max-length", "24", "--dir", dir];
  const words = [MAIN, "train", file, "--output", output, "--quiet", ...options, ...more];
  execFileSync(process.execPath, words, { cwd: folder, stdio: "ignore" });
}

inChromium((browser) => {
  beforeAll(async () => {
    mkdirSync(folder);
    writeFileSync(data, readFileSync(TICKETS, "utf8").split("\n").slice(0, 241).join("\n"));
    const { labels } = await readDataset(data, { text: "text", label: "label" });
    await writeRandomCheckpoint("bert-relu", join(folder, "tiny"), labels.names, { head: false });
    train("tickets.csv", "models/first");
    store = await openStore(dir);
    studio = await startStudio(
      store,
      { port: 0 },
      { groups: trainGroups, command: [process.execPath, MAIN], store: store.name, folder },
      { folder, cache: join(place, "cache") },
    );
    first = (await listRuns(store, {})).runs[0].id;
  }, 120_000);
  afterAll(async () => {
    await studio?.close();
    await store?.close();
    rmSync(place, { recursive: true, force: true, maxRetries: 3 });
  });

  it("leads from the worst error to its label and its neighbours, trains again, and shows what changed", async () => {
    const before = readFileSync(data, "utf8");
    const { page, complaints, close } = await openPage(browser(), studio, `/runs/${first}?tab=evaluation`);
    await page.getByRole("link", { name: "Correct" }).first().click();
    const row = page.getByRole("region", { name: "The row" });
    const text = (await row.locator(".row-text").textContent()) ?? "";
    const keys = row.getByRole("button", { pressed: false });
    const label = ((await keys.first().textContent()) ?? "").slice(2).trim();
    await page.keyboard.press(((await keys.first().textContent()) ?? "")[0]);
    await page.getByText("0 rows to train on, 1 held out").waitFor();
    const near = page.getByRole("region", { name: "Nearest training texts" }).getByRole("listitem");
    await near.first().waitFor(PATIENCE);
    const select = near.nth(1).getByRole("combobox");
    const other = (await select.inputValue()) === "billing" ? "returns" : "billing";
    await select.selectOption(other);
    await page.getByText("1 row to train on, 1 held out").waitFor();
    const address = page.url().slice(studio.address.length);
    expect(await faultsOf(browser(), studio, address, "Train again")).toEqual([]);

    await page.getByRole("button", { name: "Train with the corrections" }).click();
    await page.getByRole("link", { name: "What models/first-corrected does otherwise" }).click(PATIENCE);
    const changed = page.getByRole("region", { name: "Rows that changed" });
    await changed.getByText("1 of them was labelled otherwise before").waitFor();
    expect(await faultsOf(browser(), studio, page.url().slice(studio.address.length), "Rows that changed")).toEqual([]);
    expect(complaints).toEqual([]);

    // The same rows in each part, one label changed in each, and the file as it was.
    expect(readFileSync(data, "utf8")).toBe(before);
    const second = (await listRuns(store, {})).runs.find(({ id }) => id !== first)?.id ?? "";
    const [was, is] = [await findRun(store, first), await findRun(store, second)];
    const partsOf = ({ environment }: typeof was) =>
      environment.data as Record<string, { rows: number; fingerprint: string }>;
    for (const part of ["train", "validation"]) {
      expect(partsOf(is)[part].rows).toBe(partsOf(was)[part].rows);
      expect(partsOf(is)[part].fingerprint).not.toBe(partsOf(was)[part].fingerprint);
    }
    await page.goto(`${studio.address}/runs/${second}?tab=evaluation`);
    await page.getByRole("searchbox", { name: "Search in text" }).first().fill(text.slice(0, 60));
    await page
      .getByRole("row", { name: text.slice(0, 60) })
      .getByRole("cell", { name: label })
      .first()
      .waitFor();
    await page.goto(`${studio.address}/data/${second}`);
    await page.getByText("unchanged").waitFor();
    await close();
  }, 240_000);

  it("shows the neighbours of a text that is tried, and where to train again", async () => {
    const { page, complaints, close } = await openPage(
      browser(),
      studio,
      `/try?model=${encodeURIComponent("folder:models/first")}`,
    );
    await page.getByLabel("Text", { exact: true }).fill("where is my parcel");
    await page.getByRole("button", { name: "Classify" }).click();
    await page.getByText("This text is not in the data of the run").waitFor(PATIENCE);
    const near = page.getByRole("region", { name: "Nearest training texts" }).getByRole("listitem");
    await near.first().waitFor(PATIENCE);
    expect(await near.count()).toBe(8);
    await page.getByRole("link", { name: "2 labels are corrected. Train again" }).click();
    await page.getByRole("region", { name: "Corrections" }).getByRole("button", { name: "Take back" }).first().click();
    await page.getByText("1 row to train on, 0 held out").waitFor();
    expect(complaints).toEqual([]);
    await close();
  }, 120_000);

  it("corrects several labels of a row one by one, and numbers of long pairs", async () => {
    const rows = [...(await readDataset(data, { text: "text", label: "label" }))].slice(0, 60);
    const several = rows.map(({ text, label }) => ({ text, label: /\d/.test(text) ? [label, "figures"] : [label] }));
    // Pairs of texts that are too long for their place: both must be reached by the keyboard.
    const long = (text: string): string => `${text} `.repeat(60);
    const numbers = rows.map(({ text }) => ({ text: long(text), reply: long(text), label: text.length / 8 }));
    const write = (name: string, lines: readonly object[]): void =>
      writeFileSync(join(folder, name), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    write("several.jsonl", several);
    write("numbers.jsonl", numbers);
    train("several.jsonl", "models/several");
    train("numbers.jsonl", "models/numbers", "--text-pair", "reply");
    const { runs } = await listRuns(store, {});
    const openRow = async (at: number) => {
      const opened = await openPage(browser(), studio, `/runs/${runs[at].id}?tab=evaluation`);
      await opened.page.getByRole("link", { name: "Correct" }).first().click();
      return { ...opened, row: opened.page.getByRole("region", { name: "The row" }) };
    };

    const { page, row, complaints, close } = await openRow(1);
    // Two keys at once: the second goes on from the first.
    const chosen = ["account", "figures"] as const;
    const before = await Promise.all(
      chosen.map(async (name) => {
        const button = row.getByRole("button", { name });
        const [key] = (await button.textContent()) ?? "";
        return { name, key, pressed: (await button.getAttribute("aria-pressed")) === "true" };
      }),
    );
    for (const { key } of before) await page.keyboard.press(key);
    for (const { name, pressed } of before) await row.getByRole("button", { name, pressed: !pressed }).waitFor();
    const near = page.getByRole("region", { name: "Nearest training texts" }).getByRole("listitem");
    await near.first().locator("summary").click(PATIENCE);
    await near.first().getByRole("button", { pressed: true }).first().click();
    await page.getByText("1 row to train on, 1 held out").waitFor();
    const address = page.url().slice(studio.address.length);
    expect(await faultsOf(browser(), studio, address, "Train again")).toEqual([]);
    const list = page.getByRole("region", { name: "Corrections" });
    await list.getByRole("button", { name: "Take back" }).first().click();
    await list.getByRole("button", { name: "Take back" }).first().click();
    await list.getByText("None yet").waitFor();
    for (const { name, pressed } of before) await row.getByRole("button", { name, pressed }).waitFor();
    expect(complaints).toEqual([]);
    await close();

    const second = await openRow(0);
    await second.row.getByRole("spinbutton").fill("12.5");
    await second.page.keyboard.press("Enter");
    await second.page.getByText("and you say 12.5").waitFor();
    const seen = second.page.url().slice(studio.address.length);
    expect(await faultsOf(browser(), studio, seen, "you say 12.5")).toEqual([]);
    expect(second.complaints).toEqual([]);
    await second.close();
    expect(readFileSync(join(folder, "numbers.jsonl.corrections.jsonl"), "utf8")).toContain('"label":"12.5"');
  }, 240_000);

  it("leads nowhere where nothing can be changed", async () => {
    const shown = await startStudio(store, { port: 0, readOnly: true }, undefined, {
      folder,
      cache: join(place, "cache"),
    });
    const { page, complaints, close } = await openPage(browser(), shown, `/runs/${first}?tab=evaluation`);
    await page.getByRole("region", { name: "validation/predictions" }).getByRole("row").nth(1).waitFor();
    expect(await page.getByRole("link", { name: "Correct" }).count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.goto(`${shown.address}/runs/${first}/correct`);
    await page.getByText("it was started with --read-only").waitFor();
    await close();
    await shown.close();
  });
});
