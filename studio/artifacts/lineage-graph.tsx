/** Runs and artifacts from left to right, in the order in which one came of another. */
import { Graph, layout } from "@dagrejs/dagre";
import { useMemo } from "react";
import { Link } from "wouter";
import type { ArtifactRow, Lineage } from "../../src/studio/wire/artifacts.js";
import { runPage } from "../runs/run-address.js";
import { artifactPage } from "./artifact-address.js";

type Node = Lineage["nodes"][number];
type Point = { readonly x: number; readonly y: number };

const NODE_HEIGHT = 42;
const LETTER = 7;
const MOST_LETTERS = 26;
const MARGIN = 6;

interface Placed {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly { readonly node: Node; readonly x: number; readonly y: number; readonly width: number }[];
  readonly edges: readonly { readonly key: string; readonly points: readonly Point[] }[];
}

export function LineageGraph(props: { readonly lineage: Lineage; readonly current: ArtifactRow }) {
  const { lineage, current } = props;
  const placed = useMemo(() => place(lineage), [lineage]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
    <section className="lineage" aria-label="Lineage" tabIndex={0}>
      <svg width={placed.width} height={placed.height} aria-label={`${lineage.nodes.length} runs and artifacts`}>
        <defs>
          <marker id="lineage-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M0,0 8,4 0,8z" />
          </marker>
        </defs>
        {placed.edges.map(({ key, points }) => (
          <path
            key={key}
            className="edge"
            markerEnd="url(#lineage-arrow)"
            d={points.map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${x.toFixed(1)},${y.toFixed(1)}`).join("")}
          />
        ))}
        {placed.nodes.map(({ node, x, y, width }) => {
          const { title, kind, href } = wordsOf(node);
          const isCurrent = href === artifactPage(current);
          return (
            <Link key={keyOf(node.kind, node.id)} href={href} aria-current={isCurrent ? "true" : undefined}>
              <g
                className={`node ${node.kind} ${isCurrent ? "current" : ""}`}
                transform={`translate(${x - width / 2} ${y - NODE_HEIGHT / 2})`}
              >
                <rect width={width} height={NODE_HEIGHT} rx={node.kind === "run" ? NODE_HEIGHT / 2 : 5} />
                <text x={width / 2} y={18} textAnchor="middle" className="title">
                  {cut(title)}
                  {title.length > MOST_LETTERS && <title>{title}</title>}
                </text>
                <text x={width / 2} y={33} textAnchor="middle">
                  {cut(kind)}
                </text>
              </g>
            </Link>
          );
        })}
      </svg>
      {lineage.cut && <p className="muted">There is more than can be shown.</p>}
    </section>
  );
}

/** The name of a node in the graph. */
function keyOf(kind: Node["kind"], id: Node["id"]): string {
  return `${kind} ${id}`;
}

function place({ nodes, edges }: Lineage): Placed {
  const graph = new Graph();
  graph.setGraph({ rankdir: "LR", nodesep: 14, ranksep: 46, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of nodes) {
    const { title, kind } = wordsOf(node);
    const width = 30 + LETTER * Math.max(cut(title).length, cut(kind).length);
    graph.setNode(keyOf(node.kind, node.id), { width, height: NODE_HEIGHT });
  }
  const ends = edges.map(({ run, artifact, how }) => {
    const [runKey, artifactKey] = [keyOf("run", run), keyOf("artifact", artifact)];
    return how === "made" ? ([runKey, artifactKey] as const) : ([artifactKey, runKey] as const);
  });
  for (const [from, to] of ends) graph.setEdge(from, to);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { readonly width?: number; readonly height?: number };
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    nodes: nodes.map((node) => {
      const { x, y, width: own } = graph.node(keyOf(node.kind, node.id)) as Point & { readonly width: number };
      return { node, x, y, width: own };
    }),
    edges: ends.map(([from, to]) => ({
      key: `${from} > ${to}`,
      points: (graph.edge(from, to) as unknown as { readonly points: readonly Point[] }).points,
    })),
  };
}

function wordsOf(node: Node): { readonly title: string; readonly kind: string; readonly href: string } {
  return node.kind === "run"
    ? {
        title: node.name,
        kind: node.jobType === "" ? "run" : `run, ${node.jobType}`,
        href: runPage(node.id),
      }
    : { title: `${node.name}:${node.version}`, kind: node.type, href: artifactPage(node) };
}

function cut(text: string): string {
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS - 1)}…` : text;
}
