/** The Studio's page that tries classifiers, in a real browser. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { TextClassifier } from "../../src/index.js";
import type { RunningStudio } from "../../src/studio/node/server.js";
import { inChromium } from "../support/browser.js";
import { writeRandomCheckpoint } from "../support/random-checkpoint.js";
import { studioOf } from "../support/studio-of.js";
import { faultsOf, faultsOn, openPage } from "../support/studio-page.js";

const place = mkdtempSync(join(tmpdir(), "textune studio try "));
/** More classes than a page has room for. */
const MANY = Array.from({ length: 60 }, (_, i) => `class ${i}`);
let studio: RunningStudio;

inChromium((browser) => {
  beforeAll(async () => {
    await writeRandomCheckpoint("bert-relu", join(place, "my model"), ["ham", "news", "spam"]);
    const many = await TextClassifier.fromPretrained(join(place, "my model"), { labels: MANY });
    await many.save(join(place, "of many classes"));
    await many.export(join(place, "of many classes, exported"), { dtype: "fp32" });
    await many.close();
    studio = await studioOf(join(place, "store"), place);
  }, 60_000);
  afterAll(async () => {
    await studio?.close();
    rmSync(place, { recursive: true, force: true, maxRetries: 3 });
  });

  it("shows its form in both themes and at both widths, to everyone", async () => {
    expect(await faultsOf(browser(), studio, "/try", "Classify")).toEqual([]);
  });

  it.each([false, true])(
    "shows probabilities and coloured words, for the class that is chosen (dark: %s)",
    async (dark) => {
      const { page, complaints, close } = await openPage(browser(), studio, "/try", { dark });
      await page.getByLabel("Text", { exact: true }).fill("the <b>cat</b> sat on the mat");
      await page.getByRole("button", { name: "Classify" }).click();
      for (const name of ["ham", "spam"]) {
        await page.getByRole("button", { name }).click();
        await page.getByRole("heading", { name: `What speaks for ${name}` }).waitFor();
      }
      // What was typed is text, never markup.
      expect(await page.locator(".explained").textContent()).toBe("the <b>cat</b> sat on the mat");
      expect(await page.locator(".explained span[title]").count()).toBeGreaterThan(5);
      expect([...(await faultsOn(page, "/try")), ...complaints]).toEqual([]);
      await close();
    },
  );

  it.each(["of many classes", "of many classes, exported"])(
    "scrolls a long text and what is said of it with the keyboard: %s",
    async (model) => {
      const { page, complaints, close } = await openPage(browser(), studio, "/try");
      await page.getByLabel("Classifier").selectOption({ label: model });
      await page.getByLabel("Text", { exact: true }).fill("the cat sat on the mat\n".repeat(80));
      await page.getByRole("button", { name: "Classify" }).click();
      await page.getByText(`class ${MANY.length - 1}`, { exact: true }).waitFor();
      expect([...(await faultsOn(page, model)), ...complaints]).toEqual([]);
      await close();
    },
  );
});
