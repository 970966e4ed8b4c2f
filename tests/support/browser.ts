/** Debian's Chromium, where it is installed. */
import { existsSync } from "node:fs";

export const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
/** Why a test in a browser is left out; undefined where it is not. */
export const noBrowser = CHROMIUM === undefined ? "no Chromium: apt-get install chromium" : undefined;
