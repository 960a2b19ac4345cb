import { beforeEach, expect, test } from "vitest";
import { defaultAssumed } from "../../domain/edits/depth.ts";
import type { DragEdit } from "../../domain/edits/drag.ts";
import { dragKind } from "../../domain/edits/drag.ts";
import type { Edit } from "../../domain/edits.ts";
import { TileView } from "../tile-view.ts";
import { dragTool } from "./drag.ts";
import type { Mark } from "./marks.ts";
import type { PointerPlace, Tool, ToolPort, ToolStage } from "./tool.ts";

/** A view whose px are videoPx: identity but for the clip space of 200×100 px. */
const MATRIX = [2 / 200, 0, 0, 0, 0, -2 / 100, 0, 0, 0, 0, 0, 0, -1, 1, 0, 1];
const VIEW = new TileView({ x: 0, y: 0, width: 200, height: 100 }, MATRIX);
const SCENE = { startN2: Float32Array.of(50, 50, 100, 50), frameCount: 20 };

let edits: DragEdit[];
let steps: number;
let previews: (Edit | null)[];
let playhead: number;
let tool: Tool;

const at = (x: number, y: number, millis = 0, part: Partial<PointerPlace> = {}): PointerPlace => ({
  ...{ x, y, millis, shift: false, alt: false, isTouch: false },
  ...part,
});

beforeEach(() => {
  edits = [];
  steps = 0;
  previews = [];
  playhead = 0;
  const stage: ToolStage = {
    pick: () => null,
    setHover: () => undefined,
    viewAt: () => VIEW,
    get relativePlayhead() {
      return playhead;
    },
    redraw: () => undefined,
  };
  const flags = { isOn: true, isSelected: false };
  const marks = (): Mark[] =>
    edits.flatMap((edit) =>
      dragKind.handles(edit, SCENE).map((handle, i) => ({
        ...{ ...handle, ...flags, frame: handle.frame + 1 },
        ...{ editId: edit.id, handle: i, label: edit.name },
      })),
    );
  const port: ToolPort = {
    hover: () => undefined,
    choose: () => undefined,
    region: () => undefined,
    matched: () => [],
    scene: () => SCENE,
    marks,
    edit: (id) => edits.find((edit) => edit.id === id) ?? null,
    patch: () => ({ radius: 40, hardness: 1 }),
    body: () => "ball",
    camera: () => ({ move: "orbit", assumed: defaultAssumed({ width: 200, height: 100 }) }),
    selected: () => null,
    freshEdit: () => ({ id: `e${edits.length}`, name: `Drag ${edits.length + 1}` }),
    preview: (edit) => void previews.push(edit),
    commit(edit: Edit) {
      steps++;
      if (edit.kind !== "drag") throw new Error("only drags");
      edits = [...edits.filter(({ id }) => id !== edit.id), edit];
    },
    remove(id) {
      steps++;
      edits = edits.filter((edit) => edit.id !== id);
    },
    select: () => undefined,
  };
  tool = dragTool.create(stage, port);
});

test("a drawn path is one step: its place, its way and its timing", () => {
  tool.down(at(50, 50, 100));
  for (let i = 1; i <= 10; i++) tool.move(at(50 + 5 * i, 50 - 2 * i, 100 + 50 * i), true);
  tool.up(at(100, 30, 600));
  expect(steps).toBe(1);
  // Each move says what would be, up takes it back.
  expect(previews).toHaveLength(11);
  expect(previews[9]).toMatchObject({ id: "", samples: { length: 11 } });
  expect(previews.at(-1)).toBeNull();
  const [drag] = edits;
  expect(drag.centre[0]).toBeCloseTo(50);
  expect(drag.samples[0][2]).toBe(0);
  expect(drag.samples.at(-1)?.[2]).toBe(500);
  expect(drag.samples.at(-1)?.[0]).toBeCloseTo(100);
  expect([drag.timing, drag.frames]).toEqual(["drawn", [0, 19]]);
});

test("two clicks, or Shift, make a straight and even drag", () => {
  tool.down(at(50, 50));
  tool.up(at(50, 50));
  tool.move(at(70, 60), false);
  tool.down(at(90, 50));
  tool.up(at(90, 50));
  tool.down(at(100, 80));
  tool.move(at(110, 90, 0, { shift: true }), true);
  tool.move(at(140, 80, 0, { shift: true }), true);
  tool.up(at(140, 80, 0, { shift: true }));
  expect(steps).toBe(2);
  for (const drag of edits) {
    expect(drag.timing).toBe("even");
    expect(drag.samples).toHaveLength(2);
    expect(drag.samples[1][0] - drag.samples[0][0]).toBeCloseTo(40);
  }
});

test("it begins in the frame under the playhead", () => {
  playhead = 8;
  tool.down(at(50, 50));
  tool.move(at(80, 50), true);
  tool.up(at(80, 50));
  expect(edits[0].frames).toEqual([8, 19]);
});

test("its first handle moves it, its last bends its end, Alt removes it", () => {
  tool.down(at(50, 50));
  tool.move(at(80, 50, 10), true);
  tool.up(at(120, 50, 20));
  tool.down(at(120, 50));
  tool.move(at(130, 70), true);
  tool.up(at(140, 80));
  expect(edits).toHaveLength(1);
  expect(edits[0].samples.at(-1)?.slice(0, 2)).toEqual([expect.closeTo(140), expect.closeTo(80)]);
  expect(edits[0].centre).toEqual([expect.closeTo(50), expect.closeTo(50)]);
  tool.down(at(50, 50));
  tool.move(at(60, 50), true);
  tool.up(at(70, 50));
  expect(edits[0].centre[0]).toBeCloseTo(70);
  expect(edits[0].samples.at(-1)?.[0]).toBeCloseTo(160);
  tool.down(at(70, 50, 0, { alt: true }));
  expect(edits).toHaveLength(0);
});

test("what is dropped leaves nothing behind", () => {
  tool.down(at(50, 50));
  tool.move(at(90, 50), true);
  expect(tool.cancel()).toBe(true);
  tool.up(at(90, 50));
  expect([edits.length, steps]).toEqual([0, 0]);
});
