import type { ForecastRequest } from "../../domain/ports.ts";

/** True when both requests condition the model alike; seeds and sampler may differ. */
export function sameCondition(a: ForecastRequest, b: ForecastRequest): boolean {
  return (
    a.frameIntervalSecs === b.frameIntervalSecs &&
    a.repeatBoundary === b.repeatBoundary &&
    a.history.pointCount === b.history.pointCount &&
    sameValues(a.history.tracksTN2, b.history.tracksTN2) &&
    sameValues(a.history.visibilityTN, b.history.visibilityTN) &&
    sameValues(a.hints?.tracksTN2, b.hints?.tracksTN2) &&
    sameValues(a.hints?.maskTN, b.hints?.maskTN) &&
    sameValues(a.videoCTHW, b.videoCTHW) &&
    sameValues(a.textEmbedding, b.textEmbedding)
  );
}

type Values = Float32Array | Uint8Array | undefined;

function sameValues(a: Values, b: Values): boolean {
  if (!a || !b) return a === b;
  return a.length === b.length && a.every((value: number, i: number) => value === b[i]);
}
