import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { displaySize, fitPicture, type Orientation, UPRIGHT } from "../../../domain/fitting.ts";
import { loadLumaKernel } from "../../kernels/build.ts";
import { grayFromFrame } from "../../tracking/luma.ts";
import {
  type Field,
  type Picture,
  type PixelLayout,
  packedByteLength,
  packedPlaces,
  pictureFromBytes,
  type YuvColour,
} from "../picture.ts";
import type { Placement } from "../placement.ts";
import { PictureRenderer } from "../render.ts";
import { LumaRenderer } from "./luma.ts";

let module: WebAssembly.Module;
beforeAll(async () => {
  module = await loadLumaKernel();
}, 60_000);

const COLOUR: YuvColour = { matrix: "bt709", fullRange: false };

interface Case {
  readonly layout: PixelLayout;
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly colour?: YuvColour;
  readonly fit?: "cover" | "letterbox";
  readonly orientation?: Orientation;
  readonly field?: Field;
  readonly seed?: number;
}

function pictureOf({ layout, from, colour = COLOUR, field, seed = 1 }: Case): Picture {
  const [width, height] = from;
  const bytes = new Uint8Array(packedByteLength(layout, { width, height }));
  let state = seed;
  for (let i = 0; i < bytes.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  const size = { width, height };
  const picture = pictureFromBytes(bytes, layout, size, packedPlaces(layout, size), colour);
  return field ? { ...picture, field } : picture;
}

function placementFor({ from, to, fit = "cover", orientation = UPRIGHT }: Case): Placement {
  const size = { width: to[0], height: to[1] };
  const display = displaySize({ width: from[0], height: from[1] }, 1, orientation);
  return { orientation, display, fitting: fitPicture(display, size, fit), size };
}

/** The kernel's luma beside that of the rendered picture. */
function both(wanted: Case) {
  const placement = placementFor(wanted);
  const picture = pictureOf(wanted);
  const { size } = placement;
  const rgba = new PictureRenderer(placement).render(picture);
  return {
    own: new LumaRenderer(module, placement).render(picture),
    reference: grayFromFrame({ index: 0, size, rgba }),
  };
}

describe("luma without a picture is that of the picture, to the bit", () => {
  const cases: Readonly<Record<string, Case>> = {
    "720p": { layout: "420", from: [320, 180], to: [208, 120] },
    "hardware's interleaved chroma": { layout: "nv12", from: [320, 180], to: [208, 120] },
    "4:2:2, full range, BT.601": {
      layout: "422",
      from: [200, 90],
      to: [104, 60],
      colour: { matrix: "bt601", fullRange: true },
    },
    "4:4:4": { layout: "444", from: [130, 77], to: [104, 60] },
    "black borders": { layout: "420", from: [120, 180], to: [104, 60], fit: "letterbox" },
    "a phone held upright": {
      layout: "420",
      from: [180, 320],
      to: [104, 60],
      orientation: { rotation: 90, flip: false },
    },
    "upside down": {
      layout: "420",
      from: [180, 100],
      to: [104, 60],
      orientation: { rotation: 180, flip: false },
    },
    mirrored: {
      layout: "420",
      from: [100, 180],
      to: [102, 61],
      orientation: { rotation: 270, flip: true },
    },
    "one field": { layout: "420", from: [160, 96], to: [104, 60], field: "bottom" },
    "ten times smaller": { layout: "420", from: [400, 400], to: [96, 96] },
    enlarged: { layout: "420", from: [33, 21], to: [104, 60] },
  };
  for (const [name, wanted] of Object.entries(cases)) {
    it(name, () => {
      const { own, reference } = both(wanted);
      expect(own).toEqual(reference);
    });
  }

  it("for sizes and samples at random", () => {
    const side = fc.integer({ min: 9, max: 70 });
    fc.assert(
      fc.property(side, side, side, side, fc.nat(), (w, h, width, height, seed) => {
        const wanted: Case = { layout: "420", from: [w, h], to: [width, height], seed };
        const { own, reference } = both(wanted);
        // Far smaller pictures are left to the renderer.
        if (own) expect(own).toEqual(reference);
        else expect(w / width).toBeGreaterThan(4);
      }),
      { numRuns: 60 },
    );
  });
});

it("one renderer follows a clip whose picture changes its size", () => {
  const wanted: Case = { layout: "420", from: [320, 180], to: [208, 120] };
  const placement = placementFor(wanted);
  const luma = new LumaRenderer(module, placement);
  const renderer = new PictureRenderer(placement);
  const sizes: Case["from"][] = [
    [320, 180],
    [160, 90],
    [640, 360],
    [320, 180],
  ];
  for (const [seed, from] of sizes.entries()) {
    const picture = pictureOf({ ...wanted, from, seed });
    const rgba = renderer.render(picture);
    expect(luma.render(picture)).toEqual(grayFromFrame({ index: 0, size: placement.size, rgba }));
  }
});

it("leaves RGB, alpha and 10 bits that need their light to the renderer", () => {
  const wanted: Case = { layout: "420", from: [64, 36], to: [52, 30] };
  const placement = placementFor(wanted);
  const luma = new LumaRenderer(module, placement);
  expect(luma.render(pictureOf({ ...wanted, layout: "rgba" }))).toBeNull();
  expect(luma.render(pictureOf({ ...wanted, layout: "420a" }))).toBeNull();
  expect(luma.render({ ...pictureOf(wanted), bits: 10 })).toBeNull();
});
