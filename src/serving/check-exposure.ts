import { fail } from "../base/errors.js";
import { isLoopback } from "../http/guards.js";

/**
 * Makes sure that a server which others reach asks for a key, or was told not to.
 *
 * @throws E_CONFIG
 */
export function checkExposure(host: string, apiKey: string | undefined, auth: boolean): void {
  if (isLoopback(host) || apiKey !== undefined || !auth) return;
  fail("E_CONFIG", {
    option: "apiKey",
    expected: `a key, as ${host} is reached by others`,
    got: "none",
    fix: "set TEXTUNE_API_KEY, or allow everyone",
    set: { auth: false },
  });
}
