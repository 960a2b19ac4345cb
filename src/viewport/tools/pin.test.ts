import { beforeEach, expect, test } from "vitest";
import { defaultAssumed } from "../../domain/edits/depth.ts";
import type { Edit } from "../../domain/edits.ts";
import { TileView } from "../tile-view.ts";
import { TOOLS } from "./list.ts";
import type { Mark } from "./marks.ts";
import { pinTool } from "./pin.ts";
import type { PointerPlace, Tool, ToolPort, ToolStage } from "./tool.ts";

/** A view whose px are videoPx: identity but for the clip space of 200×100 px. */
const VIEW = new TileView({ x: 0, y: 0, width: 200, height: 100 }, [
  2 / 200,
  0,
  0,
  0,
  0,
  -2 / 100,
  0,
  0,
  0,
  0,
  0,
  0,
  -1,
  1,
  0,
  1,
]);

let edits: Edit[];
let steps: number;
let selected: string | null;
let previews: (Edit | null)[];
let playhead: number;
let tool: Tool;

const at = (x: number, y: number, part: Partial<PointerPlace> = {}): PointerPlace => ({
  ...{ x, y, shift: false, alt: false, isTouch: false, millis: 0 },
  ...part,
});

function drag(from: PointerPlace, to: PointerPlace): void {
  tool.down(from);
  tool.move(at((from.x + to.x) / 2, (from.y + to.y) / 2), true);
  tool.move(to, true);
  tool.up(to);
}

beforeEach(() => {
  edits = [];
  steps = 0;
  previews = [];
  selected = null;
  playhead = 10;
  const stage: ToolStage = {
    pick: () => null,
    setHover: () => undefined,
    viewAt: () => VIEW,
    get relativePlayhead() {
      return playhead;
    },
    redraw: () => undefined,
  };
  const marks = (): Mark[] =>
    edits.flatMap((edit) =>
      edit.kind === "pin" && edit.at
        ? [
            {
              ...{ editId: edit.id, handle: 0, label: edit.name, frame: edit.frames[0] + 1 },
              ...{ x: edit.at[0], y: edit.at[1], fromX: 50, fromY: 50 },
              ...{ isOn: true, isSelected: false },
            },
          ]
        : [],
    );
  const port: ToolPort = {
    hover: () => undefined,
    choose: () => undefined,
    region: () => undefined,
    matched: () => [],
    scene: () => ({ startN2: Float32Array.of(50, 50, 100, 50), frameCount: 20 }),
    marks,
    edit: (id) => edits.find((edit) => edit.id === id) ?? null,
    patch: () => ({ radius: 40, hardness: 1 }),
    body: () => "ball",
    camera: () => ({ move: "orbit", assumed: defaultAssumed({ width: 200, height: 100 }) }),
    selected: () => null,
    freshEdit: () => ({ id: `e${edits.length}`, name: `Pin ${edits.length + 1}` }),
    preview: (edit) => void previews.push(edit),
    commit(edit) {
      steps++;
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
  tool = pinTool.create(stage, port);
});

test("a drag pins the nearest point where it ends, in the frame under the playhead, as one step", () => {
  drag(at(53, 48), at(80, 70));
  expect(edits).toHaveLength(1);
  expect(edits[0]).toMatchObject({ kind: "pin", points: [0], frames: [9, 9], strength: "exact" });
  expect(edits[0]).toMatchObject({ at: [expect.closeTo(80, 4), expect.closeTo(70, 4)] });
  expect(steps).toBe(1);
  expect(selected).toBe("e0");
});

test("at now and before, a pin holds in the last frame; past the horizon too", () => {
  playhead = 0;
  drag(at(50, 50), at(80, 70));
  playhead = 99;
  drag(at(100, 50), at(120, 70));
  expect(edits.map(({ frames }) => frames)).toEqual([
    [19, 19],
    [19, 19],
  ]);
});

test("two clicks do the same as a drag", () => {
  tool.down(at(100, 50));
  tool.up(at(100, 50));
  expect(steps).toBe(0);
  tool.move(at(120, 40), false);
  tool.down(at(130, 30));
  tool.up(at(130, 30));
  expect(edits[0]).toMatchObject({
    points: [1],
    at: [expect.closeTo(130, 4), expect.closeTo(30, 4)],
  });
  expect(steps).toBe(1);
});

test("what is dropped leaves no trace, with one click as in a drag", () => {
  tool.down(at(50, 50));
  tool.move(at(70, 70), true);
  expect(tool.cancel()).toBe(true);
  tool.up(at(70, 70));
  tool.down(at(50, 50));
  tool.up(at(50, 50));
  expect(tool.cancel()).toBe(true);
  expect(tool.cancel()).toBe(false);
  expect(steps).toBe(0);
  expect(previews.filter(Boolean)).toHaveLength(1);
  expect(previews.at(-1)).toBeNull();
});

test("a handle is moved by as much as the pointer, pointed out by a click, removed with Alt", () => {
  drag(at(50, 50), at(80, 70));
  drag(at(84, 73), at(94, 83));
  expect(edits).toHaveLength(1);
  expect(edits[0]).toMatchObject({ at: [expect.closeTo(90, 4), expect.closeTo(80, 4)] });
  selected = null;
  tool.down(at(90, 80));
  tool.up(at(90, 80));
  expect(selected).toBe("e0");
  tool.down(at(90, 80, { alt: true }));
  expect(edits).toEqual([]);
});

test("a press far from every point is the camera's", () => {
  expect(tool.down(at(180, 90))).toBe(false);
});

test("every tool has a key of its own", () => {
  expect(new Set(TOOLS.map(({ key }) => key)).size).toBe(TOOLS.length);
});
