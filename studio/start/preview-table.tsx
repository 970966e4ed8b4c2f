import type { DataPreview } from "../../src/studio/wire/trainings.js";
import "../style/plain-table.css";

/** The first rows of a file; the columns of texts and labels stand out. */
export function PreviewTable(props: { readonly preview: DataPreview; readonly text: string; readonly label: string }) {
  const { preview, text, label } = props;
  const { columns, rows } = preview;
  const roleOf = (column: string): string | undefined =>
    column === text ? "text" : column === label ? "label" : undefined;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
    <section className="preview" aria-label="First rows" tabIndex={0}>
      <table className="plain">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" className={roleOf(column) === undefined ? undefined : "chosen"}>
                {column} {roleOf(column) !== undefined && <span className="tag">{roleOf(column)}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
            <tr key={row}>
              {columns.map((column, i) => (
                <td key={column}>{cells[i]}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
