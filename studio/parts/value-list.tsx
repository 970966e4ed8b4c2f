import { useState } from "react";
import { valueText } from "./numbers.js";
import { SearchField } from "./search-field.js";

/** From this many on, a list can be searched. */
const MANY = 12;

/** Names and values below one another. */
export function ValueList({
  title,
  values,
}: {
  readonly title: string;
  readonly values: Readonly<Record<string, unknown>>;
}) {
  const [search, setSearch] = useState("");
  const all = Object.entries(values).filter(([, value]) => value !== undefined);
  const found = all.filter(([name]) => name.toLowerCase().includes(search.toLowerCase()));
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
          {found.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd title={typeof value === "number" ? String(value) : undefined}>{valueText(value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
