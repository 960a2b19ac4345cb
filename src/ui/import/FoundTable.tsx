import type { ArrayNote, TrackInspection } from "../../formats/import/common/types.ts";
import styles from "./import.module.css";

interface Props {
  readonly inspection: TrackInspection;
  /** Name of the array of positions. */
  readonly chosen: string;
}

/** Everything that the file holds, as it was found. */
export function FoundTable({ inspection, chosen }: Props) {
  return (
    <div className={styles.found}>
      <table>
        <caption>Found in the file</caption>
        <thead>
          <tr>
            <th scope="col">Array</th>
            <th scope="col">Shape</th>
            <th scope="col">Type</th>
            <th scope="col">Range</th>
          </tr>
        </thead>
        <tbody>
          {inspection.arrays.map((note) => (
            <tr key={note.name} aria-current={note.name === chosen ? "true" : undefined}>
              <th scope="row">{note.name}</th>
              <td>{note.shape.length > 0 ? note.shape.join(" × ") : "one value"}</td>
              <td>{note.dtype}</td>
              <td>{range(note)}</td>
            </tr>
          ))}
          {inspection.refused.map(({ name, reason }) => (
            <tr key={name} className={styles.refused}>
              <th scope="row">{name}</th>
              <td colSpan={3}>refused: {reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function range({ min, max, nonFinite, firstNonFinite }: ArrayNote): string {
  const span = min === max ? short(min) : `${short(min)} to ${short(max)}`;
  return nonFinite === 0 ? span : `${span}; ${nonFinite} not numbers, first at ${firstNonFinite}`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(5)));
}
