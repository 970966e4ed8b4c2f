/** Which requests come in: from this computer or with the token, and from no other site's page. */
import type { Context, MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { bears, isLoopback, isOwnName, isOwnOrigin, isSecret } from "../http/guards.js";
import { Problem } from "../http/problem.js";

export interface GateOptions {
  readonly host: string;
  /** Asked for, where it is there. */
  readonly token: string | undefined;
}

/** Pages that a person opens by a link of another site are shown; what they ask for themselves is not. */
const isQuestion = (c: Context): boolean => c.req.path.startsWith("/api/");

/** @throws Problem 403 for another host or site, 401 without the token */
export function gate({ host, token }: GateOptions): MiddlewareHandler {
  return async (c, next) => {
    const asked = c.req.header("host");
    // A name server may give this computer's address for any name: the page under it would be another site's.
    if (isLoopback(host) && !isOwnName(asked))
      throw new Problem(403, `Host: expected localhost, got ${JSON.stringify(asked ?? "none")}`);
    const foreign = !isOwnOrigin(c.req.header("origin"), asked) || c.req.header("sec-fetch-site") === "cross-site";
    if (foreign && (isQuestion(c) || c.req.method !== "GET"))
      throw new Problem(403, "Origin: expected the Studio's own page, got another site's");
    if (token !== undefined) {
      const cookie = `textune-${new URL(c.req.url).port}`;
      const given = new URL(c.req.url).searchParams.get("token");
      if (given !== null && !isQuestion(c) && isSecret(given, token)) {
        setCookie(c, cookie, token, { httpOnly: true, sameSite: "Strict", path: "/" });
        return c.redirect(c.req.path);
      }
      if (!isSecret(getCookie(c, cookie), token) && !bears(c.req.header("authorization"), token))
        throw new Problem(401, "token: expected that of this Studio; open the whole address that the terminal shows");
    }
    return next();
  };
}
