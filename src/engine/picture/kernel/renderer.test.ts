import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { displaySize, fitPicture, type Orientation, UPRIGHT } from "../../../domain/fitting.ts";
import { planarFrom } from "../../../domain/planar-picture.ts";
import { loadPictureKernel } from "../../kernels/build.ts";
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
import { KernelRenderer, type Made } from "./renderer.ts";

let module: WebAssembly.Module;
beforeAll(async () => {
  module = await loadPictureKernel();
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

const ALL = { picture: true, luma: true };

/** What the renderer without a kernel makes. */
function made(renderer: PictureRenderer, picture: Picture, { size }: Placement): Made {
  const rgba = renderer.render(picture);
  return { rgba, gray: grayFromFrame({ index: 0, size, rgba }).gray };
}

/** To the bit; comparing number by number takes a test runner seconds. */
function expectSame(own: Made | null, reference: Made): void {
  for (const key of ["rgba", "gray"] as const) {
    const bytesOf = (made: Made | null) => Buffer.from(made?.[key]?.buffer ?? new ArrayBuffer(0));
    expect(bytesOf(own).equals(bytesOf(reference)), key).toBe(true);
  }
}

/** The kernel's picture and luma beside those of the renderer without one. */
function both(wanted: Case) {
  const placement = placementFor(wanted);
  const picture = pictureOf(wanted);
  return {
    own: new KernelRenderer(module, placement).render(picture, ALL),
    reference: made(new PictureRenderer(placement), picture, placement),
  };
}

describe("the kernel renders what the renderer without one does, to the bit", () => {
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
      expectSame(own, reference);
    });
  }

  it("for sizes and samples at random", () => {
    const side = fc.integer({ min: 9, max: 70 });
    fc.assert(
      fc.property(side, side, side, side, fc.nat(), (w, h, width, height, seed) => {
        const wanted: Case = { layout: "420", from: [w, h], to: [width, height], seed };
        const { own, reference } = both(wanted);
        // Far smaller pictures are left to the renderer.
        if (own) expectSame(own, reference);
        else expect(w / width).toBeGreaterThan(4);
      }),
      { numRuns: 60 },
    );
  });
});

it("one renderer follows a clip whose picture changes its size", () => {
  const wanted: Case = { layout: "420", from: [320, 180], to: [208, 120] };
  const placement = placementFor(wanted);
  const kernel = new KernelRenderer(module, placement);
  const renderer = new PictureRenderer(placement);
  const sizes: Case["from"][] = [
    [320, 180],
    [160, 90],
    [640, 360],
    [320, 180],
  ];
  for (const [seed, from] of sizes.entries()) {
    const picture = pictureOf({ ...wanted, from, seed });
    expectSame(kernel.render(picture, ALL), made(renderer, picture, placement));
  }
});

it("leaves RGB, alpha and 10 bits that need their light to the renderer", () => {
  const wanted: Case = { layout: "420", from: [64, 36], to: [52, 30] };
  const placement = placementFor(wanted);
  const kernel = new KernelRenderer(module, placement);
  expect(kernel.render(pictureOf({ ...wanted, layout: "rgba" }), ALL)).toBeNull();
  expect(kernel.render(pictureOf({ ...wanted, layout: "420a" }), ALL)).toBeNull();
  expect(kernel.render({ ...pictureOf(wanted), bits: 10 }, ALL)).toBeNull();
});

it("the form to look at is made of the same picture, and stays as it is", () => {
  const wanted: Case = { layout: "420", from: [320, 180], to: [208, 120] };
  const kernel = new KernelRenderer(module, placementFor(wanted));
  const made = kernel.render(pictureOf(wanted), { ...ALL, planar: true });
  const rgba = made?.rgba ?? new Uint8ClampedArray();
  const reference = planarFrom({ rgba, size: placementFor(wanted).size });
  kernel.render(pictureOf({ ...wanted, seed: 3 }), { ...ALL, planar: true });
  expect(made?.planar).toEqual(reference);
});

it("makes what is wanted and nothing else, and what it made stays as it is", () => {
  const wanted: Case = { layout: "420", from: [320, 180], to: [208, 120] };
  const kernel = new KernelRenderer(module, placementFor(wanted));
  const first = kernel.render(pictureOf(wanted), { picture: true, luma: false });
  const before = first?.rgba?.slice();
  const second = kernel.render(pictureOf({ ...wanted, seed: 2 }), { picture: false, luma: true });
  expect(Object.keys(first ?? {})).toEqual(["rgba"]);
  expect(Object.keys(second ?? {})).toEqual(["gray"]);
  kernel.render(pictureOf({ ...wanted, seed: 3 }), ALL);
  expect(first?.rgba).toEqual(before);
});
