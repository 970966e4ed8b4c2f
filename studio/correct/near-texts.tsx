/** The training texts that a classifier takes for most like a text, each with its label to correct. */
import type { CorrectedRow, CorrectionState, LookAnswer } from "../../src/studio/wire/corrections.js";
import { ScrolledText } from "../parts/scrolled-text.js";
import { haveInCommon, type LabelChange, LabelInPlace, labelOf, readable } from "./row-label.js";

export function NearTexts(props: {
  readonly near: LookAnswer["near"];
  readonly state: Pick<CorrectionState, "kind" | "classes">;
  /** The classes that the text has, or was given, as they are read; texts that have none of them are marked. */
  readonly own: string | undefined;
  readonly onLabel: (row: CorrectedRow, change: LabelChange) => void;
}) {
  const { near, own, onLabel } = props;
  const { kind, classes } = props.state;
  const differs = (row: CorrectedRow): boolean =>
    kind !== "number" && own !== undefined && !haveInCommon(kind, readable(kind, labelOf(row)), own);
  return (
    <section className="card" aria-label="Nearest training texts">
      <header>
        <h2>Nearest training texts</h2>
      </header>
      {"why" in near ? (
        <p className="muted">{near.why}</p>
      ) : "done" in near ? (
        <>
          <p role="status">
            Reading the training texts: {near.done.toLocaleString("en")} of {near.total.toLocaleString("en")}. This is
            done once for a classifier and its data.
          </p>
          <progress className="wide" max={near.total} value={near.done} aria-label="texts read" />
        </>
      ) : (
        <>
          <p className="muted">
            What the classifier takes for most like it, of {near.of.toLocaleString("en")} texts that it was trained on
            (cosine of what its last layer reads). A wrong label here teaches the wrong answer.
          </p>
          <ol className="near">
            {near.texts.map((row) => (
              <li key={row.row} className={differs(row) ? "differs" : undefined}>
                <span className="muted" title="cosine">
                  {row.similarity.toFixed(3)}
                </span>
                <LabelInPlace kind={kind} classes={classes} row={row} onLabel={(change) => onLabel(row, change)} />
                <ScrolledText>
                  {row.text}
                  {row.textPair !== undefined && <span className="second">{row.textPair}</span>}
                </ScrolledText>
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}
