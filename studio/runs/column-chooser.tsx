import { useState } from "react";
import { Dialog } from "../parts/dialog.js";
import { SearchField } from "../parts/search-field.js";
import type { RunColumn } from "./run-columns.js";

/** Which columns the table of runs shows. */
export function ColumnChooser(props: {
  readonly columns: readonly RunColumn[];
  readonly chosen: readonly string[];
  /** Undefined for those that are shown where none are chosen. */
  readonly onChoose: (chosen: readonly string[] | undefined) => void;
  readonly onClose: () => void;
}) {
  const { columns, chosen, onChoose, onClose } = props;
  const [search, setSearch] = useState("");
  const found = columns.filter(({ id }) => id.toLowerCase().includes(search.toLowerCase()));
  const toggle = (id: string, on: boolean): void =>
    onChoose(on ? [...chosen, id] : chosen.filter((other) => other !== id));
  return (
    <Dialog title="Columns" onClose={onClose}>
      <p className="row">
        <SearchField label="Search columns" value={search} onChange={setSearch} />
        <button type="button" onClick={() => onChoose(undefined)}>
          As at first
        </button>
      </p>
      {(["", "summary.", "config."] as const).map((prefix) => {
        const part = found.filter(({ id }) => (prefix === "" ? !id.includes(".") : id.startsWith(prefix)));
        if (part.length === 0) return null;
        return (
          <fieldset key={prefix} className="choices">
            <legend>{prefix === "" ? "The run" : prefix === "summary." ? "Results" : "Configuration"}</legend>
            {part.map(({ id, title }) => (
              <label key={id}>
                <input
                  type="checkbox"
                  checked={chosen.includes(id)}
                  onChange={(event) => toggle(id, event.target.checked)}
                />
                {title}
              </label>
            ))}
          </fieldset>
        );
      })}
    </Dialog>
  );
}
