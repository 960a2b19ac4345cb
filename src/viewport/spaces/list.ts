import { pictureSpace } from "./picture.ts";
import type { Space } from "./space.ts";
import { spaceTimeSpace } from "./space-time.ts";

export const SPACES: readonly Space[] = [pictureSpace, spaceTimeSpace];

/** The space of that id; the picture where there is none. */
export function spaceOf(id: string): Space {
  return SPACES.find((space) => space.id === id) ?? pictureSpace;
}
