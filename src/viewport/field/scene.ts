import type { Size } from "../../domain/clip.ts";
import type { Rgb } from "../../domain/colour.ts";
import type { PlacedCloud } from "../../domain/imported-space.ts";
import type { PinholePath } from "../../domain/pinhole.ts";
import type { Relief } from "../../domain/relief.ts";
import type { SpaceCurves, SpaceField } from "../../domain/space-field.ts";

/** A clip in space: what the space view draws. World is the camera's space at "now". */
export interface FieldScene {
  readonly size: Size;
  readonly field: SpaceField;
  readonly relief: Relief;
  /** Over the frames of the past; their last one is "now". */
  readonly curves: SpaceCurves;
  /** [N,2] videoPx at "now". */
  readonly queryXyN2: Float32Array;
  /** The picture of "now"; null until it is decoded. */
  readonly picture: ImageBitmap | null;
  readonly futures: readonly FieldFuture[];
  /** A dense field out of a file, in place of the relief's surface. */
  readonly cloud?: PlacedCloud;
}

export interface FieldFuture {
  readonly rgb: Rgb;
  readonly cameras: PinholePath;
  readonly curves: SpaceCurves;
}

export type FieldColour = "clip" | "depth" | "confidence" | "speed" | "direction" | "state";

export interface FieldOptions {
  readonly colour: FieldColour;
  readonly shown: { readonly still: boolean; readonly moving: boolean; readonly unknown: boolean };
  /** Points stay at this frame from "now" while cameras go on; null = they go along. */
  readonly frozenAt: number | null;
}

/** What lies under the pointer. */
export interface FieldPick {
  readonly point: number;
  readonly state: number;
  /** Its depth is that of the level ground that it is taken to lie on. */
  readonly isGround: boolean;
  /** In units of the median depth at "now". */
  readonly depth: number;
  readonly sigmaLog: number;
  /** Median depths a frame, at the moment shown. */
  readonly speed: number;
}
