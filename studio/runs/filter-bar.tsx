import { useState } from "react";
import { Chip } from "../parts/chip.js";
import { type Filter, filterText, OPERATORS } from "./arrange-runs.js";
import type { RunColumn } from "./run-columns.js";

/** The conditions that runs must meet, and a form for one more. */
export function FilterBar(props: {
  readonly columns: readonly RunColumn[];
  readonly filters: readonly Filter[];
  readonly onChange: (filters: readonly Filter[]) => void;
  /** Whether the form is open. */
  readonly open: boolean;
}) {
  const { columns, filters, onChange, open } = props;
  const [column, setColumn] = useState("state");
  const [operator, setOperator] = useState<Filter["operator"]>("=");
  const [value, setValue] = useState("");
  if (filters.length === 0 && !open) return null;
  return (
    <div className="row filters">
      {filters.map((filter) => (
        <Chip
          key={filterText(filter)}
          text={filterText(filter)}
          title="Take this condition away"
          onTake={() => onChange(filters.filter((other) => other !== filter))}
        />
      ))}
      {open && (
        <form
          className="row"
          onSubmit={(event) => {
            event.preventDefault();
            onChange([...filters, { column, operator, value }]);
            setValue("");
          }}
        >
          <select aria-label="Column" value={column} onChange={(event) => setColumn(event.target.value)}>
            {columns.map(({ id }) => (
              <option key={id}>{id}</option>
            ))}
          </select>
          <select
            aria-label="Condition"
            value={operator}
            onChange={(event) => setOperator(event.target.value as Filter["operator"])}
          >
            {OPERATORS.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
          <input
            aria-label="Value"
            value={value}
            placeholder="value"
            onChange={(event) => setValue(event.target.value)}
          />
          <button type="submit">Add condition</button>
        </form>
      )}
    </div>
  );
}
