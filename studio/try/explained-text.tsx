/** A text whose words are coloured by what they add to a class. */
import { Fragment, useState } from "react";
import type { ModelAnswer, TextAttribution } from "../../src/studio/wire/models.js";
import { ScrolledText } from "../parts/scrolled-text.js";

/** Parts of the strongest colour, in percent: text on it stays easy to read. */
const STRONGEST = 40;
const MOST_LISTED = 5;

export function ExplainedText(props: {
  readonly said: ModelAnswer;
  readonly texts: { readonly text: string; readonly textPair?: string };
}) {
  const [unit, setUnit] = useState<"words" | "tokens">("words");
  const { explanation } = props.said;
  if (explanation === undefined)
    return <p className="muted">A folder of ONNX models predicts, and does not say why.</p>;
  const parts = explanation[unit];
  const most = Math.max(...parts.map(({ score }) => Math.abs(score)), Number.MIN_VALUE);
  const { text, textPair } = props.texts;
  return (
    <section className="card">
      <header>
        <h2>What speaks for {explanation.label}</h2>
        <select aria-label="Unit" value={unit} onChange={(event) => setUnit(event.target.value as typeof unit)}>
          <option value="words">words</option>
          <option value="tokens">tokens</option>
        </select>
      </header>
      <Coloured text={text} parts={parts.filter(({ of }) => of === "text")} most={most} />
      {textPair !== undefined && (
        <Coloured text={textPair} parts={parts.filter(({ of }) => of === "textPair")} most={most} />
      )}
      <div className="strongest">
        <Strongest title="For" parts={parts} sign={1} />
        <Strongest title="Against" parts={parts} sign={-1} />
      </div>
      <p className="muted">
        Integrated gradients: the parts share out the score {plain(explanation.value)} (a logit) less that of a text
        that says nothing, {plain(explanation.baselineValue)}. What the model did not read has no colour.
      </p>
    </section>
  );
}

interface Colouring {
  readonly text: string;
  readonly parts: readonly TextAttribution[];
  /** The score of the strongest colour. */
  readonly most: number;
}

function Coloured({ text, parts, most }: Colouring) {
  let at = 0;
  const pieces = [...parts]
    .sort((a, b) => a.start - b.start)
    .map(({ start, end, score }) => {
      const from = Math.max(start, at);
      const piece = {
        key: `${start} ${end}`,
        score,
        before: text.slice(at, from),
        inside: text.slice(from, Math.max(from, end)),
      };
      at = Math.max(at, end);
      return piece;
    });
  return (
    <ScrolledText className="explained">
      {pieces.map(({ key, score, before, inside }) => (
        <Fragment key={key}>
          {before}
          <span className={score < 0 ? "against" : undefined} style={groundOf(score, most)} title={signed(score)}>
            {inside}
          </span>
        </Fragment>
      ))}
      {text.slice(at)}
    </ScrolledText>
  );
}

function groundOf(score: number, most: number): { backgroundColor: string } {
  const share = (STRONGEST * Math.abs(score)) / most;
  return {
    backgroundColor: `color-mix(in srgb, var(${score < 0 ? "--bad" : "--accent"}) ${share.toFixed(1)}%, transparent)`,
  };
}

/** The same as a list, for those who do not see the colours. */
function Strongest(props: {
  readonly title: string;
  readonly parts: readonly TextAttribution[];
  readonly sign: 1 | -1;
}) {
  const { title, sign } = props;
  const strongest = props.parts
    .filter(({ score }) => score * sign > 0)
    .sort((a, b) => (b.score - a.score) * sign)
    .slice(0, MOST_LISTED);
  if (strongest.length === 0) return null;
  return (
    <div>
      <h3>{title}</h3>
      <ul>
        {strongest.map(({ of, start, text, score }) => (
          <li key={`${of} ${start}`}>
            <span>{text}</span>
            <span>{signed(score)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function signed(score: number): string {
  return `${score < 0 ? "" : "+"}${plain(score, 3)}`;
}

function plain(value: number, digits = 2): string {
  return value.toFixed(digits).replace("-", "−");
}
