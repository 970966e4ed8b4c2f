/** What a person writes on a run: tags, notes, whether it is put away. */
import { useState } from "react";
import type { RunChange, RunDetails } from "../../src/studio/wire/runs.js";
import type { StudioFacts } from "../../src/studio/wire/studio.js";
import { useApi, useChange } from "../asking.js";
import { Chip } from "../parts/chip.js";
import { Failure } from "../parts/states.js";
import { runPath } from "./run-address.js";

export function RunRemarks({ run }: { readonly run: RunDetails }) {
  const { data: facts } = useApi<StudioFacts>("/api/studio");
  const change = useChange<RunChange>(runPath(run.id), "PATCH", ["/api/runs"]);
  const [tag, setTag] = useState("");
  const [notes, setNotes] = useState<string>();
  const locked = facts?.readOnly !== false;
  return (
    <section className="card" aria-label="Tags and notes">
      <div className="row">
        {run.tags.map((one) => (
          <Chip
            key={one}
            text={one}
            title="Take this tag away"
            locked={locked}
            onTake={() => change.mutate({ tags: run.tags.filter((other) => other !== one) })}
          />
        ))}
        {!locked && (
          <>
            <form
              onSubmit={(event) => {
                event.preventDefault();
                if (tag.trim() !== "") change.mutate({ tags: [...run.tags, tag.trim()] });
                setTag("");
              }}
            >
              <input
                aria-label="New tag"
                placeholder="Add a tag"
                maxLength={64}
                value={tag}
                onChange={(event) => setTag(event.target.value)}
              />
            </form>
            <button type="button" onClick={() => change.mutate({ archived: !run.archived })}>
              {run.archived ? "Take out of the archive" : "Archive"}
            </button>
          </>
        )}
      </div>
      <textarea
        aria-label="Notes"
        placeholder={locked ? "No notes" : "Notes"}
        rows={2}
        readOnly={locked}
        value={notes ?? run.notes}
        onChange={(event) => setNotes(event.target.value)}
        onBlur={() => {
          if (notes !== undefined && notes !== run.notes) change.mutate({ notes });
          setNotes(undefined);
        }}
      />
      {change.error !== null && <Failure error={change.error} />}
    </section>
  );
}
