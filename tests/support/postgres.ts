/** A PostgreSQL server of the tests' own, from Debian's package. */
import { execFileSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface PostgresServer {
  /** The address of a new, empty database. */
  database(): string;
  /** Ends the server as a power cut would; `resume` starts it again. */
  crash(): void;
  resume(): void;
  stop(): void;
}

const VERSIONS = "/usr/lib/postgresql";

/** The folder of the server's programs, or undefined where there are none. */
function programs(): string | undefined {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(VERSIONS, version, "bin")).find((folder) => existsSync(join(folder, "initdb")));
}

/** Why there is no server here, in words; undefined where there can be one. */
export const noPostgres: string | undefined =
  programs() === undefined ? "PostgreSQL is not installed: apt-get install postgresql" : undefined;

/** Starts a server on a free port, with a folder of its own. */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = programs() as string;
  const folder = mkdtempSync(join(tmpdir(), "textune-postgres-"));
  const data = join(folder, "data");
  // The server refuses to run as root; Debian's package brings a user for it.
  const identity = process.getuid?.() === 0 ? userNamed("postgres") : undefined;
  if (identity !== undefined) chownSync(folder, identity.uid, identity.gid);
  const run = (program: string, words: readonly string[]): void => {
    execFileSync(join(bin, program), words, { ...identity, cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  };
  const port = await freePort();
  run("initdb", ["-D", data, "-U", "textune", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]);
  const options = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories=${folder} -c fsync=off -c shared_buffers=64MB`;
  const start = (): void => run("pg_ctl", ["-D", data, "-o", options, "-l", join(folder, "log"), "-w", "start"]);
  const crash = (): void => run("pg_ctl", ["-D", data, "-m", "immediate", "stop"]);
  start();
  let databases = 0;
  return {
    database() {
      const name = `test_${++databases}`;
      run("createdb", ["-h", "127.0.0.1", "-p", String(port), "-U", "textune", name]);
      return `postgres://textune@127.0.0.1:${port}/${name}`;
    },
    crash,
    resume: start,
    stop() {
      crash();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function userNamed(name: string): { readonly uid: number; readonly gid: number } {
  const id = (flag: string): number => Number(execFileSync("id", [flag, name], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
