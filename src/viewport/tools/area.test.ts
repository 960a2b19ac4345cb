import { beforeEach, expect, test } from "vitest";
import { defaultAssumed } from "../../domain/edits/depth.ts";
import { areaOf } from "../../domain/edits/pin.ts";
import type { Edit } from "../../domain/edits.ts";
import { TileView } from "../tile-view.ts";
import { areaTool } from "./area.ts";
import type { PointerPlace, Tool, ToolPort, ToolStage } from "./tool.ts";

/** A view whose px are videoPx: identity but for the clip space of 400×200 px. */
const MATRIX = [2 / 400, 0, 0, 0, 0, -2 / 200, 0, 0, 0, 0, 0, 0, -1, 1, 0, 1];
const VIEW = new TileView({ x: 0, y: 0, width: 400, height: 200 }, MATRIX);
/** A row of ten points, 32 px apart. */
const SCENE = {
  startN2: Float32Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 16 * i + 50 : 50)),
  frameCount: 20,
};

let edits: Edit[];
let selected: Edit | null;
let previews: (Edit | null)[];
let tool: Tool;

const at = (x: number, y: number, part: Partial<PointerPlace> = {}): PointerPlace => ({
  ...{ x, y, millis: 0, shift: false, alt: false, isTouch: false },
  ...part,
});

function brush(from: PointerPlace, to: PointerPlace): void {
  tool.down(from);
  tool.move(to, true);
  tool.up(to);
}

function click(x: number, y: number): void {
  tool.move(at(x, y), false);
  tool.down(at(x, y));
  tool.up(at(x, y));
}

beforeEach(() => {
  edits = [];
  selected = null;
  previews = [];
  const stage: ToolStage = {
    ...{ pick: () => null, setHover: () => undefined, redraw: () => undefined },
    ...{ viewAt: () => VIEW, relativePlayhead: 0 },
  };
  const port: ToolPort = {
    ...{
      hover: () => undefined,
      choose: () => undefined,
      region: () => undefined,
      matched: () => [],
      select: () => undefined,
    },
    scene: () => SCENE,
    marks: () => [],
    edit: (id) => edits.find((edit) => edit.id === id) ?? null,
    patch: () => ({ radius: 40, hardness: 1 }),
    body: () => "ball",
    camera: () => ({ move: "orbit", assumed: defaultAssumed({ width: 200, height: 100 }) }),
    selected: () => selected,
    freshEdit: (_, label) => ({ id: `e${edits.length}`, name: `${label} 1` }),
    preview: (edit) => void previews.push(edit),
    commit: (edit) => {
      edits = [...edits.filter(({ id }) => id !== edit.id), edit];
    },
    remove: (id) => {
      edits = edits.filter((edit) => edit.id !== id);
    },
  };
  tool = areaTool.create(stage, port);
});

test("a brush keeps the points under its way where they are, in every frame", () => {
  brush(at(50, 60), at(110, 60));
  expect(edits).toHaveLength(1);
  expect(edits[0]).toMatchObject({ name: "Area 1", kind: "pin", at: null, frames: [0, 19] });
  expect(edits[0]).toMatchObject({ points: [0, 1, 2], strength: "exact" });
  expect(previews[0]).toMatchObject({ points: [0, 1, 2] });
  expect(previews.at(-1)).toBeNull();
});

test("the corners of a polygon hold what is inside it, once the first is clicked again", () => {
  for (const [x, y] of [
    [70, 20],
    [160, 20],
    [160, 90],
    [70, 90],
  ])
    click(x, y);
  expect(edits).toEqual([]);
  click(72, 22);
  expect(edits[0]).toMatchObject({ points: [1, 2, 3] });
});

test("Shift adds to the area that is pointed out, Alt takes from it, the last point takes it away", () => {
  selected = areaOf({ id: "a", name: "Area 1" }, [0, 1], 20);
  edits = [selected];
  brush(at(210, 50, { shift: true }), at(213, 50));
  expect(edits).toMatchObject([{ id: "a", points: [0, 1, 5] }]);
  brush(at(50, 50, { alt: true }), at(53, 50));
  expect(edits).toMatchObject([{ id: "a", points: [1] }]);
  brush(at(50, 50, { alt: true }), at(90, 50));
  expect(edits).toEqual([]);
});

test("what is dropped, and a brush over nothing, leave no trace", () => {
  tool.down(at(50, 50));
  tool.move(at(90, 50), true);
  expect(tool.cancel()).toBe(true);
  tool.up(at(90, 50));
  brush(at(50, 150), at(90, 150));
  click(70, 20);
  expect(tool.cancel()).toBe(true);
  expect(tool.cancel()).toBe(false);
  expect(edits).toEqual([]);
});
