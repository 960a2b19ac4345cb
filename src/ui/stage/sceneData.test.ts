import { beforeEach, expect, test } from "vitest";
import { EMPTY_DOCUMENT, type Slot } from "../../store/document.ts";
import type { Studio } from "../../store/studio.ts";
import { fakeStudio } from "../../store/testing.ts";
import { SPACES } from "../../viewport/spaces/list.ts";
import { sceneOptions } from "./sceneData.ts";
import { STAGE_VIEWS } from "./stageViews.ts";

let studio: Studio;

beforeEach(() => {
  ({ studio } = fakeStudio());
});

const slot = (id: number, hidden = false): Slot => ({
  ...{ id, seed: id, locked: false, hidden },
  futureId: `f${id}`,
});

test("what is hidden is not drawn, one alone by its place, and without a forecast nothing dims", () => {
  const { view } = studio.state;
  const document = { ...EMPTY_DOCUMENT, slots: [slot(1), slot(2, true), slot(3)] };
  expect(sceneOptions(studio, document, view)).toMatchObject({
    visibleSlots: [0, 2],
    solo: null,
    dim: 0,
  });
  expect(sceneOptions(studio, { ...document, soloId: 3 }, view).solo).toBe(2);
  expect(sceneOptions(studio, { ...document, soloId: 9 }, view).solo).toBeNull();
});

test("every view of the stage has a space, and says whether that one is turned", () => {
  for (const { value, options, orbits } of STAGE_VIEWS) {
    const space = SPACES.find(({ id }) => id === options.space);
    expect(space?.orbits, value).toBe(orbits);
    const shown = sceneOptions(studio, EMPTY_DOCUMENT, { ...studio.state.view, mode: value });
    expect(shown).toMatchObject(options);
  }
});
