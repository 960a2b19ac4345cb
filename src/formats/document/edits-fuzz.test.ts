import { expect, test } from "vitest";
import { dragOf } from "../../domain/edits/drag.ts";
import { moveEdits } from "../../domain/edits/ground.ts";
import { areaOf, pinOf } from "../../domain/edits/pin.ts";
import { wishOf } from "../../domain/edits/wish.ts";
import { FormatError } from "../../domain/errors.ts";
import { createTracks } from "../../domain/tracks.ts";
import { compileEdits } from "../../engine/edits/compile.ts";
import { mutate } from "../damage.ts";
import { readEdits, writeEdits } from "./edits-file.ts";

const RUNS = Number(process.env.FUZZ_RUNS ?? 3000);

const ground = {
  startN2: Float32Array.of(16, 16, 48, 16, 80, 16),
  frameCount: 12,
  frame: { width: 96, height: 32 },
  fps: 16,
  nowSecs: 1,
  clip: { name: "a.mp4", displaySize: { width: 96, height: 32 }, fit: "cover" as const },
};
const history = { ...createTracks(1, 3), tracksTN2: ground.startN2 };
const drag = dragOf(
  { id: "b", name: "Drag" },
  [2, 9],
  [
    [16, 16, 0],
    [20, 16, 40],
    [44, 20, 90],
  ],
  "drawn",
);
const bytes = writeEdits(
  [
    pinOf("a", "Pin", 1, 8, [60, 20]),
    { ...drag, twistDegrees: 20, scale: 1.2, hardness: 0.4, after: "coast" },
    areaOf({ id: "c", name: "Area" }, [0, 2], 12),
    wishOf({ id: "d", name: "Wish" }, "inside", [0, 1], [4, 4, 60, 28], 12),
  ],
  ground,
);

test("damaged edits are laid over another clip with finite positions, or fail with a remedy", () => {
  let taken = 0;
  const here = { ...ground, fps: 30, clip: { ...ground.clip, name: "b.mp4" } };
  for (let seed = 0; seed < RUNS; seed++) {
    try {
      const { edits, ground: there } = readEdits(mutate(bytes, seed));
      const moved = moveEdits(edits, there, here).edits;
      const asked = compileEdits(moved, history, 12);
      if (asked?.positionsTN2.some((v) => !Number.isFinite(v))) throw new Error("not finite");
      readEdits(writeEdits(moved, here));
      taken++;
    } catch (error) {
      if (!(error instanceof FormatError)) throw new Error(`seed ${seed}`, { cause: error });
      expect(error.remedy).not.toBe("");
    }
  }
  expect(taken).toBeGreaterThan(RUNS / 50);
}, 120_000);
