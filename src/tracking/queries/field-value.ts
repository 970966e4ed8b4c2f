/** Values of a row as numbers or texts, compared and ordered alike in SQLite and PostgreSQL. */
import { type OrderByItemBuilder, type RawBuilder, sql } from "kysely";
import type { Engine } from "../store/migrations/migration.js";

/** A value in two columns, of which one is null: as a number, and as a text. Both are null where there is none. */
export interface FieldValue {
  readonly number: RawBuilder<number | null>;
  readonly text: RawBuilder<string | null>;
}

/** What a value has to be. */
export interface Condition {
  /**
   * `set` and `unset` ask whether there is a value at all; `contains` for a part of a text, in small or capital letters.
   * Where there is no value, only `unset` and `!=` hold. `<` and the like hold numbers against numbers, texts against
   * texts.
   */
  readonly is: "=" | "!=" | "<" | "<=" | ">" | ">=" | "contains" | "set" | "unset";
  readonly value?: string | number | boolean | undefined;
}

export const ofNumber = (number: RawBuilder<number | null>): FieldValue => ({
  number,
  text: sql<null>`cast(null as text)`,
});
export const ofText = (text: RawBuilder<string | null>): FieldValue => ({
  number: sql<null>`cast(null as double precision)`,
  text,
});

/**
 * The value inside a column of JSON, by its key or its place. `true` and `false` are these words, lists and objects are
 * their JSON.
 */
export function ofJson(engine: Engine, column: string, key: string | number): FieldValue {
  const json = sql.ref(column);
  if (engine === "postgres") {
    const place = typeof key === "number" ? sql.lit(key) : key;
    const value = sql`(${json}::jsonb -> ${place})`;
    return {
      number: sql`case when jsonb_typeof(${value}) = 'number' then (${value})::text::float8 end`,
      text: sql`case when jsonb_typeof(${value}) <> 'number' then ${json}::jsonb ->> ${place} end`,
    };
  }
  const numeric = sql`in ('integer', 'real')`;
  const asText = (type: RawBuilder<unknown>, value: RawBuilder<unknown>) =>
    sql<
      string | null
    >`case when ${type} ${numeric} then null when ${type} in ('true', 'false') then ${type} else ${value} end`;
  if (typeof key === "number" || isPlain(key)) {
    const path = typeof key === "number" ? `$[${key}]` : `$."${key}"`;
    const [type, value] = [sql`json_type(${json}, ${path})`, sql`json_extract(${json}, ${path})`];
    return { number: sql`case when ${type} ${numeric} then ${value} end`, text: asText(type, value) };
  }
  const among = sql`from json_each(${json}) where key = ${key}`;
  return {
    number: sql`(select value ${among} and type ${numeric})`,
    text: sql`(select ${asText(sql`type`, sql`value`)} ${among})`,
  };
}

/** Whether `key` can stand in a path of SQLite, which has no escapes. Looking through all keys is slower. */
function isPlain(key: string): boolean {
  return !/["\\]/.test(key);
}

export function holds(
  engine: Engine,
  { number, text }: FieldValue,
  { is, value = "" }: Condition,
): RawBuilder<boolean> {
  if (is === "set" || is === "unset") {
    const set = sql<boolean>`(${number} is not null or ${text} is not null)`;
    return is === "set" ? set : sql`not ${set}`;
  }
  if (is === "contains") return contains(text, String(value));
  const equal = is === "=" || is === "!=";
  const one = typeof value === "number" ? number : equal ? text : plainly(engine, text);
  const compared = sql<boolean>`${one} ${sql.raw(equal ? "=" : is)} ${typeof value === "number" ? value : String(value)}`;
  return is === "!=" ? sql`not coalesce(${compared}, false)` : compared;
}

export function contains(text: RawBuilder<unknown>, part: string): RawBuilder<boolean> {
  const pattern = `%${part.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`;
  return sql`lower(${text}) like ${pattern} escape '\\'`;
}

/** What rows are ordered by: numbers before texts, and those without the value last, whichever way. */
export function inOrder(
  engine: Engine,
  { number, text }: FieldValue,
  descending: boolean,
): readonly (readonly [RawBuilder<unknown>, (item: OrderByItemBuilder) => OrderByItemBuilder])[] {
  const way = (item: OrderByItemBuilder) => (descending ? item.desc() : item.asc());
  return [
    [
      sql`case when ${number} is not null then 0 when ${text} is not null then 1 else 2 end`,
      (item: OrderByItemBuilder) => item.asc(),
    ],
    [number, way],
    [plainly(engine, text), way],
  ];
}

/** A text that PostgreSQL orders as SQLite does, whatever language its database is in. */
function plainly(engine: Engine, text: RawBuilder<string | null>): RawBuilder<string | null> {
  return engine === "postgres" ? sql`(${text}) collate "C"` : text;
}
