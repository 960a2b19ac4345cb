import type { ClipInfo, Frame, GrayFrame, Size, WorkingOptions } from "./clip.ts";
import type { Constraints } from "./constraints.ts";
import type { Exploration } from "./exploration.ts";
import type { Future, SamplerSettings } from "./forecast.ts";
import type { FileFieldRequest } from "./imported-space.ts";
import type { Job } from "./job.ts";
import type { LatentChoice } from "./latent.ts";
import type { PackManifest } from "./pack/manifest.ts";
import type { PlanarPicture } from "./planar-picture.ts";
import type {
  DepthGuess,
  LiftedFuture,
  LiftRequest,
  ReliefAnswer,
  ReliefRequest,
} from "./space-field.ts";
import type { SubjectMask } from "./subject.ts";
import type { Tracks } from "./tracks.ts";

/**
 * Ports: what the studio needs of its heavy runtimes. Each has an in-process home (Node, tests)
 * and a worker client (the page) of the same type.
 */

/** Opens clips. `Source` is a Blob in the page and a path in Node. */
export interface ClipDecoder<Source> {
  open(source: Source, options: WorkingOptions, job?: Job): Promise<OpenClip>;
}

/** What a pass over a clip's frames is for: each frame is decoded once for all of it. */
export interface FrameTaps {
  /** Hears the pictures that `wantsFrame` accepts, all of them where that is left out. */
  readonly onFrame?: ((frame: Frame) => void) | undefined;
  /** `index` counts working frames. May be asked before the pass begins. */
  readonly wantsFrame?: ((index: number) => boolean) | undefined;
  /** Hears the pictures that `wantsPlanar` accepts in the form to look at, like `onFrame`. */
  readonly onPlanar?: ((picture: PlanarPicture, index: number) => void) | undefined;
  readonly wantsPlanar?: ((index: number) => boolean) | undefined;
  /** Hears every frame's luma, before its picture. Made where the frame is decoded. */
  readonly onLuma?: ((luma: GrayFrame, index: number) => void) | undefined;
}

/** An opened clip. Decoding the same frame twice gives the same picture. */
export interface OpenClip {
  readonly info: ClipInfo;
  /**
   * Working frames, ascending, at which decoding can begin without those before; none are known where
   * it is absent.
   */
  readonly groupStarts?: readonly number[] | undefined;
  /**
   * Decodes working frames [start, end) in order, fitted to `size`; resolves after the last. Only
   * what `taps` ask for leaves the decoder.
   */
  read(start: number, end: number, size: Size, taps: FrameTaps, job?: Job): Promise<void>;
  close(): Promise<void>;
}

/** Frames that are there, or that come one by one: `length` is known from the start. */
export type FrameSequence =
  | readonly GrayFrame[]
  | (AsyncIterable<GrayFrame> & { readonly length: number });

export interface TrackRequest {
  /**
   * The first frame holds the query points; the rest follow in time away from it, either direction.
   * They may be moved to the tracker's thread: not to be used afterwards.
   */
  readonly frames: FrameSequence;
  /** [N,2] (x,y) videoPx at the first frame. */
  readonly queryXyN2: Float32Array;
}

export interface PointTracker {
  /** Result frame t belongs to request frame t; frame 0 equals the query points, visible. */
  track(request: TrackRequest, job?: Job): Promise<Tracks>;
}

/** A network that tells depths from tracks in one pass. */
export interface DepthTeller {
  /** Null where it can tell nothing of them. */
  tell(
    request: Pick<ReliefRequest, "tracks" | "anchorFrame" | "size">,
    job?: Job,
  ): Promise<DepthGuess | null>;
}

/** Tells cameras and relief from tracks. */
export interface ReliefEstimator {
  estimate(request: ReliefRequest, job?: Job): Promise<ReliefAnswer>;
  /** The same out of cameras and positions that a file brings. */
  fromFile(request: FileFieldRequest, job?: Job): Promise<ReliefAnswer>;
  /** @throws RangeError where nothing is known of the field. */
  lift(request: LiftRequest, job?: Job): Promise<readonly LiftedFuture[]>;
}

