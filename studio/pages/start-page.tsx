/** Starts a training: a file, its columns, options; and shows those that were started. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { DataPreview, Training, TrainingList, TrainingStart } from "../../src/studio/wire/trainings.js";
import { ask, type Refusal, useApi } from "../asking.js";
import { Answer, Empty, Failure } from "../parts/states.js";
import { FileChooser } from "../start/file-chooser.js";
import { ASKED_FIRST, OptionField, OptionFields } from "../start/option-fields.js";
import { PreviewTable } from "../start/preview-table.js";
import { TrainingCards } from "../start/training-list.js";
import "../style/start.css";

const EVERY = 1000;

export function StartPage() {
  const list = useApi<TrainingList>(
    "/api/trainings",
    {},
    { every: ({ trainings }) => (trainings.some(({ endedAt }) => endedAt === undefined) ? EVERY : undefined) },
  );
  return (
    <Answer of={list}>
      {(answer) => (
        <>
          <header className="page-head">
            <h1>Start a training</h1>
            {answer.canStart && <p className="muted">in {answer.folder}</p>}
          </header>
          {answer.canStart ? (
            <StartForm form={answer.form} />
          ) : (
            <Empty title="Nothing can be started from here">
              <p>This Studio only shows. Start one that may train, in the folder with the data:</p>
              <pre>textune studio</pre>
            </Empty>
          )}
          <TrainingCards trainings={answer.trainings} />
        </>
      )}
    </Answer>
  );
}

function StartForm({ form }: { readonly form: TrainingList["form"] }) {
  const [data, setData] = useState("");
  const [output, setOutput] = useState("");
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const client = useQueryClient();
  const start = useMutation<Training, Refusal, TrainingStart>({
    mutationFn: (body) => ask("/api/trainings", { method: "POST", body }),
    onSuccess: () => {
      setOutput("");
      return client.invalidateQueries({ queryKey: ["/api/trainings"] });
    },
  });
  const change = (name: string, value: string): void => setValues({ ...values, [name]: value });
  const preview = useApi<DataPreview>("/api/files/preview", { path: data }, { enabled: data !== "" });
  const fields = form.flatMap((group) => group.fields);
  const { text = "", label = "" } = values;
  return (
    <form
      className="start"
      onSubmit={(event) => {
        event.preventDefault();
        const options = Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ""));
        start.mutate({ data, output, options });
      }}
    >
      <section className="card">
        <header>
          <h2>1. Data</h2>
          <span className="muted">{data}</span>
        </header>
        <FileChooser
          chosen={data}
          onChoose={(path) => {
            setData(path);
            setValues({ ...values, text: "", label: "" });
            setOutput(`models/${nameOf(path)}`);
          }}
        />
        {data !== "" && (
          <Answer of={preview}>
            {(shown) => (
              <>
                <div className="row columns">
                  <ColumnSelect name="text" preview={shown} value={text} onChange={(value) => change("text", value)} />
                  <ColumnSelect
                    name="label"
                    preview={shown}
                    value={label}
                    onChange={(value) => change("label", value)}
                  />
                </div>
                <PreviewTable
                  preview={shown}
                  text={text === "" ? (shown.text ?? "") : text}
                  label={label === "" ? (shown.label ?? "") : label}
                />
              </>
            )}
          </Answer>
        )}
      </section>
      <section className="card">
        <header>
          <h2>2. Model and options</h2>
        </header>
        {ASKED_FIRST.flatMap((name) => fields.find((field) => field.name === name) ?? []).map((field) => (
          <OptionField
            key={field.name}
            field={field}
            value={values[field.name] ?? ""}
            onChange={(value) => change(field.name, value)}
          />
        ))}
        <label className="option">
          <span className="option-name">output</span>
          <input
            required
            value={output}
            placeholder="models/reviews"
            onChange={(event) => setOutput(event.target.value)}
          />
          <span className="muted">a new folder for the classifier</span>
        </label>
        <OptionFields form={form} values={values} onChange={change} />
        <p className="row go">
          <button type="submit" className="primary" disabled={data === "" || output === "" || start.isPending}>
            Start training
          </button>
          {data === "" && <span className="muted">Choose a file first.</span>}
        </p>
        {start.error !== null && <Failure error={start.error} />}
      </section>
    </form>
  );
}

function ColumnSelect(props: {
  readonly name: "text" | "label";
  readonly preview: DataPreview;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const { name, preview, value, onChange } = props;
  const guessed = preview[name];
  return (
    <label className="check">
      {name === "text" ? "Texts" : "Labels"}
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{guessed === undefined ? "choose a column" : `${guessed} (guessed)`}</option>
        {preview.columns.map((column) => (
          <option key={column} value={column}>
            {column}
          </option>
        ))}
      </select>
    </label>
  );
}

/** "data/My reviews.csv.gz" is called my-reviews. */
function nameOf(path: string): string {
  const name = (path.split("/").at(-1) ?? "").split(".")[0] ?? "";
  return (
    name
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, "-")
      .replace(/^-|-$/g, "") || "classifier"
  );
}
