import { expect, test } from "vitest";
import { dragDisplacement, dragOf } from "../../domain/edits/drag.ts";
import { type EditGround, moveEdits } from "../../domain/edits/ground.ts";
import { areaOf, pinOf } from "../../domain/edits/pin.ts";
import { gridQueryXyN2, POINT_COUNT } from "../../domain/grid.ts";
import { createTracks } from "../../domain/tracks.ts";
import { compileEdits } from "./compile.ts";

const cup: EditGround = {
  startN2: gridQueryXyN2(),
  frameCount: 81,
  frame: { width: 832, height: 480 },
  fps: 16,
  nowSecs: 1,
  clip: { name: "cup.mp4", displaySize: { width: 832, height: 480 }, fit: "cover" },
};
const other = { ...cup, clip: { ...cup.clip, name: "street.mp4" } };

test("edits on their own clip stay as they are, and nothing is said", () => {
  const edits = [
    pinOf("a", "Pin 1", 27, 40, [100, 60]),
    areaOf({ id: "b", name: "B" }, [1, 2], 81),
  ];
  expect(moveEdits(edits, cup, cup)).toEqual({ edits, notes: [] });
});

test("at another rate the seconds after now are kept; another clip and another now are told", () => {
  const pin = pinOf("a", "Pin 1", 27, 15, [100, 60]);
  const moved = moveEdits([pin], cup, { ...other, fps: 30 });
  // Frame 15 is 16 frames after "now": one second.
  expect(moved.edits[0].frames).toEqual([29, 29]);
  expect(moved.notes.join(" ")).toMatch(/made on cup\.mp4.*16 frames a second.*30/);
  const later = moveEdits([pin], cup, { ...cup, nowSecs: 2 });
  expect(later.edits).toEqual([pin]);
  expect(later.notes).toEqual(["They were made at 1.00 s: they begin at “now”, 2.00 s."]);
  // The frame nearest to "now" at another rate is the same "now".
  const nearest = moveEdits([pin], cup, { ...cup, fps: 30, nowSecs: 1.016 });
  expect(nearest.notes.join(" ")).not.toContain("begin at");
});

test("in another crop of the same picture an edit stays on the thing", () => {
  const tall = { name: "cup.mp4", displaySize: { width: 480, height: 480 } };
  const cover = { ...cup, clip: { ...tall, fit: "cover" as const } };
  const boxed = { ...cup, clip: { ...tall, fit: "letterbox" as const } };
  const drag = dragOf(
    { id: "a", name: "A" },
    [0, 80],
    [
      [416, 240, 0],
      [516, 240, 900],
    ],
    "even",
  );
  const { edits } = moveEdits([drag], cover, boxed);
  const [moved] = edits;
  if (moved.kind !== "drag") throw new Error("no drag");
  // 832 px of the width are 480 px there.
  const scale = 480 / 832;
  expect(dragDisplacement(moved)[0]).toBeCloseTo(100 * scale, 3);
  expect(moved.radius).toBeCloseTo(64 * scale, 3);
  expect(moved.centre[0]).toBeCloseTo(416 + 0.5 * scale - 0.5, 3);
});

test("a drag that outlasts the horizon is cut there, as fast as before", () => {
  const drag = dragOf(
    { id: "a", name: "A" },
    [0, 80],
    [
      [400, 240, 0],
      [560, 240, 900],
    ],
    "even",
  );
  const whole = {
    ...drag,
    ease: [0.42, 0, 1, 1] as [number, number, number, number],
    twistDegrees: 80,
  };
  const { edits, notes } = moveEdits([whole], cup, { ...cup, fps: 16, frameCount: 41 });
  const history = { ...createTracks(1, POINT_COUNT), tracksTN2: cup.startN2 };
  const long = compileEdits([whole], history, 81);
  const cut = compileEdits(edits, history, 41);
  const asked = cut?.weightTN ?? new Float32Array();
  expect(asked.some((w) => w > 0)).toBe(true);
  let worst = 0;
  for (let i = 0; i < asked.length; i++) {
    if (!asked[i]) continue;
    for (const o of [2 * i, 2 * i + 1]) {
      worst = Math.max(worst, Math.abs((cut?.positionsTN2[o] ?? 0) - (long?.positionsTN2[o] ?? 0)));
    }
  }
  // Twist is even in time after the cut, whatever the ease was.
  expect(worst).toBeLessThan(14);
  const straight = moveEdits([{ ...whole, twistDegrees: 0 }], cup, {
    ...cup,
    frameCount: 41,
  }).edits;
  const path = compileEdits(straight, history, 41);
  const free = compileEdits([{ ...whole, twistDegrees: 0 }], history, 81);
  const cells = path?.positionsTN2 ?? new Float32Array();
  expect(Math.max(...cells.map((v, i) => Math.abs(v - (free?.positionsTN2[i] ?? 0))))).toBeLessThan(
    1e-3,
  );
  expect(notes).toEqual([]);
});

test("on another grid the nearest points take part; what has no moment or point left is kept, off", () => {
  const coarse = {
    ...other,
    startN2: gridQueryXyN2("cell-centre", { rows: 3, columns: 5, width: 416, height: 240 }),
    frame: { width: 416, height: 240 },
    frameCount: 20,
  };
  const edits = [
    areaOf({ id: "a", name: "Area 1" }, [0, 1, 2, 389], 81),
    pinOf("b", "Late", 27, 60, [100, 60]),
    { ...pinOf("c", "Lost", 27, 3, [100, 60]), points: [16_000] },
  ];
  const moved = moveEdits(edits, cup, coarse);
  expect(moved.edits.map(({ name, on }) => [name, on])).toEqual([
    ["Area 1", true],
    ["Late", false],
    ["Lost", false],
  ]);
  expect(moved.edits[0]).toMatchObject({ points: [0, 14], frames: [0, 19] });
  expect(moved.notes.join(" ")).toMatch(/“Late” would begin after the 1\.3 s.*“Lost” has no point/);
});
