import { NumberCell } from "./NumberCell.tsx";

const FAR_PX = 10_000;
const CORNERS = ["Left", "Top", "Right", "Bottom"] as const;

type Corners = readonly [number, number, number, number];

interface Props {
  /** Of the edit. */
  readonly name: string;
  /** (x0, y0, x1, y1) videoPx. */
  readonly box: Corners;
  onChange(box: [number, number, number, number]): void;
}

/** A box in numbers. */
export function BoxCells({ name, box, onChange }: Props) {
  return CORNERS.map((corner, i) => (
    <NumberCell
      key={corner}
      {...{ min: -FAR_PX, max: FAR_PX, step: 1 }}
      label={`${corner}, ${name}`}
      value={box[i]}
      onChange={(value) => {
        const [x0, y0, x1, y1] = box.map((v, k) => (k === i ? value : v));
        onChange([x0, y0, x1, y1]);
      }}
    />
  ));
}
