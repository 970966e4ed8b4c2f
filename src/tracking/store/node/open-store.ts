/** Where runs are kept: a folder with a SQLite database, or a PostgreSQL server. */
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Kysely } from "kysely";
import { fail, TextuneError } from "../../../base/errors.js";
import { withoutPassword } from "../../without-password.js";
import type { BlobStore } from "../blob-store.js";
import { migrate } from "../migrate.js";
import type { Engine } from "../migrations/migration.js";
import type { Schema } from "../schema.js";
import { blobFolder } from "./blob-folder.js";
import { blobTable } from "./blob-table.js";
import { loadPostgres, postgresDialect } from "./postgres.js";
import { loadSqlite, sqliteDialect } from "./sqlite.js";

/** An open store. */
export interface Store {
  readonly db: Kysely<Schema>;
  readonly engine: Engine;
  /** Contents of artifacts by their hash. */
  readonly blobs: BlobStore;
  /** The folder or address, without a password: what errors call it. */
  readonly name: string;
  close(): Promise<void>;
}

/** The folder in the current directory, where nothing else is said. */
const DEFAULT_FOLDER = ".textune";
const DATABASE = "runs.sqlite";

/** The address of the store: what was asked for, else `TEXTUNE_STORE`, else the folder `.textune` here. */
export function storeAddress(
  given?: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const address = given ?? environment.TEXTUNE_STORE ?? "";
  if (address === "") return resolve(DEFAULT_FOLDER);
  return isServer(address) ? address : resolve(address);
}

/** What is to be said where the package is not installed that the store at `address` needs; undefined where it is. */
export async function missingPackage(address: string): Promise<string | undefined> {
  try {
    await (isServer(address) ? loadPostgres() : loadSqlite());
    return undefined;
  } catch (error) {
    const { expected, fix } = (error as TextuneError).complaint ?? {};
    return `this run is not recorded, for want of ${expected}; ${fix}`;
  }
}

/** How `address` may be shown: a server's without its password. */
export function storeName(address: string): string {
  return isServer(address) ? withoutPassword(address.replace(/\?.*$/, "")) : address;
}

/**
 * Opens a store, and makes it or brings its tables to the newest version.
 *
 * @param address a folder, or `postgres://user:password@host:port/database`
 * @param mustExist says so where a folder holds no store yet, instead of making one
 * @throws E_STORE where it cannot be opened
 */
export async function openStore(address: string, { mustExist = false } = {}): Promise<Store> {
  const name = storeName(address);
  const engine = isServer(address) ? "postgres" : "sqlite";
  if (mustExist && engine === "sqlite" && !existsSync(join(address, DATABASE)))
    fail("E_STORE", {
      where: name,
      expected: "recorded runs",
      got: "none",
      fix: "train something first, or name another folder in TEXTUNE_STORE",
    });
  let db: Kysely<Schema> | undefined;
  try {
    if (engine === "sqlite") await makeFolder(address);
    const opened = new Kysely<Schema>({
      dialect: engine === "sqlite" ? sqliteDialect(join(address, DATABASE)) : postgresDialect(address),
    });
    db = opened;
    await migrate(opened, engine, name);
    return {
      db: opened,
      engine,
      blobs: engine === "sqlite" ? blobFolder(join(address, "blobs")) : blobTable(opened),
      name,
      close: () => opened.destroy(),
    };
  } catch (error) {
    await db?.destroy().catch(() => {});
    if (error instanceof TextuneError) throw error;
    return fail(
      "E_STORE",
      {
        where: name,
        expected: engine === "sqlite" ? "a folder that can be written" : "a PostgreSQL database that can be written",
        got: reasonOf(error),
        fix: "check its rights and the free space, or name another in TEXTUNE_STORE",
      },
      error,
    );
  }
}

/** The first line of what went wrong. */
export function reasonOf(error: unknown): string {
  const first = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  return ((first instanceof Error ? first.message : String(first)).split("\n")[0] ?? "").slice(0, 300);
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  // Runs are no source: nobody wants them in Git by accident.
  await writeFile(join(folder, ".gitignore"), "*\n", { flag: "wx" }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
}

function isServer(address: string): boolean {
  return /^postgres(?:ql)?:\/\//.test(address);
}
