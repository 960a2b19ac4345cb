import { percentAt } from "./timelineMaths.ts";

/** Share of a lane where a frame's middle lies; lanes are inset by half a thumb at each end. */
export const at = (frame: number, total: number) => `${percentAt(frame, total)}%`;
