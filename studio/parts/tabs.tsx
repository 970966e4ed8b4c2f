export interface Tab {
  readonly id: string;
  readonly title: string;
}

/** Parts of a page of which one is shown. Arrows move between them. */
export function Tabs(props: {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}) {
  const { label, tabs, chosen, onChoose } = props;
  const at = tabs.findIndex(({ id }) => id === chosen);
  return (
    <div className="tabs" role="tablist" aria-label={label}>
      {tabs.map(({ id, title }, index) => (
        <button
          key={id}
          type="button"
          role="tab"
          aria-selected={id === chosen}
          tabIndex={index === at ? 0 : -1}
          onClick={() => onChoose(id)}
          onKeyDown={(event) => {
            const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
            if (by === 0) return;
            const next = (index + by + tabs.length) % tabs.length;
            onChoose(tabs[next].id);
            (event.currentTarget.parentElement?.children[next] as HTMLElement | undefined)?.focus();
          }}
        >
          {title}
        </button>
      ))}
    </div>
  );
}
