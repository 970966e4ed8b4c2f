/** A text: its rows in the data with their labels to correct, and the training texts that are nearest. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { CorrectedRow, CorrectionState, LookAnswer, LookRequest } from "../../src/studio/wire/corrections.js";
import { ask, type Refusal, useChange } from "../asking.js";
import { classKeys } from "../labels/class-keys.js";
import { Answer, Failure } from "../parts/states.js";
import { useKeys } from "../shell/keys.js";
import { correctionsPath } from "./correct-address.js";
import { NearTexts } from "./near-texts.js";
import { labelOf } from "./row-label.js";

/** Milliseconds between looks while training texts are read. */
const LOOK = 700;
const PART_NAMES = { train: "trained on", validation: "held out to validate", test: "held out to test" } as const;

export function CorrectText(props: {
  readonly state: CorrectionState;
  readonly asked: LookRequest;
  /** What the classifier said of it. */
  readonly prediction?: string | undefined;
}) {
  const { state, asked, prediction } = props;
  const path = correctionsPath(state.run);
  const look = useQuery<LookAnswer, Refusal>({
    queryKey: [`${path}/look`, asked],
    queryFn: ({ signal }) => ask(`${path}/look`, { method: "POST", body: asked, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) => (data !== undefined && "done" in data.near ? LOOK : false),
  });
  const relabel = useChange<object>(`${path}/relabel`, "POST", ["/api/corrections"]);
  const say = ({ part, row }: CorrectedRow, label: string): void => relabel.mutate({ part, row, label });
  const [first] = look.data?.found ?? [];
  const keys = classKeys(state.classes.length);
  useKeys(
    first === undefined
      ? []
      : keys.map((key, c) => ({ keys: key, label: state.classes[c], run: () => say(first, state.classes[c]) })),
  );
  return (
    <Answer of={look}>
      {({ found, near }) => (
        <>
          {relabel.error !== null && <Failure error={relabel.error} />}
          {found.length === 0 && (
            <p className="muted">
              This text is not in the data of the run: it has no label to correct, but the nearest texts have.
            </p>
          )}
          {found.map((row, at) => (
            <RowCard
              key={`${row.part} ${row.row}`}
              row={row}
              prediction={prediction}
              source={state.source}
              classes={state.classes}
              keys={at === 0 ? keys : []}
              onLabel={(label) => say(row, label)}
            />
          ))}
          <NearTexts
            near={near}
            classes={state.classes}
            own={first === undefined ? prediction : labelOf(first)}
            onLabel={say}
          />
        </>
      )}
    </Answer>
  );
}

function RowCard(props: {
  readonly row: CorrectedRow;
  readonly prediction: string | undefined;
  readonly source: string;
  readonly classes: readonly string[];
  readonly keys: readonly string[];
  readonly onLabel: (label: string) => void;
}) {
  const { row, prediction, source, classes, keys, onLabel } = props;
  const { part, place, text, textPair, label, corrected } = row;
  return (
    <section className="card" aria-label="The row">
      <p className="muted">
        Row {place + 1} of {source}, {PART_NAMES[part]}
      </p>
      <p className="row-text">{text}</p>
      {textPair !== undefined && <p className="row-text second">{textPair}</p>}
      <p>
        Its label is <strong>{label}</strong>
        {prediction !== undefined && (
          <>
            , the classifier says <strong>{prediction}</strong>
          </>
        )}
        {corrected === undefined ? ". Which is right?" : <>, and you say {corrected}.</>}
      </p>
      <ul className="class-choice">
        {classes.map((name, c) => (
          <li key={name}>
            <button type="button" aria-pressed={name === labelOf(row)} onClick={() => onLabel(name)}>
              {keys[c] !== undefined && <kbd>{keys[c]}</kbd>} {name}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
