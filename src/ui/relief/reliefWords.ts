import type { Progress } from "../../domain/job.ts";
import type { Unknowable } from "../../domain/space-field.ts";
import type { ReliefSummary } from "../../store/slices/spaceSlice.ts";

/** Why there is no relief, and what to do. */
export const UNKNOWN_WORDS: Readonly<Record<Unknowable, string>> = {
  "too-few-points": "Unknown: there are too few frames or points. Set “now” later in the clip.",
  "no-translation":
    "Unknown: the camera only stands, shakes, turns or zooms. Depth shows where the camera itself moves sideways or forwards.",
  "no-still-scene":
    "Unknown: most points move by themselves or are lost, so no still scene is left to compare with.",
  bare: "Unknown: most of the picture is bare, such as sky, asphalt or plain walls, and too little is left that tracks can hold on to.",
  ambiguous: "Unknown: two reliefs that contradict each other explain the tracks alike.",
};

/** Points are tracked first where they are not yet, and relief is told from them then. */
export function progressWords({ stage, done, total }: Progress): string {
  return total > 0 ? `${stage}, ${Math.floor((100 * done) / total)} %` : "Working";
}

const TELLERS = {
  network: "the network's guess, too little parallax to measure: ",
  both: "measured, with the network's guess where parallax is small: ",
} as const;

const percent = (share: number) => `${Math.round(100 * share)} %`;

export function shareWords({ still, moving, ground }: ReliefSummary): string {
  const rest = Math.max(0, 1 - still - moving - ground);
  const level = ground > 0 ? ` · as level ground ${percent(ground)}` : "";
  return `still ${percent(still)} · moving ${percent(moving)}${level} · unknown ${percent(rest)}`;
}

/** From this share of unknown points on, the relief is in pieces. */
const PIECES = 0.4;

/** Why a relief is in pieces; empty where it is whole. */
export function piecesWords({ still, moving, ground }: ReliefSummary): string {
  return 1 - still - moving - ground < PIECES
    ? ""
    : "; in pieces: bare surfaces such as asphalt, water or sky cannot be followed, and nothing is drawn there";
}

export function certaintyWords(relief: ReliefSummary): string {
  const { sigmaLog, parallaxPx, focal, curvesPx, toldBy } = relief;
  const lens = focal.isGuess ? "lens guessed" : `lens ${Math.round(focal.px)} px`;
  const certainty = `depth ± ${percent(sigmaLog)}, parallax ${parallaxPx.toFixed(0)} px, ${lens}`;
  return `${toldBy ? TELLERS[toldBy] : ""}${certainty}, curves within ${curvesPx.toFixed(1)} px`;
}
