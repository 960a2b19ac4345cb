import { beforeEach, expect, test } from "vitest";
import { CancelledError } from "../../domain/errors.ts";
import { type Studio, selectClip } from "../studio.ts";
import { fakeStudio } from "../testing.ts";
import { openClip } from "./clip.ts";
import { historyOfClip } from "./prefetch-history.ts";

let studio: Studio;

beforeEach(() => {
  ({ studio } = fakeStudio());
});
test("a cancel by one who is just told the stage of the work that he joined ends it", async () => {
  await openClip(studio, new File(["a clip"], "made.mp4"));
  const clip = selectClip(studio.state);
  if (!clip) throw new Error("no clip");
  let isTold: () => void = () => undefined;
  const told = new Promise<void>((resolve) => {
    isTold = resolve;
  });
  const first = historyOfClip(studio, clip, 30, { onEvent: isTold });
  const ended = expect(first).rejects.toBeInstanceOf(CancelledError);
  await told;
  const controller = new AbortController();
  const { signal } = controller;
  const joined = historyOfClip(studio, clip, 30, { signal, onEvent: () => controller.abort() });
  await expect(joined).rejects.toBeInstanceOf(CancelledError);
  await ended;
});
