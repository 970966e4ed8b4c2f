import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { proxiedFetch } from "./proxied-fetch.js";

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
};
let site: Server;
let proxy: Server;
let asked: string[] = [];
let port = 0;
beforeEach(async () => {
  asked = [];
  site = createServer((_, response) => response.end("the site"));
  proxy = createServer().on("connect", (request, client) => {
    asked.push(request.url ?? "");
    const server = connect(port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      server.pipe(client).pipe(server);
    });
    client.on("error", () => server.destroy());
  });
  port = await listen(site);
  for (const name of ["HTTPS_PROXY", "https_proxy", "http_proxy", "no_proxy", "NO_PROXY"]) vi.stubEnv(name, undefined);
  vi.stubEnv("HTTP_PROXY", `http://127.0.0.1:${await listen(proxy)}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
  for (const server of [site, proxy]) {
    server.closeAllConnections();
    server.close();
  }
});

it("goes through the proxy that the environment names", async () => {
  // The name leads nowhere: only the proxy knows it.
  const response = await proxiedFetch("http://hub.invalid/file");
  expect(await response.text()).toBe("the site");
  expect(asked).toEqual(["hub.invalid:80"]);
});

it("goes straight where there is no proxy, or not for this host", async () => {
  vi.stubEnv("NO_PROXY", "127.0.0.1");
  const { proxiedFetch: fresh } = await import("./proxied-fetch.js");
  expect(await (await fresh(`http://127.0.0.1:${port}/`)).text()).toBe("the site");
  vi.stubEnv("HTTP_PROXY", undefined);
  expect(await (await fresh(`http://127.0.0.1:${port}/`)).text()).toBe("the site");
  expect(asked).toEqual([]);
});
