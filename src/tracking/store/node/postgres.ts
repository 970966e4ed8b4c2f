/** PostgreSQL through kysely, by pg. */
import { PostgresDialect } from "kysely";
import type { Pool } from "pg";
import { loadOptional } from "../../../base/node/optional-package.js";

/** The type number of 64-bit integers, which pg gives as text where none asks for numbers: ours all stay below 2^53. */
const INT8 = 20;

/** A pool of connections to the server at `address`. */
export function postgresDialect(address: string): PostgresDialect {
  return new PostgresDialect({ pool: () => openPool(address) });
}

/** @throws E_PACKAGE where pg is not installed */
export async function loadPostgres(): Promise<typeof import("pg")["default"]> {
  return (await loadOptional("recorded runs on PostgreSQL", ["pg"], () => import("pg"))).default;
}

async function openPool(address: string): Promise<Pool> {
  const pg = await loadPostgres();
  const pool = new pg.Pool({
    connectionString: address,
    connectionTimeoutMillis: 15_000,
    application_name: "textune",
    max: 4,
    types: {
      getTypeParser: (type, format) => (type === INT8 ? Number : pg.types.getTypeParser(type, format as "text")),
    },
  });
  // Without a listener a lost connection would end the process.
  pool.on("error", () => {});
  return pool;
}