/** Tells what a picture is of, as people would say at a glance. */
export interface SubjectFinder {
  find(picture: Pick<Frame, "rgba" | "size">, job?: Job): Promise<SubjectMask>;
}

export interface ForecastRequest {
  /** By the names that the model's manifest declares; those that it does not declare are ignored. */
  readonly inputs: ConditioningInputs;
  /** What the futures obey. */
  readonly constraints?: Constraints;
  /**
   * `completion` (the default, for every model): futures are sampled free and bent so that they obey,
   * the rest moving along as is likely (`engine/completion`). `model`: the model is told; only models
   * that offer it.
   */
  readonly obeyBy?: "completion" | "model";
  readonly seeds: readonly number[];
  /** Latents that are not drawn, by the seed of their future; for models that offer one. */
  readonly latents?: Readonly<Record<number, LatentChoice>>;
  /** Absent leaves it to the model. */
  readonly sampler?: SamplerSettings;
}

/** A scalar, numbers in the order of the declared axes, or tracks. */
export type InputValue = number | Float32Array | Tracks;

/** What conditions a model, by name (`domain/pack/offers.ts` says what each is). */
export interface ConditioningInputs {
  readonly [name: string]: InputValue | undefined;
  /** In time order; the last frame is "now". That frame lies on the pack's query points, or the first
   * one that the pack reads does where its reference frame is `first-history`. */
  readonly history?: Tracks;
  /** Seconds between working frames. */
  readonly frame_interval?: number;
  /** Pictures of the history [3,T,H/4,W/4] in [-1,1]. */
  readonly video?: Float32Array;
  /** Pooled text embedding. */
  readonly text?: Float32Array;
  /** The picture of "now", [3,H/4,W/4] in [-1,1], or [3,height,width] in 0..255 for `rgb`. */
  readonly picture?: Float32Array;
}

export interface Forecaster {
  readonly manifest: PackManifest;
  /** Which runtime runs the graphs, and why, in words for the user. */
  readonly backend: BackendReport;
  /** Samples one future a seed; `onFuture` hears each as soon as it is decoded. */
  forecast(request: ForecastRequest, onFuture: (future: Future) => void, job?: Job): Promise<void>;
  /** Absent where the runtime offers none; models without a latent refuse what is asked of it. */
  readonly explorer?: FuturesExplorer;
  dispose(): Promise<void>;
}

/** Many futures at once, by their fields alone. */
export interface FuturesExplorer {
  /**
   * Many futures of one picture at once, grouped and on a map; of models that offer a latent. `inputs`
   * and all else of the request as for a forecast; its seeds are not asked for.
   */
  explore(request: ForecastRequest, options: ExploreOptions, job?: Job): Promise<Exploration>;
  /**
   * Displacement fields of latents [K,L]: coefficients [K,C,2,N] px. Of the picture that was explored
   * last; rejects with FormatError where that is another one.
   */
  fields(picture: string, latentsKL: Float32Array, job?: Job): Promise<Float32Array>;
  /**
   * Camera paths of latents [K,L]: [K,T,6] as `CameraPathT6`, of the picture as for `fields`; null where
   * the pack's cameras stand still.
   */
  cameras(picture: string, latentsKL: Float32Array, job?: Job): Promise<Float32Array | null>;
  /** What the model is measured against makes of that picture; null where the pack brings nothing. */
  rivals(picture: string, latentsKL: Float32Array, job?: Job): Promise<RivalFields | null>;
}

/** Fields of models that were trained on the same pictures: coefficients px. */
export interface RivalFields {
  /** [C,2,N] the one future of a regressor. */
  readonly regressorCN: Float32Array;
  /** [K,C,2,N] futures of a prior that is shown no picture, one a latent. */
  readonly blindKCN: Float32Array;
}

export interface ExploreOptions {
  /** Samples; their seeds are 1…count. */
  readonly count: number;
  /** Number of each mode of an earlier exploration of fewer samples, by the sample that stood for it. */
  readonly numbers?: ReadonlyMap<number, number> | undefined;
}

export interface BackendReport {
  readonly backend: "webgpu" | "wasm" | "node";
  readonly threads: number;
  readonly reason: string;
}
