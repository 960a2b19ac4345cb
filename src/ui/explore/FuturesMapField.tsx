import { type KeyboardEvent, type PointerEvent, useEffect, useRef } from "react";
import type { Exploration } from "../../domain/exploration.ts";
import { futureStyle } from "../../domain/future-style.ts";
import { keepLive, showPlace } from "../../store/actions/live-future.ts";
import { useStudio, useStudioObject } from "../../store/studio.ts";
import styles from "./explore.module.css";
import { mapScale } from "./mapScale.ts";

const WIDTH = 272;
const HEIGHT = 190;
const FRAME = { width: WIDTH, height: HEIGHT, margin: 22 };
/** Of the map's width: one press of an arrow key. */
const KEY_STEP = 0.03;

interface Props {
  readonly exploration: Exploration;
}

/** All samples by what they do: a place shows the blend of its neighbours on the stage at once. */
export function FuturesMapField({ exploration }: Props) {
  const studio = useStudioObject();
  const place = useStudio((s) => s.mapPlace);
  const ref = useRef<HTMLCanvasElement>(null);
  const scale = mapScale(exploration.map.placesK2, FRAME);
  useEffect(() => {
    const context = ref.current?.getContext("2d");
    if (context) drawMap(context, exploration, scale, place);
  });
  const show = (x: number, y: number) => void showPlace(studio, exploration, scale.placeOf(x, y));
  const follow = (event: PointerEvent<HTMLCanvasElement>) => {
    if (event.buttons !== 1) return;
    const box = event.currentTarget.getBoundingClientRect();
    show(
      ((event.clientX - box.left) * WIDTH) / box.width,
      ((event.clientY - box.top) * HEIGHT) / box.height,
    );
  };
  const onKey = (event: KeyboardEvent) => {
    const step = KEYS[event.key];
    if (event.key === "Enter") void keepLive(studio);
    else if (step) {
      const [x, y] = place ? scale.pixelOf(place[0], place[1]) : [WIDTH / 2, HEIGHT / 2];
      show(x + step[0] * KEY_STEP * WIDTH, y + step[1] * KEY_STEP * WIDTH);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      className={styles.map}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes keys of its own
      tabIndex={0}
      role="application"
      aria-label="Map of the futures. Drag, or use the arrow keys, to blend them; Enter keeps the blend."
      onKeyDown={onKey}
    >
      <canvas
        ref={ref}
        width={WIDTH}
        height={HEIGHT}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          follow(event);
        }}
        onPointerMove={follow}
      />
    </div>
  );
}

const KEYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

type Scale = ReturnType<typeof mapScale>;

function drawMap(
  context: CanvasRenderingContext2D,
  { map, modes }: Exploration,
  { pixelOf }: Scale,
  place: readonly [number, number] | null,
): void {
  context.clearRect(0, 0, WIDTH, HEIGHT);
  for (const [k, label] of modes.labelsK.entries()) {
    const [x, y] = pixelOf(map.placesK2[2 * k], map.placesK2[2 * k + 1]);
    context.fillStyle = label > 0 ? futureStyle(label - 1).colour : "#6c747e";
    context.globalAlpha = label > 0 ? 0.75 : 0.5;
    context.beginPath();
    context.arc(x, y, 2, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
  const middle = [WIDTH / 2, HEIGHT / 2] as const;
  drawArrow(context, [12, middle[1]], map.rim.left);
  drawArrow(context, [WIDTH - 12, middle[1]], map.rim.right);
  drawArrow(context, [middle[0], 12], map.rim.top);
  drawArrow(context, [middle[0], HEIGHT - 12], map.rim.bottom);
  if (!place) return;
  const [x, y] = pixelOf(...place);
  context.strokeStyle = "#f4f7f9";
  context.lineWidth = 1.5;
  context.beginPath();
  context.arc(x, y, 5, 0, 2 * Math.PI);
  context.stroke();
}

const ARROW = 9;

/** Which way the movers go at this rim of the map. */
function drawArrow(
  context: CanvasRenderingContext2D,
  [x, y]: readonly [number, number],
  [dx, dy]: readonly [number, number],
): void {
  const length = Math.hypot(dx, dy);
  if (!(length > 0)) return;
  const [ux, uy] = [(ARROW * dx) / length, (ARROW * dy) / length];
  context.strokeStyle = "#e7e9ec";
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x - ux, y - uy);
  context.lineTo(x + ux, y + uy);
  context.lineTo(x + ux - 0.6 * (ux - uy * 0.7), y + uy - 0.6 * (uy + ux * 0.7));
  context.moveTo(x + ux, y + uy);
  context.lineTo(x + ux - 0.6 * (ux + uy * 0.7), y + uy - 0.6 * (uy - ux * 0.7));
  context.stroke();
}
