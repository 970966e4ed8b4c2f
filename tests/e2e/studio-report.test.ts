/** Reports: a run or a comparison as one file, opened without a server and without a network. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isDeepStrictEqual } from "node:util";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runCommandLine } from "../../src/cli/command-line.js";
import { reportFile } from "../../src/studio/node/report-file.js";
import type { RunningStudio } from "../../src/studio/node/server.js";
import { init, logEvaluation, logOutputs, Table } from "../../src/tracking/index.js";
import { openStore } from "../../src/tracking/store/node/open-store.js";
import { inChromium } from "../support/browser.js";
import { studioOf } from "../support/studio-of.js";
import { faultsOn, openPage, WIDTHS } from "../support/studio-page.js";
import { writtenTerminal } from "../support/terminal.js";

const HOSTILE = `</title></script><script>document.title="taken"</script><img src=x onerror='document.title="taken"'><!--`;
const place = mkdtempSync(join(tmpdir(), "textune report "));
const dir = join(place, "store");
const one = join(place, "one run.html");
const both = join(place, "both.html");
/** How long a page may take on a busy machine. */
const LATE = { timeout: 10_000 };
let ids: string[];
let studio: RunningStudio;

/** A run with all that a page shows, without a training. */
async function record(name: string, offset: number, points: number): Promise<string> {
  const run = await init({
    ...{
      dir,
      name,
      project: "mails",
      notes: HOSTILE,
      tags: ["</script><b>tag"],
      config: { rate: offset, title: HOSTILE },
    },
    settings: { statsSamplingInterval: 0 },
  });
  for (let i = 0; i < points; i++)
    run.log({ "train/loss": offset + 1 / (i + 1), "train/epoch": (3 * i) / points, [`odd/${HOSTILE}`]: i });
  const rows = Array.from({ length: 300 }, (_, i) => [`${i % 2 ? HOSTILE : "lunch"} ${i}`, i % 3 ? 300 - i : null]);
  run.log({ mails: new Table({ columns: ["text", HOSTILE], data: rows }) });
  process.stdout.write(`${HOSTILE}\n`);
  const labels = ["ham", HOSTILE];
  const targets = Array.from({ length: 40 }, (_, i) => i % 2);
  const logits = Float32Array.from(targets.flatMap((_, i) => [Math.sin(i + offset), Math.cos(3 * i)]));
  const said = targets.map((_, i) => Number(logits[2 * i + 1] > logits[2 * i]));
  const confusion = labels.map((_, t) =>
    labels.map((_, p) => said.filter((one, i) => one === p && i % 2 === t).length),
  );
  logEvaluation(run, "test", { accuracy: 0.5, perClass: labels.map((label) => ({ label, f1: 0.5 })), confusion });
  const outputs = { family: "single-label", labels, rows: targets.length, targets, logits } as const;
  logOutputs(run, "test", outputs, (row) => `${HOSTILE} ${row}`);
  await run.finish();
  return run.id;
}

/** What a page says, whichever way it came: texts of its parts, and what its charts tell. */
const SAID = `[...document.querySelectorAll(".values, .matrix, .table-frame, .console, .compared, .xy-plot, .chart, .figures")]
  .map((part) => part.getAttribute("aria-label") + "\\n" + part.innerText)`;

