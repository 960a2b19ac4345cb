import type { SerializedError } from "../../domain/errors.ts";
import type { Progress } from "../../domain/job.ts";
import type { TrackRequest } from "../../domain/ports.ts";
import type { Tracks } from "../../domain/tracks.ts";

/** Page to worker. Requests are worked off one after the other. */
export type TrackingRequest =
  | { readonly kind: "track"; readonly id: number; readonly request: TrackRequest }
  | { readonly kind: "cancel"; readonly id: number };

/** Worker to page; `id` names the request. */
export type TrackingReply =
  | { readonly kind: "progress"; readonly id: number; readonly progress: Progress }
  | { readonly kind: "done"; readonly id: number; readonly tracks: Tracks }
  | { readonly kind: "failed"; readonly id: number; readonly error: SerializedError };
