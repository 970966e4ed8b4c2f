/** A version of an artifact: its files, its aliases, where it comes from. */
import { Link, useLocation, useParams } from "wouter";
import type { ArtifactDetails, ArtifactList, Lineage } from "../../src/studio/wire/artifacts.js";
import { AliasList } from "../artifacts/alias-list.js";
import { artifactPage, artifactPath } from "../artifacts/artifact-address.js";
import { LineageGraph } from "../artifacts/lineage-graph.js";
import { addressOf, useApi } from "../asking.js";
import { bytes, moment } from "../parts/numbers.js";
import { Answer } from "../parts/states.js";
import { ValueList } from "../parts/value-list.js";
import "../style/artifacts.css";
import { runPage } from "../runs/run-address.js";

export function ArtifactPage() {
  const params = useParams<{ project: string; name: string; version: string }>();
  const { project } = params;
  const artifact = useApi<ArtifactDetails>(artifactPath(params), { project });
  return <Answer of={artifact}>{(details) => <Artifact artifact={details} />}</Answer>;
}

function Artifact({ artifact }: { readonly artifact: ArtifactDetails }) {
  const [, go] = useLocation();
  const { project, name, version, type, files, metadata, description, madeBy, usedBy } = artifact;
  const path = artifactPath(artifact);
  const lineage = useApi<Lineage>(`${path}/lineage`, { project });
  const { data: versions } = useApi<ArtifactList>("/api/artifacts", { project, name });
  return (
    <>
      <header className="page-head">
        <p className="crumb">
          <Link href="/artifacts">Artifacts</Link>
        </p>
        <h1>{name}</h1>
        <select
          aria-label="Version"
          value={version}
          onChange={(event) => go(artifactPage({ project, name, version: event.target.value }))}
        >
          {(versions?.artifacts ?? [artifact]).map((one) => (
            <option key={one.version} value={one.version}>
              {[one.version, ...one.aliases].join(", ")}
            </option>
          ))}
        </select>
        <p className="muted">
          {type} · {project} · {bytes(artifact.bytes)} · {moment(artifact.createdAt)}
          {madeBy === undefined ? (
            " · put by hand"
          ) : (
            <>
              {" "}
              · made by <Link href={runPage(madeBy)}>{madeBy}</Link>
            </>
          )}
          {usedBy.length > 0 && ` · used by ${usedBy.length} ${usedBy.length === 1 ? "run" : "runs"}`}
        </p>
      </header>
      {description !== "" && <p>{description}</p>}
      <AliasList artifact={artifact} />
      <section className="card">
        <header>
          <h2>Where it comes from, and what came of it</h2>
        </header>
        <Answer of={lineage}>{(graph) => <LineageGraph lineage={graph} current={artifact} />}</Answer>
      </section>
      <div className="cards">
        <section className="card">
          <header>
            <h2>Files</h2>
            <span className="muted">{files.length}</span>
          </header>
          <ul className="files">
            {files.map((file) => (
              <li key={file.path}>
                <a
                  href={addressOf(`${path}/file`, { project, path: file.path })}
                  download={file.path.split("/").at(-1)}
                  title={`SHA-256 ${file.hash}`}
                >
                  {file.path}
                </a>
                <span className="muted">{bytes(file.bytes)}</span>
              </li>
            ))}
          </ul>
          <p className="muted">Every file is verified while it is sent. All of them at once, to a folder:</p>
          <pre>textune artifacts get {`${project}/${name}:${version}`}</pre>
        </section>
        {Object.keys(metadata).length > 0 && <ValueList title="What is known of it" values={metadata} />}
      </div>
    </>
  );
}
