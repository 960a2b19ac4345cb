import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CancelledError } from "../../domain/errors.ts";
import { selectClip, studio, useStudio } from "../studio.ts";
import { installFakeRuntimes } from "../testing.ts";
import { openClip } from "./clip.ts";
import { historyOfClip } from "./prefetch-history.ts";

beforeEach(() => {
  useStudio.setState(useStudio.getInitialState(), true);
  installFakeRuntimes();
});
afterEach(() => vi.unstubAllGlobals());

test("a cancel by one who is just told the stage of the work that he joined ends it", async () => {
  await openClip(new File(["a clip"], "made.mp4"));
  const clip = selectClip(studio());
  if (!clip) throw new Error("no clip");
  let isTold: () => void = () => undefined;
  const told = new Promise<void>((resolve) => {
    isTold = resolve;
  });
  const first = historyOfClip(clip, 30, { onEvent: isTold });
  const ended = expect(first).rejects.toBeInstanceOf(CancelledError);
  await told;
  const controller = new AbortController();
  const { signal } = controller;
  const joined = historyOfClip(clip, 30, { signal, onEvent: () => controller.abort() });
  await expect(joined).rejects.toBeInstanceOf(CancelledError);
  await ended;
});
