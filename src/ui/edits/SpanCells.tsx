import type { Edit } from "../../domain/edits.ts";
import { NumberCell } from "./NumberCell.tsx";

interface Props {
  readonly edit: Pick<Edit, "name" | "frames">;
  /** Of the horizon. */
  readonly frameCount: number;
  onChange(field: "from" | "to", frames: [number, number]): void;
}

/** The first and the last frame of an edit, counted from 1. */
export function SpanCells({ edit, frameCount, onChange }: Props) {
  const [first, last] = edit.frames;
  return (
    <>
      <NumberCell
        label={`From, ${edit.name}`}
        value={first + 1}
        min={1}
        max={last + 1}
        step={1}
        onChange={(frame) => onChange("from", [Math.round(frame) - 1, last])}
      />
      <NumberCell
        label={`To, ${edit.name}`}
        value={last + 1}
        min={first + 1}
        max={frameCount}
        step={1}
        onChange={(frame) => onChange("to", [first, Math.round(frame) - 1])}
      />
    </>
  );
}
