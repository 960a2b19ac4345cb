import { expect, test } from "vitest";
import { createTracks } from "../../domain/tracks.ts";
import { derivedTracks, sameDerived } from "./derivedTracks.ts";

test("what an overlay shows is computed once a history, and only while it is shown", () => {
  const history = createTracks(8, 390);
  expect(derivedTracks(history, {})).toEqual({});
  const { ensemble } = derivedTracks(history, { ensemble: "on" });
  expect(ensemble.length).toBe(8);
  expect(derivedTracks(history, { ensemble: "on", truth: "on" }).ensemble).toBe(ensemble);
});

test("settings of other overlays change nothing of it", () => {
  expect(sameDerived({}, { truth: "on", heat: "spread" })).toBe(true);
  expect(sameDerived({}, { ensemble: "on" })).toBe(false);
});
