/** Who may ask. */
import { createHash, timingSafeEqual } from "node:crypto";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/;

export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/** Whether the header `Host` names this computer: a page of elsewhere that a name server points here does not. */
export function isOwnName(header: string | undefined): boolean {
  if (header === undefined) return false;
  return isLoopback(header.replace(/:\d+$/, ""));
}

/** Whether the header `Authorization` bears `key`. */
export function bears(header: string | undefined, key: string): boolean {
  return isSecret(/^Bearer (.+)$/i.exec(header ?? "")?.[1], key);
}

/** Whether `given` is `secret`; takes as long for any wrong one. */
export function isSecret(given: string | undefined, secret: string): boolean {
  const hash = (value: string): Buffer => createHash("sha256").update(value).digest();
  return timingSafeEqual(hash(given ?? ""), hash(secret));
}

/** Whether a request may come from a page of this server, or from no page: its `Origin` is then the host it was sent to. */
export function isOwnOrigin(origin: string | undefined, host: string | undefined): boolean {
  return origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
}
