import { futureStyle } from "../../domain/future-style.ts";
import { WORKING_HEIGHT, WORKING_WIDTH } from "../../domain/grid.ts";
import type { Slot } from "../../store/document.ts";
import type { Tile } from "../../viewport/viewport.ts";

/** The name of a future over its picture; CSS px from the stage's upper left corner. */
export interface TileName {
  readonly slot: number;
  readonly text: string;
  readonly colour: string;
  readonly left: number;
  readonly top: number;
}

/** Names of the futures that stand side by side; none where only one picture is shown. */
export function tileNames(tiles: readonly Tile[], slots: readonly Slot[]): TileName[] {
  if (tiles.length < 2) return [];
  return tiles.flatMap(({ slot, rect }) =>
    slot === null
      ? []
      : [
          {
            slot,
            text: String(slots[slot]?.id ?? slot + 1),
            colour: futureStyle(slot).colour,
            ...cornerOf(rect),
          },
        ],
  );
}

/** Inner upper left corner of the picture, which fills its tile in one direction only. */
function cornerOf({ x, y, width, height }: Tile["rect"]): { left: number; top: number } {
  const scale = Math.min(width / WORKING_WIDTH, height / WORKING_HEIGHT);
  return {
    left: x + (width - WORKING_WIDTH * scale) / 2 + 10,
    top: y + (height - WORKING_HEIGHT * scale) / 2 + 10,
  };
}

const FONT = "600 13px ui-sans-serif, system-ui, 'Segoe UI', 'Noto Sans', Arial, sans-serif";

/** The drawn view with the names over it, as the page shows them: `sheet` is drawn anew. */
export function drawNamed(
  sheet: HTMLCanvasElement,
  view: HTMLCanvasElement,
  names: readonly TileName[],
): void {
  sheet.width = view.width;
  sheet.height = view.height;
  const context = sheet.getContext("2d");
  if (!context) return;
  context.drawImage(view, 0, 0);
  const ratio = view.width / (view.clientWidth || view.width);
  context.scale(ratio, ratio);
  context.font = FONT;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const { text, colour, left, top } of names) {
    const width = Math.max(22, context.measureText(text).width + 12);
    context.fillStyle = "rgb(14 16 19 / 0.85)";
    context.beginPath();
    context.roundRect(left, top, width, 24, 5);
    context.fill();
    context.fillStyle = colour;
    context.fillRect(left, top + 21, width, 3);
    context.fillStyle = "#fff";
    context.fillText(text, left + width / 2, top + 11);
  }
}
