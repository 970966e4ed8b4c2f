/** What a run logged besides numbers: tables, and the lines that it printed. */

import { z } from "zod";
import { Problem } from "../../http/problem.js";
import { checked } from "../../http/read-body.js";
import { readConsole, readTable, type TableQuery } from "../../tracking/queries/pages.js";
import { findRun } from "../../tracking/queries/runs.js";
import { defineRoute } from "../route.js";
import { consoleLines, consoleQuery, tablePage, tableQuery } from "../wire/logged.js";

export const loggedRoutes = [
  defineRoute({
    method: "GET",
    path: "/api/runs/{id}/tables/{table}",
    summary: "rows of a table that a run logged, sorted and filtered",
    query: tableQuery,
    response: tablePage,
    async handle({ store }, { params, query: { sort, where = [], offset, limit } }) {
      const run = await findRun(store, params.id);
      const table = run.tables.find(({ id }) => String(id) === params.table);
      if (table === undefined)
        throw new Problem(404, `table: expected one of run ${run.id}, got ${JSON.stringify(params.table)}`);
      return readTable(store, table.id, {
        offset,
        limit,
        where: where.map(conditionOf),
        sort: sort === undefined ? undefined : { column: Math.abs(Number(sort)), descending: sort.startsWith("-") },
      });
    },
  }),
  defineRoute({
    method: "GET",
    path: "/api/runs/{id}/console",
    summary: "lines that a run printed",
    query: consoleQuery,
    response: consoleLines,
    async handle({ store }, { params, query }) {
      const { id } = await findRun(store, params.id);
      return { lines: await readConsole(store, id, query) };
    },
  }),
];

const value = z.union([z.string(), z.number(), z.boolean()]);

/** The condition `2 = "spam"`. */
function conditionOf(text: string): NonNullable<TableQuery["where"]>[number] {
  const [column, is] = text.split(" ", 2);
  const json = text.slice(column.length + is.length + 2);
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    throw new Problem(400, `query, where: expected a value as JSON, as in 2 = "spam", got ${json}`);
  }
  return {
    column: Number(column),
    is: is as NonNullable<TableQuery["where"]>[number]["is"],
    value: checked("query, where", value, parsed),
  };
}
