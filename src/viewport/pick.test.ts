import { Matrix4 } from "three";
import { describe, expect, it } from "vitest";
import { createTracks, type Tracks } from "../domain/tracks.ts";
import { buildDrawList } from "./draw-list.ts";
import { DEFAULT_OPTIONS, type ViewportData } from "./options.ts";
import { boundsOfList, type PickView, pickNearest } from "./pick.ts";
import { overlayClipFromTrack } from "./spaces/picture.ts";
import { packTracks } from "./track-texture.ts";

const SIZE = { width: 832, height: 480 };

/** Two points: 0 runs right along y = 100, 1 rests at (400, 300). */
function track(first: number, frames: number, drop: number): Tracks {
  const tracks = createTracks(frames, 2);
  for (let i = 0; i < frames; i++) {
    const t = first + i;
    tracks.tracksTN2.set([100 + 10 * t, 100 + drop * t, 400, 300], 4 * i);
  }
  tracks.visibilityTN.fill(1);
  return tracks;
}

const DATA: ViewportData = {
  history: track(-10, 11, 0),
  futures: [track(1, 20, 0), track(1, 20, 5)],
  queryXyN2: Float32Array.from([100, 100, 400, 300]),
  fps: 16,
  nowFrame: 10,
};

function view(playhead: number, tailFrames = 4, data = DATA): PickView {
  const texture = packTracks(data);
  const list = buildDrawList(data, texture, DEFAULT_OPTIONS);
  return {
    texture,
    list,
    range: list.tiles[0].tracks,
    bounds: boundsOfList(list, texture),
    clipFromTrack: overlayClipFromTrack(SIZE, SIZE, 0, new Matrix4()).elements,
    viewWidth: 832,
    viewHeight: 480,
    playhead,
    nowFrame: 10,
    tailFrames,
  };
}

describe("picking", () => {
  it("names point, future and frame under the pointer", () => {
    // Pixel centres lie half a pixel inside: videoPx 200 is drawn at 200.5.
    expect(pickNearest(view(0), 200.5, 154, 10)).toMatchObject({
      point: 0,
      layer: "futures",
      slot: 1,
      frame: 20,
      x: 200,
      y: 150,
    });
  });

  it("finds nothing beyond the tolerance", () => {
    expect(pickNearest(view(0), 200, 175, 10)).toBeNull();
    expect(pickNearest(view(0), 200, 160, 10)).not.toBeNull();
  });

  it("prefers the head at the playhead", () => {
    const hit = pickNearest(view(8), 183, 106, 10);
    expect(hit).toMatchObject({ layer: "futures", slot: 0, frame: 18, x: 180 });
  });

  it("prefers a dot of the shown frame to a path that passes beside the place", () => {
    // At "now" point 1 lies at (400, 300); point 0 passes 14 px below it, later.
    const passing = createTracks(20, 2);
    for (let i = 0; i < 20; i++) passing.tracksTN2.set([300 + 10 * i, 314, 400, 300], 4 * i);
    passing.visibilityTN.fill(1);
    const over = view(0, 4, { ...DATA, futures: [passing] });
    expect(pickNearest(over, 412, 308, 10)).toMatchObject({
      point: 1,
      layer: "history",
      frame: 10,
    });
    // On the line itself that line is meant; far from any dot the path is all there is.
    expect(pickNearest(over, 412, 314, 10)).toMatchObject({ point: 0, layer: "futures" });
    expect(pickNearest(over, 470, 308, 10)).toMatchObject({ point: 0, layer: "futures" });
    // A dot farther off still wins over a path whose own point is elsewhere.
    expect(pickNearest(over, 425, 308, 10)).toMatchObject({ point: 1, layer: "history" });
    // Where it is hidden it passes behind what the dot is on.
    const behind = { ...passing, visibilityTN: new Uint8Array(40) };
    const hidden = view(0, 4, { ...DATA, futures: [behind] });
    expect(pickNearest(hidden, 412, 314, 10)).toMatchObject({ point: 1, layer: "history" });
  });

  it("sees only the drawn tail of the history", () => {
    expect(pickNearest(view(-2), 70, 100, 4)).toMatchObject({ layer: "history", frame: 7 });
    expect(pickNearest(view(-2), 20, 100, 10)).toBeNull();
    expect(pickNearest(view(-2, Infinity), 20, 100, 10)).toMatchObject({ frame: 2 });
  });

  it("finds points that never move", () => {
    expect(pickNearest(view(0), 403, 303, 10)).toMatchObject({ point: 1 });
  });
});
