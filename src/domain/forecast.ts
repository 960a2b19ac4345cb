import type { Edit } from "./edits.ts";
import type { FutureLatent } from "./latent.ts";
import type { Tracks } from "./tracks.ts";

/**
 * Affine camera path [T,6]: per future frame (a,b,c,d,e,f) with
 * x' = a·x + b·y + c, y' = d·x + e·y + f, mapping a videoPx position at "now" to the same
 * static world point's position in that frame.
 */
export type CameraPathT6 = Float32Array;

/** One sampled future: frame 0 is the frame after "now". */
export interface Future {
  readonly seed: number;
  readonly tracks: Tracks;
  /** Present where the pack forecasts the camera apart. */
  readonly cameraPathT6?: CameraPathT6;
  /** Present where a latent and a picture give the future again. */
  readonly latent?: FutureLatent;
}

export interface SamplerSettings {
  /** Name of a solver of `engine/flow/solvers/list.ts`. */
  readonly solver: string;
  readonly steps: number;
  /** Above 1: shorter steps near the source, longer ones near the data. Absent or 1: equal steps. */
  readonly timeShift?: number;
  /** Name of a way to draw the source latent, of those that the model offers. */
  readonly source?: string;
}

/** K futures of one past. The past's last frame is "now" and lies exactly on the query points. */
export interface Forecast {
  readonly queryXyN2: Float32Array;
  readonly history: Tracks;
  /** [N] what holds each track at "now" (engine/space/texture.ts), where the clip was seen. */
  readonly textureN?: Float32Array;
  readonly futures: readonly Future[];
  /** What really happened after "now", tracked from the clip, where it continues. */
  readonly truth?: Tracks;
  readonly fps: number;
  readonly nowSecs: number;
  /** Label of the pack, for people: packs may share it. */
  readonly packId: string;
  /** Which model it was (`domain/pack/identity.ts`); absent in files of earlier builds. */
  readonly packIdentity?: string;
  /** Null where the model integrates no flow. */
  readonly sampler: SamplerSettings | null;
  /** Name of the file whose tracks the past was made of; absent where Foretrack tracked it. */
  readonly importedFrom?: string;
  /** What the user authored of the futures, in order; points are those of the history. */
  readonly edits?: readonly Edit[];
}
