import { expect, test, vi } from "vitest";
import type { Engine } from "./make.ts";
import type { Description, Reply } from "./protocol.ts";
import { Session } from "./session.ts";

vi.mock("./make.ts", () => ({
  makeOfClip: async (
    _request: unknown,
    _engine: unknown,
    { onProgress }: { onProgress(stage: string, share: number): void },
  ) => {
    for (let i = 0; i < 9; i++) onProgress("track", i / 9);
  },
}));

test("each request shows that it lives, however much another that is worked on tells", async () => {
  const replies: Reply[] = [];
  const session = new Session({} as Engine, {} as Description, (told) => replies.push(told), 2);
  for (const id of [1, 2]) {
    const request = { id, do: "make", clip: "a.mp4", folder: "out", make: ["tracks"] };
    session.hear(JSON.stringify(request));
  }
  await session.settled();
  const signs = replies.flatMap((told) => (told.event === "progress" ? [told.id] : []));
  expect(signs).toEqual([1, 2]);
});
