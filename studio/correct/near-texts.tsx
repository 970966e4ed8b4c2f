/** The training texts that a classifier takes for most like a text, each with its label to correct. */
import type { CorrectedRow, LookAnswer } from "../../src/studio/wire/corrections.js";
import { LabelSelect, labelOf } from "./row-label.js";

export function NearTexts(props: {
  readonly near: LookAnswer["near"];
  readonly classes: readonly string[];
  /** The class that the text has, or was given; texts of others are marked. */
  readonly own: string | undefined;
  readonly onLabel: (row: CorrectedRow, label: string) => void;
}) {
  const { near, classes, own, onLabel } = props;
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
              <li key={row.row} className={own !== undefined && labelOf(row) !== own ? "differs" : undefined}>
                <span className="muted" title="cosine">
                  {row.similarity.toFixed(3)}
                </span>
                <LabelSelect row={row} classes={classes} onLabel={(label) => onLabel(row, label)} />
                <p>
                  {row.text}
                  {row.textPair !== undefined && <span className="second">{row.textPair}</span>}
                </p>
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}
