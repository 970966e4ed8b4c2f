/** What a classifier says of a text: a bar for each class, which chooses the class that is explained. */
import type { ModelAnswer } from "../../src/studio/wire/models.js";

export function ClassScores(props: {
  readonly said: ModelAnswer;
  readonly isBusy: boolean;
  readonly onChoose: (label: string) => void;
}) {
  const { family, predicted, scores, explanation } = props.said;
  const areShares = family !== "regression";
  const sorted = areShares ? [...scores].sort((a, b) => b.value - a.value) : scores;
  const answer = predicted.length > 0 ? predicted.join(", ") : areShares ? "none of the labels" : "";
  return (
    <section className="card">
      <header>
        <h2>{areShares ? "Classes" : "Numbers"}</h2>
        <strong>{answer}</strong>
      </header>
      {/* Where nothing is explained the keyboard has no button to scroll with. */}
      <ul className="scores" tabIndex={explanation === undefined ? 0 : undefined}>
        {sorted.map(({ name, value }) => (
          <li key={name}>
            <button
              type="button"
              aria-pressed={explanation?.label === name}
              disabled={explanation === undefined || props.isBusy}
              title={`What speaks for ${name}`}
              onClick={() => props.onChoose(name)}
            >
              <span className="score-name">{name}</span>
              <span>{areShares ? `${(value * 100).toFixed(1)} %` : value.toPrecision(4)}</span>
              {areShares && (
                <span className="score-bar" aria-hidden="true">
                  <span style={{ width: `${value * 100}%` }} />
                </span>
              )}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
