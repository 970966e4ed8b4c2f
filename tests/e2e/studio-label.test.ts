/** Labelling in the Studio's page by keyboard, in a real browser; a killed server loses no label. */
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { inChromium } from "../support/browser.js";
import { faultsOf, openPage } from "../support/studio-page.js";

const CLI = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const TICKETS = fileURLToPath(new URL("../../examples/data/support-tickets.csv", import.meta.url));
const CLASSES = ["account", "billing", "delivery", "product", "returns"];
const folder = mkdtempSync(join(tmpdir(), "textune label "));
const started: ChildProcess[] = [];

/** `textune studio` in a process of its own. */
async function start(): Promise<{ readonly address: string; kill(): Promise<void> }> {
  const child = spawn(process.execPath, [CLI, "studio", "--no-open", "--port", "0", "--json", "--quiet"], {
    cwd: folder,
    env: { ...process.env, XDG_CACHE_HOME: join(folder, "cache") },
    stdio: ["ignore", "pipe", "inherit"],
  });
  started.push(child);
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const address = await new Promise<string>((resolve, reject) => {
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      said += chunk;
      if (said.includes("}")) resolve((JSON.parse(said) as { address: string }).address);
    });
    void ended.then(() => reject(new Error(`the Studio ended: ${said}`)));
  });
  return {
    address,
    kill: () => {
      child.kill("SIGKILL");
      return ended;
    },
  };
}

/** What the journal says was done, in order. */
function journal(): string[] {
  const [, ...lines] = readFileSync(join(folder, "tickets.csv.labels.jsonl"), "utf8").trim().split("\n");
  return lines.map((line) => {
    const { action, label } = JSON.parse(line) as { action: string; label?: string };
    return label ?? action;
  });
}

inChromium((browser) => {
  let studio: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    cpSync(TICKETS, join(folder, "tickets.csv"));
    mkdirSync(join(folder, "packed texts"));
    writeFileSync(join(folder, "packed texts", "tickets.csv.gz"), gzipSync(readFileSync(TICKETS)));
    studio = await start();
  }, 60_000);
  afterAll(async () => {
    for (const child of started) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it("labels twelve rows by keyboard; killed at once and started again, all are there", async () => {
    const { page, complaints, close } = await openPage(browser(), studio, "/label");
    await page.getByRole("button", { name: /tickets\.csv/ }).click();
    await page.getByLabel("Classes, one a line").fill(CLASSES.join("\n"));
    await page.getByRole("button", { name: "Begin" }).click();
    await page.getByText(/^Row \d+/).waitFor();
    const keys = [..."121234512345"];
    for (const key of keys) await page.keyboard.press(key);
    await page.keyboard.press("z");
    for (const key of "5su") await page.keyboard.press(key);
    await page.getByText("12 labelled, 2 passed over").waitFor();
    // Before the kill: a page says aloud that its server was gone in the middle of an answer.
    expect(complaints).toEqual([]);
    await studio.kill();
    await close();
    const labels = keys.map((key) => CLASSES[Number(key) - 1]);
    const done = [...labels, "undo", "returns", "skip", "unsure"];
    expect(journal()).toEqual(done);

    studio = await start();
    const path = "/label?file=tickets.csv";
    const again = await openPage(browser(), studio, path);
    await again.page.getByText("12 labelled, 2 passed over").waitFor();
    const counts = again.page.locator(".classes button > .muted");
    expect(await counts.allTextContents()).toEqual(["3", "3", "2", "2", "2"]);
    expect(journal()).toEqual(done);
    await again.page.getByText("The model knows all labels.").waitFor({ timeout: 120_000 });
    await again.close();
    expect(await faultsOf(browser(), studio, path, "The model knows all labels.")).toEqual([]);
  });

  it("says which keys were not counted while the next rows are on their way", async () => {
    const { page, complaints, close } = await openPage(browser(), studio, "/label");
    let go = (): void => {};
    const isOpen = new Promise<void>((resolve) => {
      go = resolve;
    });
    // Before the page of the file is opened: a page that is there may send a request past a new route.
    await page.route("**/api/label/decide", async (route) => {
      await isOpen;
      await route.continue();
    });
    await page.goto(`${studio.address}/label?file=tickets.csv`);
    await page.getByText(/^Row \d+/).waitFor();
    const before = journal().length;
    // Sixteen rows wait on the page.
    for (let i = 0; i < 18; i++) await page.keyboard.press("1");
    await page.getByText("The next rows are on their way").waitFor();
    await page.getByText("2 keys were not counted").waitFor();
    go();
    await page.getByText("28 labelled, 2 passed over").waitFor();
    expect(journal().slice(before)).toEqual(Array<string>(16).fill("account"));
    await page.keyboard.press("2");
    await page.getByText("29 labelled, 2 passed over").waitFor();
    expect(await page.getByText("not counted").count()).toBe(0);
    // A class that was not named at the beginning.
    await page.keyboard.press("+");
    await page.keyboard.type(" complaint 怒 ");
    await page.keyboard.press("Enter");
    await page.getByText("30 labelled, 2 passed over").waitFor();
    await page.keyboard.press("6");
    await page.getByText("31 labelled, 2 passed over").waitFor();
    expect(journal().slice(-2)).toEqual(["complaint 怒", "complaint 怒"]);
    expect(complaints).toEqual([]);
    await close();
  });

  it("labels any file that is read, found by going through folders", async () => {
    const { page, complaints, close } = await openPage(browser(), studio, "/label");
    await page.getByText("Another file").click();
    await page.getByRole("button", { name: "packed texts" }).click();
    await page.getByRole("button", { name: "tickets.csv.gz" }).click();
    await page.getByLabel("Classes, one a line").fill(CLASSES.join("\n"));
    await page.getByRole("button", { name: "Begin" }).click();
    await page.getByText(/^Row \d+/).waitFor();
    await page.keyboard.press("3");
    await page.getByText("1 labelled").waitFor();
    expect(existsSync(join(folder, "packed texts", "tickets.csv.gz.labels.jsonl"))).toBe(true);
    expect(complaints).toEqual([]);
    await close();
  });
});
