import { beforeEach, expect, test } from "vitest";
import { type CameraEdit, cameraKind } from "../../domain/edits/camera.ts";
import type { CameraMove } from "../../domain/edits/camera-moves.ts";
import { defaultAssumed } from "../../domain/edits/depth.ts";
import type { Edit } from "../../domain/edits.ts";
import { WORKING_SIZE } from "../../domain/studio-defaults.ts";
import { TileView } from "../tile-view.ts";
import { cameraTool } from "./camera.ts";
import type { PointerPlace, Tool, ToolPort, ToolStage } from "./tool.ts";

/** A view whose px are videoPx. */
const MATRIX = [2 / 832, 0, 0, 0, 0, -2 / 480, 0, 0, 0, 0, 0, 0, -1, 1, 0, 1];
const VIEW = new TileView({ x: 0, y: 0, ...WORKING_SIZE }, MATRIX);
const SCENE = { startN2: Float32Array.of(50, 50), frameCount: 20, frame: WORKING_SIZE };

let edits: CameraEdit[];
let steps: number;
let selected: string | null;
let move: CameraMove;
let tool: Tool;

const at = (x: number, y: number, part: Partial<PointerPlace> = {}): PointerPlace => ({
  ...{ x, y, millis: 0, shift: false, alt: false, isTouch: false },
  ...part,
});

beforeEach(() => {
  edits = [];
  steps = 0;
  selected = null;
  move = "orbit";
  const stage: ToolStage = {
    pick: () => null,
    setHover: () => undefined,
    viewAt: () => VIEW,
    relativePlayhead: 0,
    redraw: () => undefined,
  };
  const port: ToolPort = {
    hover: () => undefined,
    choose: () => undefined,
    region: () => undefined,
    matched: () => [],
    scene: () => SCENE,
    marks: () =>
      edits.flatMap((edit) =>
        cameraKind.handles(edit, SCENE).map((handle, i) => ({
          ...{ ...handle, isOn: true, isSelected: false, frame: handle.frame + 1 },
          ...{ editId: edit.id, handle: i, label: edit.name },
        })),
      ),
    edit: (id) => edits.find((edit) => edit.id === id) ?? null,
    patch: () => ({ radius: 40, hardness: 1 }),
    body: () => "ball",
    camera: () => ({ move, assumed: defaultAssumed(WORKING_SIZE) }),
    selected: () => edits.find(({ id }) => id === selected) ?? null,
    freshEdit: () => ({ id: `e${steps}`, name: `Camera ${steps + 1}` }),
    preview: () => undefined,
    commit(edit: Edit) {
      steps++;
      if (edit.kind !== "camera") throw new Error("only cameras");
      edits = [...edits.filter(({ id }) => id !== edit.id), edit];
    },
    remove(id) {
      steps++;
      edits = edits.filter((edit) => edit.id !== id);
    },
    select: (id) => {
      selected = id;
    },
  };
  tool = cameraTool.create(stage, port);
});

function pull(from: readonly [number, number], to: readonly [number, number], part = {}) {
  tool.down(at(...from, part));
  tool.move(at((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, part), true);
  tool.up(at(...to, part));
}

test("a pull is one step: its pivot and how far", () => {
  pull([400, 300], [340, 310]);
  expect(steps).toBe(1);
  expect(edits[0]).toMatchObject({ move: "orbit", amount: 10, frames: [0, 19] });
  expect(edits[0].pivot).toEqual([expect.closeTo(400, 3), expect.closeTo(300, 3)]);
  expect(selected).toBe(edits[0].id);
});

test("a click makes the usual move, and Esc none", () => {
  tool.down(at(400, 300));
  tool.up(at(400, 300));
  expect(edits[0].amount).toBe(20);
  tool.down(at(200, 300));
  tool.move(at(260, 300), true);
  expect(tool.cancel()).toBe(true);
  tool.up(at(260, 300));
  expect(steps).toBe(1);
});

test.each([
  "pan",
  "tilt",
  "roll",
  "zoom",
  "truck",
  "pedestal",
  "dolly",
  "orbit",
  "arc",
  "handheld",
] as const)("the handle of a %s lies where the hand let go, and pulls on from there", (which) => {
  move = which;
  pull([500, 300], [540, 330]);
  const { amount } = edits[0];
  const handles = cameraKind.handles(edits[0], SCENE);
  const grip = handles[handles.length - 1];
  pull([grip.x, grip.y], [grip.x + 6, grip.y + 6]);
  expect(steps).toBe(2);
  expect(edits).toHaveLength(1);
  expect(edits[0].pivot[0]).toBeCloseTo(500, 3);
  expect(edits[0].amount).not.toBeCloseTo(amount, 4);
  pull([grip.x + 6, grip.y + 6], [grip.x, grip.y]);
  expect(Math.abs(edits[0].amount - amount)).toBeLessThan(0.1);
});

test("the pivot's handle moves the pivot, following the mouse keeps its way", () => {
  pull([500, 300], [540, 300]);
  pull([500, 300], [520, 340]);
  expect(edits[0].pivot).toEqual([expect.closeTo(520, 3), expect.closeTo(340, 3)]);
  move = "follow";
  pull([100, 100], [180, 60]);
  expect(edits[1].samples?.at(-1)?.slice(0, 2)).toEqual([
    expect.closeTo(180, 3),
    expect.closeTo(60, 3),
  ]);
});

test("with Shift the brush paints a layer of the camera that is pointed out; Alt-click removes", () => {
  pull([500, 300], [540, 300]);
  pull([100, 100], [180, 60], { shift: true });
  expect(edits).toHaveLength(1);
  expect(edits[0].assumed.layers[0].strokes[0].length).toBeGreaterThan(1);
  tool.down(at(500, 300, { alt: true }));
  expect(edits).toEqual([]);
});
