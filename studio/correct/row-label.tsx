/** What a row is labelled with, and what a person says instead. */
import type { CorrectedRow } from "../../src/studio/wire/corrections.js";

export function labelOf({ label, corrected }: CorrectedRow): string {
  return corrected ?? label;
}

/** Chooses the class of a row in place. */
export function LabelSelect(props: {
  readonly row: CorrectedRow;
  readonly classes: readonly string[];
  readonly onLabel: (label: string) => void;
}) {
  const { row, classes, onLabel } = props;
  return (
    <select
      aria-label={`Label of: ${row.text.slice(0, 80)}`}
      className={row.corrected === undefined ? undefined : "corrected"}
      value={labelOf(row)}
      onChange={(event) => onLabel(event.target.value)}
    >
      {classes.map((name) => (
        <option key={name} value={name}>
          {name}
          {name === row.label && row.corrected !== undefined ? " (in the data)" : ""}
        </option>
      ))}
    </select>
  );
}
