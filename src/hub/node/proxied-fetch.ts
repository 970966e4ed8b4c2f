/** `fetch` through the proxy that the environment names, which Node's own does not look at. */
import { fromEnvironment } from "../../base/node/user-caches.js";

const PROXIES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"];
let through: Promise<typeof fetch> | undefined;

/** Node's `fetch`; where HTTPS_PROXY or HTTP_PROXY is set, one that goes through it, unless NO_PROXY names the host. */
export const proxiedFetch: typeof fetch = async (input, init) => {
  if (!PROXIES.some((name) => fromEnvironment(name) !== undefined)) return fetch(input, init);
  through ??= import("undici").then(({ EnvHttpProxyAgent, fetch: request }) => {
    const dispatcher = new EnvHttpProxyAgent();
    // The types of undici and of Node's copy of it differ by name alone.
    return ((url: string, options: object) => request(url, { ...options, dispatcher })) as unknown as typeof fetch;
  });
  return (await through)(input, init);
};
