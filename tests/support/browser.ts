/** Debian's Chromium, where it is installed. */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";

export const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

/** Runs `tests` with one Chromium for all of them, which each call of `browser` gives; says where there is none. */
export function inChromium(tests: (browser: () => Browser) => void): void {
  const why = CHROMIUM === undefined ? " (no Chromium: apt-get install chromium)" : "";
  describe.skipIf(CHROMIUM === undefined)(`in Chromium${why}`, () => {
    let browser: Browser | undefined;
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
    }, 60_000);
    afterAll(() => browser?.close());
    tests(() => browser as Browser);
  });
}
