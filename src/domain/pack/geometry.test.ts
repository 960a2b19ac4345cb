import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { packGeometry, STUDIO_GEOMETRY, sizeGap } from "./geometry.ts";
import type { PackManifest } from "./manifest.ts";

const read = (path: string) =>
  JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")) as PackManifest;

test("the pack that ships is made for the studio's own frame and lengths", () => {
  const shipped = packGeometry(read("../../../public/packs/compact/manifest.json"));
  expect(shipped).toEqual(STUDIO_GEOMETRY);
});

test("another rate and reference frame are no other size; another horizon is", () => {
  const tiny = read("../../workers/inference/testdata/tiny-trajloom/manifest.json");
  const geometry = packGeometry(tiny);
  expect(geometry).toMatchObject({ rate: "native", referenceFrame: "first-history" });
  expect(sizeGap(geometry)).toBeNull();
  // A model of one picture reads one frame of history.
  expect(sizeGap({ ...geometry, historyFrames: 1 })).toBeNull();
  expect(sizeGap({ ...geometry, horizonFrames: 33 })).toBe(
    "was made for 832×480, 15×26 points, 33 frames ahead; Foretrack forecasts 832×480, 15×26 points, 81 frames ahead",
  );
});
