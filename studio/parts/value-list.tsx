import { type ReactNode, useState } from "react";
import { valueText } from "./numbers.js";
import { SearchField } from "./search-field.js";

/** From this many on, a list can be searched, and shows the first of its values until it is asked for all. */
const MANY = 12;
const FIRST = 20;

/** Names and values below one another, and what belongs to them. */
export function ValueList(props: {
  readonly title: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly children?: ReactNode;
}) {
  const { title, values, children } = props;
  const [search, setSearch] = useState("");
  const [isWhole, setWhole] = useState(false);
  const all = Object.entries(values).filter(([, value]) => value !== undefined);
  const found = all.filter(([name]) => name.toLowerCase().includes(search.toLowerCase()));
  const isCut = !isWhole && search === "" && found.length > FIRST + 4;
  return (
    <section className="card">
      <header>
        <h2>{title}</h2>
        {all.length >= MANY && (
          <SearchField label={`Search in ${title}`} hint="Search" value={search} onChange={setSearch} />
        )}
      </header>
      {all.length === 0 ? (
        <p className="muted">Nothing was recorded.</p>
      ) : (
        <dl className="values">
          {(isCut ? found.slice(0, FIRST) : found).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd title={typeof value === "number" ? String(value) : undefined}>{valueText(value)}</dd>
            </div>
          ))}
        </dl>
      )}
      {isCut && (
        <button type="button" className="quiet" onClick={() => setWhole(true)}>
          Show all {all.length}
        </button>
      )}
      {children}
    </section>
  );
}
