import { useId, useState } from "react";
import type { FormField, TrainingList } from "../../src/studio/wire/trainings.js";
import { hasWords, SearchField } from "../parts/search-field.js";

/** Asked for above the other options. */
export const ASKED_FIRST = ["model", "preset", "name"];
/** Asked for somewhere else: the columns stand with the data. */
const ELSEWHERE = ["text", "label", ...ASKED_FIRST];

/** Every other option of a training, by group; those that are not filled in are as they are by default. */
export function OptionFields(props: {
  readonly form: TrainingList["form"];
  readonly values: Readonly<Record<string, string>>;
  readonly onChange: (name: string, value: string) => void;
}) {
  const { form, values, onChange } = props;
  const [search, setSearch] = useState("");
  const fits = ({ name, description }: FormField): boolean =>
    !ELSEWHERE.includes(name) && hasWords(`${name} ${description}`, search);
  const filled = Object.keys(values).filter((name) => values[name] !== "" && !ELSEWHERE.includes(name));
  return (
    <details className="options">
      <summary>All options{filled.length > 0 && <span className="muted">: {filled.join(", ")}</span>}</summary>
      <SearchField label="Search options" hint="Search options, such as epochs" value={search} onChange={setSearch} />
      {form.map(({ title, fields }) => {
        const shown = fields.filter(fits);
        if (shown.length === 0) return null;
        return (
          <fieldset key={title}>
            <legend>{title}</legend>
            {shown.map((field) => (
              <OptionField
                key={field.name}
                field={field}
                value={values[field.name] ?? ""}
                onChange={(value) => onChange(field.name, value)}
              />
            ))}
          </fieldset>
        );
      })}
    </details>
  );
}

/** One option: what it is called, a place to fill in, what it means. */
export function OptionField(props: {
  readonly field: FormField;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const { field, value, onChange } = props;
  const { name, kind, choices, fallback, description } = field;
  const id = useId();
  const options = kind === "boolean" ? ["true", "false"] : choices;
  const usual = fallback === undefined ? "" : `default ${fallback}`;
  return (
    <div className="option">
      <label htmlFor={id} className="option-name">
        {name}
      </label>
      {options === undefined ? (
        <input
          id={id}
          value={value}
          inputMode={kind === "number" ? "decimal" : undefined}
          placeholder={kind === "list" ? "one, or several with commas" : usual}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
          <option value="">{usual === "" ? "as it is best" : usual}</option>
          {options.map((one) => (
            <option key={one} value={one}>
              {kind === "boolean" ? (one === "true" ? "yes" : "no") : one}
            </option>
          ))}
        </select>
      )}
      <span className="muted">{description}</span>
    </div>
  );
}
