import type { Matrix4 } from "three";
import type { Rect } from "../../domain/fitting.ts";
import type { Ribbons } from "../ribbons.ts";
import type { Projection } from "./projection.ts";
import type { VolumeLabels } from "./volume-labels.ts";
import type { VolumeLines } from "./volume-lines.ts";

/** A way to lay track space (x and y in videoPx, z in frames from "now") onto the screen. */
export interface Space {
  readonly id: string;
  /** Whether users turn it. */
  readonly orbits: boolean;
  /** Whether time is one of its axes: tracks are drawn whole, with a box and ticks around them. */
  readonly timeAxis: boolean;
  readonly look: SpaceLook;
  clipFromTrack(projection: Projection, rect: Rect, marginPx: number, target: Matrix4): Matrix4;
  /** Sets what its shaders need beside that, before a tile is drawn. */
  prepare(parts: SpaceParts, tile: SpaceTile): void;
}

export interface SpaceLook {
  /** Opacity of points that only go along with the others, of 1. */
  readonly faintest: number;
  /** Darkness of the line around ribbons, 0 to 1. */
  readonly casing: number;
  /** Multiplies how much the picture is dimmed. */
  readonly dim: number;
}

export interface SpaceParts {
  readonly ribbons: Ribbons;
  readonly lines: VolumeLines;
  readonly labels: VolumeLabels;
}

export interface SpaceTile {
  readonly projection: Projection;
  readonly rect: Rect;
  readonly marginPx: number;
  /** Clip from track space in this tile. */
  readonly clip: Matrix4;
}
