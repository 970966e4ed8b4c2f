/** The server's own page in a real browser. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { datasetFrom, TextClassifier } from "../../src/index.js";
import { type RunningServer, startServer } from "../../src/serving/node/server.js";
import { inChromium } from "../support/browser.js";
import { writeRandomCheckpoint } from "../support/random-checkpoint.js";
import { faultsOn } from "../support/studio-page.js";

const place = await mkdtemp(join(tmpdir(), "textune page "));
const untrained = join(place, "untrained");
const OPTIONS = { epochs: 1, batchSize: 4, maxLength: 16, threads: 1 } as const;
let server: RunningServer;

inChromium((browser) => {
  beforeAll(async () => {
    await writeRandomCheckpoint("bert-relu", untrained, ["ham", "news", "spam"]);
    const alone = await TextClassifier.fromPretrained(untrained);
    await alone.fit(
      datasetFrom([1, 2, 3, 4].map((i) => ({ text: `text ${i}`, label: i % 2 ? "ham" : "spam" }))),
      OPTIONS,
    );
    await alone.save(join(place, "texts"));
    await alone.close();
    const pairs = datasetFrom([1, 2, 3, 4].map((i) => ({ text: `a ${i}`, textPair: `b ${i}`, label: 1000 * i + 0.5 })));
    const numbers = await TextClassifier.fromPretrained(untrained, { labels: pairs.labels });
    await numbers.fit(pairs, OPTIONS);
    await numbers.save(join(place, "pairs"));
    await numbers.close();
    const folders = ["texts", "pairs", "untrained"].map((name) => join(place, name));
    server = await startServer(folders, { port: 0, threads: 1 }, pino({ enabled: false }));
  }, 120_000);
  afterAll(async () => {
    await server?.close();
    await rm(place, { recursive: true, force: true });
  });

  it("asks for what each model reads, and shows probabilities, numbers, and what is wrong", async () => {
    const page = await browser().newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(server.address);
    const [text, second] = [page.locator("[name=text]"), page.locator("[name=pair]")];
    const classify = async (model: string): Promise<void> => {
      await page.getByRole("combobox").selectOption(model);
      if (await second.isVisible()) await second.fill("another");
      await page.getByRole("button", { name: "Classify" }).click();
    };
    await page.locator("[name=model] option").nth(2).waitFor({ state: "attached" });
    expect(await page.getByLabel("Key").isVisible()).toBe(false);
    await text.fill("some <b>text</b>");

    await classify("texts");
    await page.getByRole("row", { name: /^ham .*%$/ }).waitFor();
    expect(await second.isVisible()).toBe(false);
    expect(await faultsOn(page, "texts")).toEqual([]);

    await classify("pairs");
    // Random weights: near 0, and no share of anything.
    await page.getByRole("row", { name: /^value -?[\d.e-]+$/ }).waitFor();
    expect(await faultsOn(page, "pairs")).toEqual([]);
    await second.fill("");
    await page.getByRole("button", { name: "Classify" }).click();
    expect(await page.locator("[name=pair]:invalid").count()).toBe(1);

    // What is known of it is nothing: it takes both.
    await classify("untrained");
    await page.getByRole("row", { name: /^spam .*%$/ }).waitFor();
    await text.fill(" ");
    await page.getByRole("button", { name: "Classify" }).click();
    await page.getByText("input, text 1: expected a text, got an empty one").waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });
});
