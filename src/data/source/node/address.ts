/** Addresses of the web: what they are called, and the file behind them. */
import { basename } from "node:path";
import { fail } from "../../../base/errors.js";
import { proxiedFetch } from "../../../hub/node/proxied-fetch.js";
import type { NamedBytes } from "./open-tables.js";

/** An address as it may be shown: without password and query, which may be secrets. A path stays as it is. */
export function shownAddress(address: string): string {
  if (!/^(https?|postgres(ql)?):\/\//i.test(address) || !URL.canParse(address)) return address;
  const { protocol, username, host, pathname } = new URL(address);
  return `${protocol}//${username === "" ? "" : `${username}@`}${host}${pathname}`;
}

/** A name in an address; where it is not encoded as it should be, as it stands. */
export function decodedName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/**
 * A file at an http or https address. A user and password in it are sent as basic authentication.
 * @throws E_HUB where the server cannot be reached or refuses
 */
export async function openAddress(address: string, signal: AbortSignal | undefined): Promise<NamedBytes> {
  const url = URL.canParse(address)
    ? new URL(address)
    : fail("E_USAGE", {
        where: shownAddress(address),
        expected: "an address",
        got: "something else",
        fix: "correct it",
      });
  const shown = shownAddress(address);
  const stopped = (error: unknown): never =>
    fail("E_ABORTED", { where: shown, got: "stopped while downloading" }, error);
  const headers: Record<string, string> = {};
  if (url.username !== "" || url.password !== "") {
    const credentials = `${decodedName(url.username)}:${decodedName(url.password)}`;
    headers.authorization = `Basic ${Buffer.from(credentials).toString("base64")}`;
    // fetch refuses addresses that hold them.
    url.username = "";
    url.password = "";
  }
  let response: Response;
  try {
    response = await proxiedFetch(url, { headers, ...(signal === undefined ? {} : { signal }) });
  } catch (error) {
    if (signal?.aborted === true) return stopped(error);
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return fail(
      "E_HUB",
      { where: shown, expected: "an answer", got: cause || "none", fix: "check the address and the connection" },
      error,
    );
  }
  const { body } = response;
  if (!response.ok || body === null) {
    await body?.cancel();
    return fail("E_HUB", {
      where: shown,
      expected: "a file",
      got: `status ${response.status}`,
      fix: "check the address",
    });
  }
  const length = Number(response.headers.get("content-length") ?? Number.NaN);
  // A body that was packed for the transfer arrives unpacked, so its length says nothing.
  const whole = response.headers.get("content-encoding") === null && Number.isFinite(length) ? length : undefined;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    let size = 0;
    try {
      for await (const piece of body as unknown as AsyncIterable<Uint8Array>) {
        size += piece.length;
        yield piece;
      }
    } catch (error) {
      if (signal?.aborted === true) stopped(error);
      fail(
        "E_HUB",
        { where: shown, expected: "the whole file", got: `the connection broke after ${size} bytes`, fix: "try again" },
        error,
      );
    }
    if (whole !== undefined && size !== whole)
      fail("E_HUB", { where: shown, expected: `${whole} bytes`, got: String(size), fix: "try again" });
  }
  return { name: decodedName(basename(url.pathname)) || url.hostname, bytes: bytes() };
}
