import { Matrix4, PerspectiveCamera } from "three";
import { expect, test } from "vitest";
import { overlayClipFromTrack } from "./spaces/picture.ts";
import { volumeFromTrack } from "./spaces/time-volume.ts";
import { TileView } from "./tile-view.ts";

const RECT = { x: 20, y: 30, width: 832, height: 480 };
const SIZE = { width: 832, height: 480 };

test("in the picture, pixel centres lie half a pixel inside and every frame alike", () => {
  const view = new TileView(RECT, overlayClipFromTrack(SIZE, RECT, 0, new Matrix4()).elements);
  const at = view.toScreen(100, 50, 40);
  expect(at?.x).toBeCloseTo(120.5);
  expect(at?.y).toBeCloseTo(80.5);
  const back = view.toTrack(120.5, 80.5, 7);
  expect(back?.x).toBeCloseTo(100);
  expect(back?.y).toBeCloseTo(50);
});

test("in a volume, a place of the screen is found again in the plane of its frame", () => {
  const camera = new PerspectiveCamera(26, 832 / 480, 0.1, 100);
  camera.position.set(-3, 1, 3);
  camera.lookAt(0, 0, 0);
  camera.updateMatrixWorld();
  const extent = { frameSize: SIZE, firstFrame: -80, lastFrame: 81 };
  const clip = camera.projectionMatrix
    .clone()
    .multiply(camera.matrixWorldInverse)
    .multiply(volumeFromTrack(extent));
  const view = new TileView(RECT, clip.elements);
  const at = view.toScreen(300, 200, 33);
  if (!at) throw new Error("not in view");
  const back = view.toTrack(at.x, at.y, 33);
  expect(back?.x).toBeCloseTo(300, 3);
  expect(back?.y).toBeCloseTo(200, 3);
});
