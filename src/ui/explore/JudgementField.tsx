import { useState } from "react";
import type { Exploration } from "../../domain/exploration.ts";
import type { JudgedRow, Judgement } from "../../engine/exploration/judge.ts";
import { judgeExploration } from "../../store/actions/judge.ts";
import { showError } from "../../store/actions/notices.ts";
import { useStudio, useStudioObject } from "../../store/studio.ts";
import { Button } from "../controls/Button.tsx";
import styles from "./explore.module.css";

const COLOURS = ["#f0b35c", "#8d949c", "#8ab8de", "#f4f7f9"];
const [WIDTH, HEIGHT] = [272, 96];

/** For who wants to know how good they are: the futures beside what really followed, where the clip goes on. */
export function JudgementField({ exploration }: { readonly exploration: Exploration }) {
  const studio = useStudioObject();
  const hasTruth = useStudio(
    (s, { bulk }) => s.truthRevision >= 0 && bulk.truths.has(s.exploration?.historyId ?? ""),
  );
  const [judged, setJudged] = useState<{ of: Exploration; result: Judgement } | null>(null);
  if (!hasTruth) return null;
  const measure = async () => {
    const result = await judgeExploration(studio, exploration);
    if (result) setJudged({ of: exploration, result });
  };
  return (
    <section aria-label="Against what followed">
      <Button
        look="quiet"
        onClick={() => void measure().catch((error: unknown) => showError(studio, error))}
      >
        Compare with what followed
      </Button>
      {judged?.of === exploration && <Result judgement={judged.result} exploration={exploration} />}
    </section>
  );
}

interface ResultProps {
  readonly judgement: Judgement;
  readonly exploration: Exploration;
}

function Result({ judgement, exploration }: ResultProps) {
  const { rows, whereAuroc, truthMode } = judgement;
  return (
    <>
      <Curves rows={rows} />
      <table className={styles.scores}>
        <thead>
          <tr>
            <th scope="col">px</th>
            <th scope="col" title="Distance of one draw, root mean square over points and frames">
              n = 1
            </th>
            <th scope="col" title="Least distance of ten draws">
              10
            </th>
            <th scope="col">50</th>
            <th scope="col" title="Fair energy score: nearness less spread; lower is better">
              energy
            </th>
            <th scope="col" title="Variogram score, order ½: whether parts move together">
              vario
            </th>
            <th
              scope="col"
              title="Parzen negative log-likelihood as An Uncertain Future has it, nats: of the shape and the size of a second’s motion, at the best widths for this picture. It only tells the nearest draw, and more draws lower it without end: for comparison with the paper alone"
            >
              Parzen
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={row.name}>
              <th scope="row" style={{ color: COLOURS[i] }}>
                {row.name}
              </th>
              {[0, 9, 49].map((n) => (
                <td key={n}>{number(row.curve[n])}</td>
              ))}
              <td>{number(row.energy)}</td>
              <td>{number(row.variogram)}</td>
              <td>{row.parzenNll === undefined ? "" : Math.round(row.parzenNll)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={styles.hint}>
        {Number.isFinite(whereAuroc) && `Where it moves: AUROC ${whereAuroc.toFixed(2)}. `}
        {truthWords(exploration, truthMode)} The camera’s motion is taken out of what followed; what
        only parallax moves is not. Parzen is the paper’s likelihood: it tells little but how near
        the nearest draw is.
      </p>
    </>
  );
}

function truthWords({ modes }: Exploration, number: number): string {
  const mode = modes.groups.find((group) => group.number === number);
  const { share } = mode?.share ?? modes.still;
  const name = mode ? `mode ${number}, ${mode.name}` : "nothing moves";
  return `The truth is nearest to ${name}: given ${Math.round(100 * share)} %.`;
}

function number(value: number | undefined): string {
  return value === undefined ? "" : value.toFixed(1);
}

/** Least distance by the number of draws; what draws nothing is a line across. */
function Curves({ rows }: { readonly rows: readonly JudgedRow[] }) {
  const most = Math.max(...rows.flatMap(({ curve }) => curve));
  const steps = Math.max(...rows.map(({ curve }) => curve.length));
  const point = (value: number, n: number) =>
    `${(n * WIDTH) / (steps - 1)},${HEIGHT - (HEIGHT * value) / most}`;
  const line = ({ curve }: JudgedRow) =>
    curve.length === 1
      ? `${point(curve[0], 0)} ${point(curve[0], steps - 1)}`
      : curve.map(point).join(" ");
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      className={styles.curves}
      role="img"
      aria-label={`Least distance to what followed for 1 to ${steps} draws`}
    >
      {rows.map((row, i) => (
        <polyline
          key={row.name}
          points={line(row)}
          fill="none"
          stroke={COLOURS[i]}
          strokeWidth="1.5"
        />
      ))}
    </svg>
  );
}
