import { beforeEach, expect, test } from "vitest";
import { type BodyEdit, type BodyShape, bodyKind } from "../../domain/edits/body.ts";
import { defaultAssumed } from "../../domain/edits/depth.ts";
import type { Edit } from "../../domain/edits.ts";
import { WORKING_SIZE } from "../../domain/studio-defaults.ts";
import { TileView } from "../tile-view.ts";
import { bodyTool } from "./body.ts";
import type { PointerPlace, Tool, ToolPort, ToolStage } from "./tool.ts";

/** A view whose px are videoPx. */
const MATRIX = [2 / 832, 0, 0, 0, 0, -2 / 480, 0, 0, 0, 0, 0, 0, -1, 1, 0, 1];
const VIEW = new TileView({ x: 0, y: 0, ...WORKING_SIZE }, MATRIX);
const SCENE = { startN2: Float32Array.of(50, 50), frameCount: 20, frame: WORKING_SIZE };

let edits: BodyEdit[];
let steps: number;
let selected: string | null;
let shape: BodyShape;
let tool: Tool;

const at = (x: number, y: number, part: Partial<PointerPlace> = {}): PointerPlace => ({
  ...{ x, y, millis: 0, shift: false, alt: false, isTouch: false },
  ...part,
});

beforeEach(() => {
  edits = [];
  steps = 0;
  selected = null;
  shape = "ball";
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
    scene: () => SCENE,
    marks: () =>
      edits.flatMap((edit) =>
        bodyKind.handles(edit, SCENE).map((handle, i) => ({
          ...{ ...handle, isOn: true, isSelected: false, frame: handle.frame + 1 },
          ...{ editId: edit.id, handle: i, label: edit.name },
        })),
      ),
    edit: (id) => edits.find((edit) => edit.id === id) ?? null,
    patch: () => ({ radius: 40, hardness: 1 }),
    region: () => undefined,
    matched: () => [],
    body: () => shape,
    camera: () => ({ move: "orbit", assumed: defaultAssumed(WORKING_SIZE) }),
    selected: () => edits.find(({ id }) => id === selected) ?? null,
    freshEdit: () => ({ id: `e${steps}`, name: `Body ${steps + 1}` }),
    preview: () => undefined,
    commit(edit: Edit) {
      steps++;
      if (edit.kind !== "body") throw new Error("only bodies");
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
  tool = bodyTool.create(stage, port);
});

function pull(from: readonly [number, number], to: readonly [number, number], part = {}) {
  tool.down(at(...from, part));
  tool.move(at((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, part), true);
  tool.up(at(...to, part));
}

test("a body is pulled to its size, then turned by a hand on it: two steps", () => {
  pull([400, 300], [460, 300]);
  expect(edits[0]).toMatchObject({ shape: "ball", samples: { length: 1 } });
  expect(edits[0].radii[0]).toBeCloseTo(60, 3);
  pull([390, 290], [430, 300]);
  expect(steps).toBe(2);
  expect(edits).toHaveLength(1);
  expect(edits[0].samples.length).toBeGreaterThan(1);
  expect(edits[0].samples[0][0]).toBeCloseTo(390, 3);
});

test("with Shift the hand carries it, Esc drops the hand's work, Alt-click the body", () => {
  pull([400, 300], [460, 300]);
  pull([430, 290], [450, 270], { shift: true });
  expect(edits[0].carry).toEqual([expect.closeTo(20, 3), expect.closeTo(-20, 3)]);
  tool.down(at(390, 290));
  tool.move(at(430, 290), true);
  expect(tool.cancel()).toBe(true);
  tool.up(at(430, 290));
  expect(steps).toBe(2);
  tool.down(at(390, 310, { alt: true }));
  expect(edits).toEqual([]);
});

test("the corners of a card are pulled one by one", () => {
  shape = "card";
  pull([400, 300], [480, 350]);
  expect(edits[0].radii).toEqual([expect.closeTo(80, 3), expect.closeTo(50, 3)]);
  pull([480, 250], [440, 270]);
  expect(edits[0].corners?.[1]).toEqual([expect.closeTo(440, 3), expect.closeTo(270, 3)]);
  expect(edits[0].corners?.[0]).toEqual([expect.closeTo(320, 3), expect.closeTo(250, 3)]);
});
