import { type RawBuilder, sql } from "kysely";
import type { Engine } from "../store/migrations/migration.js";

/** A number inside a column of JSON, by its key; null where there is none of this name or it is no number. */
export function jsonNumberAt(engine: Engine, column: string, key: string): RawBuilder<number | null> {
  if (engine === "postgres") {
    const value = sql`(${sql.ref(column)}::jsonb -> ${key})`;
    return sql`case when jsonb_typeof(${value}) = 'number' then (${value})::text::float8 end`;
  }
  if (isPlain(key)) {
    const path = `$."${key}"`;
    return sql`case when json_type(${sql.ref(column)}, ${path}) in ('integer', 'real') then json_extract(${sql.ref(column)}, ${path}) end`;
  }
  return sql`(select value from json_each(${sql.ref(column)}) where key = ${key} and type in ('integer', 'real'))`;
}

/** A value inside a column of JSON as text, by its key; null where there is none of this name. */
export function jsonTextAt(engine: Engine, column: string, key: string): RawBuilder<string | null> {
  if (engine === "postgres") return sql`(${sql.ref(column)}::jsonb ->> ${key})`;
  return isPlain(key)
    ? sql`cast(json_extract(${sql.ref(column)}, ${`$."${key}"`}) as text)`
    : sql`(select cast(value as text) from json_each(${sql.ref(column)}) where key = ${key})`;
}

/** Whether `key` can stand in a path of SQLite, which has no escapes. Looking through all keys is slower. */
function isPlain(key: string): boolean {
  return !/["\\]/.test(key);
}
