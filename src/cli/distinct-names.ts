import { basename, extname } from "node:path";
import { ForetrackError } from "../domain/errors.ts";

/** Clips of one name would write over each other's files. @throws ForetrackError */
export function distinctNames(clips: readonly string[]): readonly string[] {
  const names = clips.map((clip) => basename(clip, extname(clip)));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return clips;
  throw new ForetrackError(
    `Two clips are named ${twice}: their files would have the same names.`,
    "Give them one by one, each with its own --out.",
  );
}
