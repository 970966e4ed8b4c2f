/** What a row is labelled with, and what a person says instead. */
import type { CorrectedRow, CorrectionState } from "../../src/studio/wire/corrections.js";

export type LabelKind = CorrectionState["kind"];

/** What a row of no class is said to have, where rows may have several. */
export const NO_CLASS = "no class";

export function labelOf({ label, corrected }: CorrectedRow): string {
  return corrected ?? label;
}

/** A label as it is read, and as tables of predictions have it: several classes with commas between. */
export function readable(kind: LabelKind, label: string): string {
  return (kind === "labels" ? classesIn(label).join(", ") : label) || NO_CLASS;
}

/** Whether two labels, as they are read, are the same; of several classes one in both is enough. */
export function haveInCommon(kind: LabelKind, one: string, other: string): boolean {
  if (kind !== "labels") return one === other;
  const classes = other.split(", ");
  return one.split(", ").some((name) => classes.includes(name));
}

/** The label once `name` was chosen: instead of the class before; of several classes it comes to them, or goes. */
export function choose(kind: LabelKind, label: string, name: string): string {
  if (kind !== "labels") return name;
  const before = classesIn(label);
  return JSON.stringify(before.includes(name) ? before.filter((one) => one !== name) : [...before, name]);
}

function isChosen(kind: LabelKind, label: string, name: string): boolean {
  return kind === "labels" ? classesIn(label).includes(name) : name === label;
}

/** Of a correction that was written when the rows had one class each, that class. */
function classesIn(label: string): string[] {
  return label.startsWith("[") ? (JSON.parse(label) as string[]) : [label];
}

/** What a label becomes, by what it is by then. */
export type LabelChange = (before: string) => string;

interface Choice {
  readonly kind: LabelKind;
  readonly classes: readonly string[];
  readonly row: CorrectedRow;
  readonly onLabel: (change: LabelChange) => void;
}

/** All classes as buttons, those of the row pressed; or its number. */
export function LabelButtons({
  kind,
  classes,
  row,
  keys = [],
  onLabel,
}: Choice & { readonly keys?: readonly string[] }) {
  const label = labelOf(row);
  if (kind === "number") return <NumberInput row={row} onLabel={onLabel} />;
  return (
    <ul className="class-choice">
      {classes.map((name, c) => (
        <li key={name}>
          <button
            type="button"
            aria-pressed={isChosen(kind, label, name)}
            onClick={() => onLabel((before) => choose(kind, before, name))}
          >
            {keys[c] !== undefined && <kbd>{keys[c]}</kbd>} {name}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** The label of a row among others, to be changed in place. */
export function LabelInPlace({ kind, classes, row, onLabel }: Choice) {
  const label = labelOf(row);
  const of = row.text.slice(0, 80);
  const look = row.corrected === undefined ? undefined : "corrected";
  if (kind === "number") return <NumberInput row={row} onLabel={onLabel} />;
  if (kind === "labels") {
    const said = readable(kind, label);
    return (
      <details className={look}>
        <summary aria-label={`${said}, label of: ${of}`}>{said}</summary>
        <LabelButtons kind={kind} classes={classes} row={row} onLabel={onLabel} />
      </details>
    );
  }
  return (
    <select
      aria-label={`Label of: ${of}`}
      className={look}
      value={label}
      onChange={({ target: { value } }) => onLabel(() => value)}
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

/** Taken when it is left, or at Enter. */
function NumberInput({ row, onLabel }: Pick<Choice, "row" | "onLabel">) {
  const label = labelOf(row);
  return (
    <input
      // What was taken back is shown as it was.
      key={label}
      type="number"
      step="any"
      className={row.corrected === undefined ? "number-label" : "number-label corrected"}
      aria-label={`Number of: ${row.text.slice(0, 80)}`}
      defaultValue={label}
      onBlur={({ target: { value } }) => {
        if (value !== "" && Number(value) !== Number(label)) onLabel(() => value);
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
      }}
    />
  );
}
