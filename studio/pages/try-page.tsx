/** Trying a classifier: what it says of a text, and why. */
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import type { CorrectionState } from "../../src/studio/wire/corrections.js";
import type { ModelAnswer, ModelList } from "../../src/studio/wire/models.js";
import type { StudioFacts } from "../../src/studio/wire/studio.js";
import { ask, type Refusal, useApi } from "../asking.js";
import { correctionsPath, correctPage } from "../correct/correct-address.js";
import { CorrectText } from "../correct/correct-text.js";
import { Answer, Empty, Failure } from "../parts/states.js";
import { useAddressState } from "../shell/address-state.js";
import { ClassScores } from "../try/class-scores.js";
import { ExplainedText } from "../try/explained-text.js";
import "../style/correct.css";
import "../style/try.css";

interface Asked {
  readonly model: string;
  readonly text: string;
  readonly textPair?: string;
  readonly label?: string;
}

export function TryPage() {
  const models = useApi<ModelList>("/api/models");
  return (
    <>
      <header className="page-head">
        <h1>Try it</h1>
      </header>
      <Answer of={models}>
        {(found) =>
          found.models.length === 0 ? (
            <Empty title="No classifiers to try yet">
              <p>Train one into a folder below that of the Studio, or keep one in the store:</p>
              <pre>textune train reviews.csv --output my-classifier</pre>
            </Empty>
          ) : (
            <TryModel list={found} />
          )
        }
      </Answer>
    </>
  );
}

function TryModel({ list }: { readonly list: ModelList }) {
  const [{ model: chosen }, change] = useAddressState({ model: "" });
  const model = chosen === "" ? list.models[0].model : chosen;
  const run = list.models.find((one) => one.model === model)?.run;
  const [text, setText] = useState("");
  const [textPair, setTextPair] = useState("");
  const asking = useMutation<{ asked: Asked; said: ModelAnswer }, Refusal, Asked>({
    mutationFn: async (asked) => ({
      asked,
      said: await ask<ModelAnswer>("/api/models/ask", { method: "POST", body: asked }),
    }),
  });
  const { data, isPending, error } = asking;
  const submit = (): void => {
    if (text !== "" && !isPending) asking.mutate({ model, text, ...(textPair === "" ? {} : { textPair }) });
  };
  return (
    <div className="try">
      <form
        className="card stacked"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit();
        }}
      >
        <label>
          Classifier
          <select
            value={model}
            onChange={(event) => {
              asking.reset();
              change({ model: event.target.value });
            }}
          >
            {list.models.every((one) => one.model !== model) && <option>{model}</option>}
            <Choices list={list} kind="artifact" title="In the store" />
            <Choices list={list} kind="folder" title="Folders" />
          </select>
        </label>
        <label>
          Text
          <textarea rows={6} value={text} onChange={(event) => setText(event.target.value)} />
        </label>
        <details>
          <summary>A second text, for a classifier of pairs</summary>
          <textarea
            rows={3}
            aria-label="Second text"
            value={textPair}
            onChange={(event) => setTextPair(event.target.value)}
          />
        </details>
        <button type="submit" className="primary" disabled={text === "" || isPending}>
          {isPending ? "Reading …" : "Classify"}
        </button>
        <p className="muted">Ctrl and Enter do the same. The text stays on this computer and is kept nowhere.</p>
      </form>
      <div className="try-answer" aria-live="polite">
        {error !== null && <Failure error={error} />}
        {data !== undefined && (
          <>
            <ClassScores
              said={data.said}
              isBusy={isPending}
              onChoose={(label) => asking.mutate({ ...data.asked, label })}
            />
            <ExplainedText said={data.said} texts={data.asked} />
            {run !== undefined && <TextLikeIt run={run} asked={data.asked} predicted={answerIn(data.said)} />}
          </>
        )}
      </div>
    </div>
  );
}

/** As tables of predictions have it; undefined for a number. */
function answerIn({ family, predicted }: ModelAnswer): string | undefined {
  return family === "regression" ? undefined : predicted.join(", ");
}

/** Where the run of the classifier is known: the text's row, if it has one, and the texts that taught the answer. */
function TextLikeIt(props: { readonly run: string; readonly asked: Asked; readonly predicted: string | undefined }) {
  const { run, asked, predicted } = props;
  const studio = useApi<StudioFacts>("/api/studio");
  const state = useApi<CorrectionState>(correctionsPath(run), {}, { enabled: studio.data?.readOnly === false });
  if (state.data === undefined || state.data.why !== undefined) return null;
  const { text, textPair } = asked;
  const { corrections } = state.data;
  return (
    <>
      <CorrectText
        state={state.data}
        asked={{ text, ...(textPair === undefined ? {} : { textPair }) }}
        prediction={predicted}
      />
      {corrections.length > 0 && (
        <p>
          <Link href={correctPage(run)}>
            {corrections.length} {corrections.length === 1 ? "label is" : "labels are"} corrected. Train again
          </Link>
        </p>
      )}
    </>
  );
}

function Choices(props: { readonly list: ModelList; readonly kind: "artifact" | "folder"; readonly title: string }) {
  const models = props.list.models.filter(({ kind }) => kind === props.kind);
  if (models.length === 0) return null;
  return (
    <optgroup label={props.title}>
      {models.map(({ model, title }) => (
        <option key={model} value={model}>
          {title}
        </option>
      ))}
    </optgroup>
  );
}
