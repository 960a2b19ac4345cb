import { expect, it } from "vitest";
import { PackError } from "../../domain/errors.ts";
import { createTracks } from "../../domain/tracks.ts";
import { InProcessThread } from "../channel/in-process.ts";
import { DepthClient } from "./client.ts";
import { depthHandlers } from "./server.ts";

it("the pack is opened once, with the first request, and again after a failure", async () => {
  const opened: string[] = [];
  const guess = {
    inverseDepthN: Float32Array.of(1),
    sigmaLogN: Float32Array.of(0.2),
    movingN: Float32Array.of(0),
  };
  const open = async (url: string) => {
    opened.push(url);
    if (opened.length === 1) throw new PackError("The pack is damaged", "Reload the page.");
    return { tell: async () => guess };
  };
  const client = new DepthClient("packs/field/", () =>
    InProcessThread.serving(depthHandlers(open), { oneAtATime: true }),
  );
  expect(opened).toEqual([]);
  const request = {
    tracks: createTracks(3, 1),
    anchorFrame: 2,
    size: { width: 832, height: 480 },
  };
  await expect(client.tell(request)).rejects.toBeInstanceOf(PackError);
  expect(await client.tell(request)).toEqual(guess);
  await client.tell(request);
  expect(opened).toEqual(["packs/field/", "packs/field/"]);
});
