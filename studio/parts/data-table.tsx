/** A table of many rows: only those in sight are drawn. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";

export interface Column<T> {
  readonly id: string;
  readonly title: ReactNode;
  /** What `title` says, where that is not a text. */
  readonly label?: string;
  /** Pixels. */
  readonly width: number;
  /** Numbers stand at the right, below one another. */
  readonly isNumber?: boolean;
  readonly canSort?: boolean;
  cell(row: T): ReactNode;
  /** Shown where the pointer rests on a cell that is cut. */
  hint?(row: T): string;
}

/** A row, or a heading over those that follow. */
export type Line<T> =
  | { readonly key: string; readonly row: T }
  | { readonly key: string; readonly heading: ReactNode; readonly cells?: Readonly<Record<string, ReactNode>> };

export interface Sort {
  readonly by: string;
  readonly descending: boolean;
}

/** "-created" is a sort by created, the highest first. */
export function parseSort(text: string): Sort {
  return text.startsWith("-") ? { by: text.slice(1), descending: true } : { by: text, descending: false };
}

export function sortText({ by, descending }: Sort): string {
  return descending ? `-${by}` : by;
}

/** The order of two values of a column: numbers as such, all else as texts; what is missing comes last, whichever way. */
export function orderOf(a: unknown, b: unknown, { descending }: Sort): number {
  const [noFirst, noSecond] = [a, b].map((one) => one === undefined || one === null || one === "");
  if (noFirst || noSecond) return Number(noFirst) - Number(noSecond);
  const way = descending ? -1 : 1;
  if (typeof a === "number" && typeof b === "number") return way * (a - b);
  return way * String(a).localeCompare(String(b), undefined, { numeric: true });
}

/** The key of the row so many rows after `active`, or before it; from the first row where none is. Headings are no rows. */
export function keyBeside<T>(lines: readonly Line<T>[], active: string | undefined, by: number): string | undefined {
  const keys = lines.flatMap((line) => ("row" in line ? [line.key] : []));
  const at = active === undefined ? -1 : keys.indexOf(active);
  return keys[Math.min(keys.length - 1, Math.max(0, at + by))];
}

export interface DataTableProps<T> {
  /** What the table shows, for who does not see it. */
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly lines: readonly Line<T>[];
  readonly sort?: Sort;
  readonly onSort?: (sort: Sort) => void;
  /** Key of the row where the keyboard is. */
  readonly active?: string | undefined;
  readonly onActive?: (key: string) => void;
  readonly onOpen?: (row: T) => void;
  /** Called when the last rows come into sight, where more may follow. */
  readonly onEnd?: () => void;
  /** Said in the place of rows where there are none. */
  readonly empty?: ReactNode;
}

const ROW = 30;

export function DataTable<T>(props: DataTableProps<T>) {
  const { label, columns, lines, sort, onSort, active, onActive, onOpen, onEnd, empty } = props;
  const frame = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW,
    overscan: 12,
    // The heading covers the first row of what is scrolled to.
    scrollPaddingStart: ROW,
  });
  const at = active === undefined ? -1 : lines.findIndex(({ key }) => key === active);
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: "auto" });
  }, [at, virtual]);
  const items = virtual.getVirtualItems();
  const lastSeen = items.at(-1)?.index ?? 0;
  const end = useRef(onEnd);
  end.current = onEnd;
  useEffect(() => {
    if (lastSeen >= lines.length - 1) end.current?.();
  }, [lastSeen, lines.length]);
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
    <section className="table-frame" ref={frame} tabIndex={0} aria-label={label}>
      <table style={{ width: columns.reduce((sum, { width }) => sum + width, 0) }} aria-rowcount={lines.length + 1}>
        <colgroup>
          {columns.map(({ id, width }) => (
            <col key={id} style={{ width }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map((column) => (
              <HeadCell key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <tr style={{ height: above }} />}
          {items.map(({ index }) => {
            const line = lines[index];
            if (!("row" in line)) return <HeadingRow key={line.key} line={line} columns={columns} />;
            return (
              <tr
                key={line.key}
                aria-rowindex={index + 2}
                className={line.key === active ? "active" : undefined}
                onClick={() => onActive?.(line.key)}
                onDoubleClick={() => onOpen?.(line.row)}
              >
                {columns.map((column) => (
                  <td
                    key={column.id}
                    className={column.isNumber === true ? "number" : undefined}
                    title={column.hint?.(line.row)}
                  >
                    {column.cell(line.row)}
                  </td>
                ))}
              </tr>
            );
          })}
          {below > 0 && <tr style={{ height: below }} />}
        </tbody>
      </table>
      {lines.length === 0 && empty}
    </section>
  );
}

function HeadCell<T>(props: {
  readonly column: Column<T>;
  readonly sort: Sort | undefined;
  readonly onSort: ((sort: Sort) => void) | undefined;
}) {
  const { column, sort, onSort } = props;
  const { id, title, isNumber, canSort, label } = column;
  const sorted = sort?.by === id;
  const direction = sorted ? (sort.descending ? "descending" : "ascending") : undefined;
  return (
    <th
      scope="col"
      className={isNumber === true ? "number" : undefined}
      aria-sort={direction}
      title={typeof title === "string" ? title : label}
    >
      {canSort === true && onSort !== undefined ? (
        <button
          type="button"
          onClick={() => onSort({ by: id, descending: sorted ? !sort.descending : isNumber === true })}
        >
          <span>{title}</span>
          <span aria-hidden="true">{direction === undefined ? "" : direction === "descending" ? " ↓" : " ↑"}</span>
        </button>
      ) : (
        title
      )}
    </th>
  );
}

function HeadingRow<T>(props: {
  readonly line: Extract<Line<T>, { readonly heading: ReactNode }>;
  readonly columns: readonly Column<T>[];
}) {
  const { line, columns } = props;
  // The heading takes the columns up to the first that has a cell of its own.
  const first = columns.findIndex(({ id }) => line.cells?.[id] !== undefined);
  const span = first < 0 ? columns.length : Math.max(1, first);
  return (
    <tr className="heading">
      <th scope="rowgroup" colSpan={span}>
        {line.heading}
      </th>
      {columns.slice(span).map(({ id, isNumber }) => (
        <td key={id} className={isNumber === true ? "number" : undefined}>
          {line.cells?.[id]}
        </td>
      ))}
    </tr>
  );
}
