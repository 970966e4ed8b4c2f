import { useState } from "react";
import type { AliasChange, ArtifactDetails } from "../../src/studio/wire/artifacts.js";
import type { StudioFacts } from "../../src/studio/wire/studio.js";
import { addressOf, useApi, useChange } from "../asking.js";
import { Chip } from "../parts/chip.js";
import { Failure } from "../parts/states.js";
import { artifactPath } from "./artifact-address.js";

/** The aliases of a version: given, and taken away. */
export function AliasList({ artifact }: { readonly artifact: ArtifactDetails }) {
  const { data: facts } = useApi<StudioFacts>("/api/studio");
  const { project, aliases } = artifact;
  const change = useChange<AliasChange>(addressOf(artifactPath(artifact), { project }), "PATCH", ["/api/artifacts"]);
  const [alias, setAlias] = useState("");
  const locked = facts?.readOnly !== false;
  return (
    <section className="card" aria-label="Aliases">
      <div className="row">
        {aliases.length === 0 && <span className="muted">No aliases</span>}
        {aliases.map((one) => (
          <Chip
            key={one}
            text={one}
            title={one === "latest" ? "The newest version has it" : "Take this alias away"}
            locked={locked || one === "latest"}
            onTake={() => change.mutate({ remove: one })}
          />
        ))}
        {!locked && (
          <form
            className="row"
            onSubmit={(event) => {
              event.preventDefault();
              if (alias.trim() !== "") change.mutate({ set: alias.trim() });
              setAlias("");
            }}
          >
            <input
              aria-label="New alias"
              placeholder="Add an alias, such as best"
              maxLength={128}
              value={alias}
              onChange={(event) => setAlias(event.target.value)}
            />
            <button type="submit">Add</button>
          </form>
        )}
      </div>
      {change.error !== null && <Failure error={change.error} />}
    </section>
  );
}
