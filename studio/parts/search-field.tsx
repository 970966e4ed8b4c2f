/** A place to write what is searched for. */
export function SearchField(props: {
  /** What is searched, for who does not see it; shown too where there is no hint. */
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const { label, hint = label, value, onChange } = props;
  return (
    <input
      type="search"
      aria-label={label}
      placeholder={hint}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** Whether every word of `search` stands somewhere in `text`, in capitals or not. */
export function hasWords(text: string, search: string): boolean {
  const all = text.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}
