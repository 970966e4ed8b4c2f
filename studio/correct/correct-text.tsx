/** A text: its rows in the data with their labels to correct, and the training texts that are nearest. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import type { CorrectedRow, CorrectionState, LookAnswer, LookRequest } from "../../src/studio/wire/corrections.js";
import { ask, type Refusal, useChange } from "../asking.js";
import { classKeys } from "../labels/class-keys.js";
import { ScrolledText } from "../parts/scrolled-text.js";
import { Answer, Failure } from "../parts/states.js";
import { useKeys } from "../shell/keys.js";
import { correctionsPath } from "./correct-address.js";
import { NearTexts } from "./near-texts.js";
import { choose, LabelButtons, type LabelChange, labelOf, NO_CLASS, readable } from "./row-label.js";

/** Milliseconds between looks while training texts are read. */
const LOOK = 700;
const PART_NAMES = { train: "trained on", validation: "held out to validate", test: "held out to test" } as const;

export function CorrectText(props: {
  readonly state: CorrectionState;
  readonly asked: LookRequest;
  /** What the classifier said of it. */
  readonly prediction?: string | undefined;
}) {
  const { state, asked } = props;
  const prediction = props.prediction === "" ? NO_CLASS : props.prediction;
  const path = correctionsPath(state.run);
  const look = useQuery<LookAnswer, Refusal>({
    queryKey: [`${path}/look`, asked],
    queryFn: ({ signal }) => ask(`${path}/look`, { method: "POST", body: asked, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) => (data !== undefined && "done" in data.near ? LOOK : false),
  });
  const relabel = useChange<object>(`${path}/relabel`, "POST", ["/api/corrections"]);
  /** Labels that were said and are not yet answered: a second key goes on from the first. */
  const said = useRef(new Map<string, string>());
  const say = (one: CorrectedRow, change: LabelChange): void => {
    const { part, row } = one;
    const key = `${part} ${row}`;
    const label = change(said.current.get(key) ?? labelOf(one));
    said.current.set(key, label);
    const settle = (): void => {
      if (said.current.get(key) === label) said.current.delete(key);
    };
    relabel.mutateAsync({ part, row, label }).then(settle, settle);
  };
  const [first] = look.data?.found ?? [];
  const { kind, classes } = state;
  const keys = classKeys(classes.length);
  useKeys(
    first === undefined
      ? []
      : keys.map((key, c) => ({
          ...{ keys: key, label: classes[c] },
          run: () => say(first, (before) => choose(kind, before, classes[c])),
        })),
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
              state={state}
              keys={at === 0 ? keys : []}
              onLabel={(change) => say(row, change)}
            />
          ))}
          <NearTexts
            near={near}
            state={state}
            own={first === undefined ? prediction : readable(kind, labelOf(first))}
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
  readonly state: CorrectionState;
  readonly keys: readonly string[];
  readonly onLabel: (change: LabelChange) => void;
}) {
  const { row, prediction, keys, onLabel } = props;
  const { source, kind, classes } = props.state;
  const { part, place, text, textPair, label, corrected } = row;
  return (
    <section className="card" aria-label="The row">
      <p className="muted">
        Row {place + 1} of {source}, {PART_NAMES[part]}
      </p>
      <ScrolledText className="row-text">{text}</ScrolledText>
      {textPair !== undefined && <ScrolledText className="row-text second">{textPair}</ScrolledText>}
      <p>
        Its label is <strong>{readable(kind, label)}</strong>
        {prediction !== undefined && (
          <>
            , the classifier says <strong>{prediction}</strong>
          </>
        )}
        {corrected === undefined ? ". Which is right?" : <>, and you say {readable(kind, corrected)}.</>}
      </p>
      <LabelButtons kind={kind} classes={classes} row={row} keys={keys} onLabel={onLabel} />
    </section>
  );
}
