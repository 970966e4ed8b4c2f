/** All artifacts, with their versions. */
import { useState } from "react";
import { Link, useLocation } from "wouter";
import type { ArtifactList, ArtifactRow } from "../../src/studio/wire/artifacts.js";
import { artifactPage } from "../artifacts/artifact-address.js";
import { useApi } from "../asking.js";
import { type Column, DataTable, keyBeside, type Line } from "../parts/data-table.js";
import { bytes, moment } from "../parts/numbers.js";
import { hasWords, SearchField } from "../parts/search-field.js";
import { Answer, Empty } from "../parts/states.js";
import { runPage } from "../runs/run-address.js";
import { useAddressState } from "../shell/address-state.js";
import { useKeys } from "../shell/keys.js";

export function ArtifactsPage() {
  const list = useApi<ArtifactList>("/api/artifacts");
  return (
    <Answer of={list}>
      {({ artifacts }) =>
        artifacts.length === 0 ? (
          <Empty title="No artifacts yet">
            <p>Files that runs made are kept here by versions. Keep the classifier of a training:</p>
            <pre>textune train reviews.csv --output mine --log-model</pre>
            <p>or any file or folder:</p>
            <pre>textune artifacts put reviews.csv --type dataset</pre>
          </Empty>
        ) : (
          <Artifacts all={artifacts} />
        )
      }
    </Answer>
  );
}

function Artifacts({ all }: { readonly all: readonly ArtifactRow[] }) {
  const [, go] = useLocation();
  const [active, setActive] = useState<string>();
  const [{ search, type }, change] = useAddressState({ search: "", type: "" });
  const types = [...new Set(all.map((one) => one.type))].sort();
  const found = all.filter((one) => {
    const text = [one.name, one.project, one.version, ...one.aliases].join("\n");
    return (type === "" || one.type === type) && hasWords(text, search);
  });
  const lines = linesOf(found);
  const rows = lines.flatMap((line) => ("row" in line ? [line] : []));
  const move = (by: number): void => setActive(keyBeside(lines, active, by));
  useKeys([
    { keys: "j", label: "next version", run: () => move(1) },
    { keys: "k", label: "version before", run: () => move(-1) },
    {
      keys: "Enter",
      label: "open the version",
      run: () => {
        const line = rows.find(({ key }) => key === active);
        if (line !== undefined) go(artifactPage(line.row));
      },
    },
  ]);
  return (
    <>
      <header className="page-head">
        <h1>Models and artifacts</h1>
        <p className="muted">{lines.length - rows.length}</p>
        <div className="row grow">
          <SearchField
            label="Search artifacts"
            hint="Search name, project, alias  /"
            value={search}
            onChange={(next) => change({ search: next })}
          />
          {types.length > 1 && (
            <select aria-label="Type" value={type} onChange={(event) => change({ type: event.target.value })}>
              <option value="">All types</option>
              {types.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          )}
        </div>
      </header>
      <DataTable
        label="Artifacts"
        columns={COLUMNS}
        lines={lines}
        active={active}
        onActive={setActive}
        onOpen={(row) => go(artifactPage(row))}
        empty={
          <Empty title="No artifact fits">
            <p>
              <button type="button" onClick={() => change({ search: "", type: "" })}>
                Show all artifacts
              </button>
            </p>
          </Empty>
        }
      />
    </>
  );
}

/** Versions below the name that they have together. */
function linesOf(all: readonly ArtifactRow[]): Line<ArtifactRow>[] {
  return all.flatMap((row, index) => {
    const line = { key: artifactPage(row), row };
    const before = all[index - 1];
    if (before?.project === row.project && before.name === row.name) return [line];
    const heading = `${row.name} · ${row.type} · ${row.project}`;
    return [{ key: `heading ${line.key}`, heading }, line];
  });
}

const COLUMNS: readonly Column<ArtifactRow>[] = [
  {
    id: "version",
    title: "version",
    width: 90,
    cell: (row) => <Link href={artifactPage(row)}>{row.version}</Link>,
  },
  {
    id: "aliases",
    title: "aliases",
    width: 240,
    cell: ({ aliases }) =>
      aliases.map((alias) => (
        <span key={alias} className="tag">
          {alias}
        </span>
      )),
  },
  { id: "size", title: "size", width: 90, isNumber: true, cell: (row) => bytes(row.bytes) },
  { id: "made", title: "made", width: 130, isNumber: true, cell: ({ createdAt }) => moment(createdAt) },
  {
    id: "run",
    title: "by run",
    width: 110,
    cell: ({ madeBy }) => (madeBy === undefined ? "by hand" : <Link href={runPage(madeBy)}>{madeBy}</Link>),
  },
];
