/** A table that a run logged: sorted and filtered by the server, page by page as it is scrolled. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import type { TablePage } from "../../src/studio/wire/logged.js";
import type { RunDetails } from "../../src/studio/wire/runs.js";
import { ask, type Refusal } from "../asking.js";
import { type Column, DataTable, type Sort, sortText } from "../parts/data-table.js";
import { valueText } from "../parts/numbers.js";
import { SearchField } from "../parts/search-field.js";
import { Empty, Failure, Loading } from "../parts/states.js";
import { runPath } from "../runs/run-address.js";

export type TableFacts = RunDetails["tables"][number];

/** A cell has to be this. */
export interface CellFilter {
  readonly column: string;
  readonly is: "=" | "!=" | "contains" | "<" | ">";
  readonly value: string | number;
}

const PAGE = 200;

export function LoggedTable(props: {
  readonly runId: string;
  readonly table: TableFacts;
  readonly filters?: readonly CellFilter[];
  /** A link beside each row. */
  readonly link?: { readonly title: string; readonly href: (row: number) => string };
}) {
  const { runId, table, filters = [], link } = props;
  const [sort, setSort] = useState<Sort>();
  const [search, setSearch] = useState("");
  const searched = table.columns.includes("text") ? "text" : table.columns[0];
  const conditions = [
    ...filters,
    ...(search === "" ? [] : [{ column: searched, is: "contains", value: search } as const]),
  ];
  const where = conditions.flatMap(({ column, is, value }) => {
    const at = table.columns.indexOf(column);
    return at < 0 ? [] : [`${at} ${is} ${JSON.stringify(value)}`];
  });
  const path = `${runPath(runId)}/tables/${table.id}`;
  const query = { where, sort: sort === undefined ? undefined : sortText(sort) };
  const pages = useInfiniteQuery<TablePage, Refusal>({
    queryKey: [path, query, "pages"],
    queryFn: ({ pageParam, signal }) =>
      ask<TablePage>(path, { query: { ...query, offset: pageParam as number, limit: PAGE }, signal }),
    initialPageParam: 0,
    getNextPageParam: (last, all) => (all.length * PAGE < last.total ? all.length * PAGE : undefined),
  });
  if (pages.error !== null) return <Failure error={pages.error} retry={() => void pages.refetch()} />;
  const rows = pages.data?.pages.flatMap((page) => page.rows) ?? [];
  const total = pages.data?.pages[0]?.total ?? 0;
  const shown = table.columns.map((title, index): Column<TablePage["rows"][number]> => {
    const isNumber = rows.length > 0 && rows.slice(0, 20).every(({ cells }) => typeof cells[index] === "number");
    return {
      id: String(index),
      title,
      width: isNumber ? 110 : title === "text" ? 520 : 150,
      isNumber,
      canSort: true,
      cell: ({ cells }) => valueText(cells[index]),
      hint: ({ cells }) => valueText(cells[index]),
    };
  });
  const columns = [...(link === undefined ? [] : [linkColumn(link)]), ...shown];
  return (
    <div className="logged">
      <div className="row">
        <SearchField label={`Search in ${searched}`} value={search} onChange={setSearch} />
        <p className="muted">
          {total} {total === 1 ? "row" : "rows"}
          {total < table.rows && ` of ${table.rows}`}
        </p>
      </div>
      {pages.isPending ? (
        <Loading height={200} />
      ) : (
        <DataTable
          label={table.name}
          columns={columns}
          lines={rows.map((row) => ({ key: String(row.row), row }))}
          onSort={setSort}
          {...(sort === undefined ? {} : { sort })}
          onEnd={() => {
            if (pages.hasNextPage && !pages.isFetching) void pages.fetchNextPage();
          }}
          empty={<Empty title="No row fits" />}
        />
      )}
    </div>
  );
}

function linkColumn({
  title,
  href,
}: {
  readonly title: string;
  readonly href: (row: number) => string;
}): Column<TablePage["rows"][number]> {
  return { id: "link", title, width: 90, cell: ({ row }) => <Link href={href(row)}>{title}</Link> };
}
