/** Who may ask. */
import { createHash, timingSafeEqual } from "node:crypto";
import { fail } from "../base/errors.js";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/;

export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

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

/** Whether the header `Host` names this computer: a page of elsewhere that a name server points here does not. */
export function isOwnName(header: string | undefined): boolean {
  if (header === undefined) return false;
  return isLoopback(header.replace(/:\d+$/, ""));
}

/** Whether the header `Authorization` bears `key`; takes as long for any wrong one. */
export function bears(header: string | undefined, key: string): boolean {
  const given = /^Bearer (.+)$/i.exec(header ?? "")?.[1] ?? "";
  const hash = (value: string): Buffer => createHash("sha256").update(value).digest();
  return timingSafeEqual(hash(given), hash(key));
}
