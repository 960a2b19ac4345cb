import { describe, expect, test } from "vitest";
import { writeForecastNpz } from "../../document/forecast-npz.ts";
import { fixtureDocument } from "../../fixture.ts";
import { importTracks, inspectTracks } from "./read.ts";
import { proposeTiming } from "./timing.ts";

const clip = { fps: 16, frameCount: 112, nativeFps: 30, nativeFrameCount: 210, nowSecs: 3.5 };

describe("where tracks lie in time", () => {
  test("as many frames as the video has: its own rate from its start", () => {
    expect(proposeTiming(210, {}, clip)).toMatchObject({ fps: 30, firstSecs: 0, nowSecs: 3.5 });
  });

  test("as many frames as the working clip has: its rate", () => {
    expect(proposeTiming(112, {}, clip)).toMatchObject({ fps: 16, firstSecs: 0, nowSecs: 3.5 });
  });

  test("tracks that end before now move it to their last working frame", () => {
    const { nowSecs, reasons } = proposeTiming(48, {}, clip);
    expect(nowSecs).toBe(25 / 16);
    expect(reasons.join()).toContain("the tracks end there");
  });

  test("our own files say both", () => {
    const { forecast } = fixtureDocument();
    const bytes = writeForecastNpz(forecast);
    const inspection = inspectTracks(bytes, "forecast.npz");
    expect(inspection.looksLike).toBe("Foretrack tracks");
    const time = proposeTiming(81, inspection, clip);
    expect(time.fps).toBe(24);
    expect(time.nowSecs).toBe(3.375);
    expect(time.firstSecs).toBeCloseTo(3.375 - 80 / 24, 9);
    const { tracks } = importTracks(bytes, "forecast.npz", inspection.proposal);
    expect(tracks.tracksTN2).toEqual(forecast.history.tracksTN2);
    expect(tracks.visibilityTN).toEqual(forecast.history.visibilityTN);
  });

  test("another array of our own file keeps its own flags and loses the word on now", () => {
    const { forecast } = fixtureDocument();
    const inspection = inspectTracks(
      writeForecastNpz(forecast),
      "f.npz",
      undefined,
      "truth_tracks_tn2",
    );
    expect(inspection.proposal).toMatchObject({
      tracks: "truth_tracks_tn2",
      visibility: { array: "truth_visibility_tn", meaning: "visible" },
    });
    expect(inspection.now).toBeUndefined();
  });
});
