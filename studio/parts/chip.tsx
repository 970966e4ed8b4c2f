/** A word that a click takes away; not where it is locked. */
export function Chip(props: {
  readonly text: string;
  /** What the click does, or why there is none. */
  readonly title: string;
  readonly locked?: boolean;
  readonly onTake: () => void;
}) {
  const { text, title, locked = false, onTake } = props;
  return (
    <button type="button" className="chip" disabled={locked} title={title} onClick={onTake}>
      {text} {!locked && <span aria-hidden="true">✕</span>}
    </button>
  );
}
