/** Labels to look at once more: those that the model contradicts, and equal texts with different labels. */
import type { LabelState } from "../../src/studio/wire/labels.js";

interface Props {
  readonly state: LabelState;
  readonly onOpen: (row: { readonly row: number; readonly text: string }) => void;
}

const SHOWN = 8;

export function SuspectLabels({ state: { doubts, contradictions }, onOpen }: Props) {
  return (
    <section className="card" aria-label="Labels to look at once more">
      <header>
        <h2>Look once more</h2>
      </header>
      {doubts.length + contradictions.length === 0 && (
        <p className="muted">Nothing looks wrong: the model contradicts no label, and no two equal texts differ.</p>
      )}
      <ul className="suspects">
        {contradictions.slice(0, SHOWN).map(({ rows, similarity }) => (
          <li key={rows.map(({ row }) => row).join()}>
            <p className="muted">{similarity === 1 ? "The same text" : "Nearly the same text"}, different labels</p>
            {rows.map((one) => (
              <Suspect key={one.row} {...one} onOpen={onOpen} />
            ))}
          </li>
        ))}
        {doubts.slice(0, SHOWN).map((one) => (
          <li key={one.row}>
            <p className="muted">
              The model says {one.suggested}, and gives {one.label} {(100 * one.confidence).toFixed(0)} %
            </p>
            <Suspect {...one} onOpen={onOpen} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface SuspectProps extends Pick<Props, "onOpen"> {
  readonly row: number;
  readonly text: string;
  readonly label: string;
}

function Suspect({ row, text, label, onOpen }: SuspectProps) {
  return (
    <button type="button" className="suspect" onClick={() => onOpen({ row, text })} title="Label this row once more">
      <span className="tag">{label}</span> {text}
    </button>
  );
}