inChromium((browser) => {
  const open = async (file: string, look = {}) => {
    const opened = await openPage(browser(), { address: pathToFileURL(file).href }, "", look);
    await opened.page.context().setOffline(true);
    await opened.page.locator(".values, .compared").first().waitFor();
    return opened;
  };
  const saidBy = (page: Page) => page.evaluate<string[]>(SAID);
  const hash = (page: Page, to: string) => page.evaluate(`location.hash = ${JSON.stringify(to)}`);

  beforeAll(async () => {
    ids = [await record(`first ${HOSTILE}`, 0, 300), await record("second", 1, 5000)];
    studio = await studioOf(dir);
    const store = await openStore(dir);
    writeFileSync(one, (await reportFile(store, [ids[0]], Date.now())).html);
    await store.close();
    const { terminal, written } = writtenTerminal(() => performance.now());
    const words = ["studio", "export", ...ids, "--output", both, "--dir", dir];
    expect(await runCommandLine(words, terminal), written.err).toBe(0);
    expect(written.err).toContain("Curves are kept in about 1000 parts");
  }, 60_000);
  afterAll(async () => {
    await studio?.close();
    rmSync(place, { recursive: true, force: true });
  });

  it("says in a file what the Studio says, whatever the texts are", async () => {
    const file = await open(one);
    const live = await openPage(browser(), studio, "/runs");
    for (const tab of ["overview", "curves", "evaluation", "tables", "console", "curves&axis=train%2Fepoch&zoom=1,2"]) {
      const path = `/runs/${ids[0]}?tab=${tab}`;
      await hash(file.page, path);
      await live.page.goto(`${studio.address}${path}`);
      for (const { page } of [file, live])
        await page.locator(".values, .chart canvas, .matrix, .table-frame td, .console li").first().waitFor();
      await expect.poll(() => live.page.getByText("Loading").locator("visible=true").count(), LATE).toBe(0);
      const said = await saidBy(live.page);
      expect(said.length, tab).toBeGreaterThan(0);
      await expect.poll(() => saidBy(file.page), { ...LATE, message: tab }).toEqual(said);
    }
    await live.close();
    expect(await file.page.title()).toBe(`first ${HOSTILE}: a run`);
    expect(file.complaints).toEqual([]);
    await file.close();
  }, 60_000);

  it("sorts, searches and shows the rows of a cell as the Studio does", async () => {
    const file = await open(one);
    const live = await openPage(browser(), studio, "/runs");
    const steps: readonly ((page: Page) => Promise<void>)[] = [
      (page) => page.getByRole("button", { name: /^[1-9]\d* of ham predicted as </ }).click(),
      (page) => page.getByRole("region", { name: "predictions" }).getByRole("button", { name: "loss" }).click(),
      (page) => page.getByRole("searchbox", { name: "Search in text" }).fill("3"),
    ];
    await hash(file.page, `/runs/${ids[0]}?tab=evaluation`);
    await live.page.goto(`${studio.address}/runs/${ids[0]}?tab=evaluation`);
    let before: string[] = [];
    for (const step of steps) {
      for (const { page } of [file, live]) await step(page);
      // Either page may be on its way still: both are asked until they say the same.
      await expect
        .poll(async () => {
          const [sent, shown] = [await saidBy(file.page), await saidBy(live.page)];
          return { isNew: !isDeepStrictEqual(shown, before), sent, isSame: isDeepStrictEqual(sent, shown) };
        }, LATE)
        .toMatchObject({ isNew: true, isSame: true });
      before = await saidBy(live.page);
    }
    for (const { page } of [file, live]) {
      const rows = page.getByRole("region", { name: "predictions" }).locator("tbody tr[aria-rowindex]");
      const cells = await rows.evaluateAll((all) =>
        all.map(({ children }) => [...children].map((one) => one.textContent)),
      );
      expect(cells.length).toBeGreaterThan(0);
      for (const row of cells) expect(row).toEqual(expect.arrayContaining(["ham", HOSTILE]));
    }
    await live.close();
    await file.close();
  }, 60_000);

  it.each([
    ["light and wide", { dark: false, viewport: WIDTHS.wide }],
    ["dark and narrow", { dark: true, viewport: WIDTHS.narrow }],
  ] as const)("compares runs, leads to each and back, %s, to everyone", async (_, look) => {
    const { page, complaints, close } = await open(both, look);
    await page.getByRole("heading", { name: "Compare" }).waitFor();
    await page.getByText("Curves are kept in about 1000 parts").waitFor();
    const found = await faultsOn(page, "comparison");
    await page.getByRole("link", { name: "second" }).click();
    await page.getByRole("heading", { name: "second" }).waitFor();
    found.push(...(await faultsOn(page, "run")));
    await page.goBack();
    await page.getByRole("heading", { name: "Compare" }).waitFor();
    expect(found).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  });

  it("runs no script but its own, and asks nobody", async () => {
    const { page, close } = await open(one);
    const asked = await page.evaluate(`(() => {
      const added = document.createElement("script");
      added.textContent = "document.title = 'taken'";
      document.body.append(added);
      const image = document.createElement("img");
      image.setAttribute("onerror", "document.title = 'taken'");
      image.src = "data:none";
      document.body.append(image);
      return new Promise((resolve) => {
        addEventListener("securitypolicyviolation", ({ effectiveDirective: what }) => what === "connect-src" && resolve("refused"));
        fetch("http://127.0.0.1:1/").catch(() => setTimeout(resolve, 500, "sent"));
      });
    })()`);
    expect(asked).toBe("refused");
    expect(await page.title()).toBe(`first ${HOSTILE}: a run`);
    await close();
  });
});

it("refuses a file that is there, a run that is not, and no name", async () => {
  const place = mkdtempSync(join(tmpdir(), "textune report "));
  const there = join(place, "there.html");
  writeFileSync(there, "mine");
  const store = ["--dir", join(place, "store")];
  const run = await init({ dir: join(place, "store"), name: "one", settings: { statsSamplingInterval: 0 } });
  await run.finish();
  const said = async (...words: string[]): Promise<[number, string]> => {
    const { terminal, written } = writtenTerminal(() => performance.now());
    return [await runCommandLine(["studio", "export", ...words, ...store], terminal), written.err];
  };
  expect(await said("one", "--output", there)).toEqual([2, expect.stringContaining("--overwrite")]);
  expect(await said("none", "--output", join(place, "new.html"))).toEqual([1, expect.stringContaining("none")]);
  expect(await said("one")).toEqual([2, expect.stringContaining("--output report.html")]);
  expect(await said("one", "--output", there, "--overwrite")).toEqual([0, expect.stringContaining("written")]);
  rmSync(place, { recursive: true, force: true });
});
