import type { OpenClip } from "../domain/ports.ts";
import { createForecaster } from "../engine/models/forecaster.ts";
import { photoManifest, photoRunner } from "../engine/models/photo/testing.ts";
import { tapFrame } from "../engine/tracking/luma.ts";
import { fakeStudio } from "./testing.ts";

/** A studio that ships a model of one picture; its clip "photo.jpg" is a photo whose left half is red. */
export function photoStudio() {
  const fake = fakeStudio();
  const { runner, runs } = photoRunner();
  const backend = { backend: "wasm", threads: 1, reason: "test" } as const;
  /** Puts in the place of the model one whose manifest differs by `part`. */
  const takeModel = (part: object) => {
    const model = createForecaster(runner, photoManifest(part), backend);
    Object.assign(fake.ports, { photoForecaster: async () => model });
  };
  takeModel({});
  const decoding = fake.ports.decoder();
  Object.assign(fake.ports, {
    decoder: async () => {
      const decoder = await decoding;
      return {
        open: async (...args: Parameters<typeof decoder.open>) =>
          (args[0] as File).name === "photo.jpg" ? photoClip() : decoder.open(...args),
      };
    },
  });
  fake.studio.store.setState({ shipsPhoto: true });
  return { studio: fake.studio, runs, takeModel };
}

/** One frame of the studio's size. */
function photoClip(): OpenClip {
  const [width, height] = [832, 480];
  const rgba = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < width * height; i++) rgba[4 * i] = i % width < width / 2 ? 255 : 0;
  return {
    info: {
      name: "photo.jpg",
      kind: "photo",
      displaySize: { width, height },
      durationSecs: 0,
      nativeFps: 16,
      nativeFrameCount: 1,
      fps: 16,
      frameCount: 1,
      frameTimesSecs: Float64Array.of(0),
      codec: "jpeg",
      decodedBy: "image",
    },
    read: async (_start, _end, size, taps) => tapFrame(taps, { index: 0, size, rgba }),
    close: async () => undefined,
  };
}
