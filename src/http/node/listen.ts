import type { Server } from "node:http";
import { fail } from "../../base/errors.js";

export interface ListenOptions {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
}

/**
 * Listens, and gives the address, such as http://127.0.0.1:8000.
 *
 * @throws E_CONFIG for a port that is taken, or an address that is not this computer's
 */
export async function listen(server: Server, { host, port }: ListenOptions): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host.replace(/^\[|\]$/g, ""), resolve);
  }).catch((error: NodeJS.ErrnoException) => {
    const taken = error.code === "EADDRINUSE";
    fail(
      "E_CONFIG",
      {
        option: taken || error.code === "EACCES" ? "port" : "host",
        expected: taken ? "a port that is free" : "an address of this computer and a port that you may use",
        got: taken ? `${port}, which another program has` : `${host}:${port} (${error.code})`,
        fix: taken ? "stop the other, or choose another port" : "choose others",
      },
      error,
    );
  });
  const address = server.address();
  const given = typeof address === "object" && address !== null ? address.port : port;
  return `http://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${given}`;
}
