import type { StageMode } from "../../store/slices/viewSlice.ts";
import type { ViewportOptions } from "../../viewport/options.ts";

/** A way in which the stage can show the forecast. */
export interface StageView {
  readonly value: StageMode;
  readonly label: string;
  readonly options: Pick<ViewportOptions, "space" | "sideBySide">;
  /** Whether its camera is turned by drags and buttons. */
  readonly orbits: boolean;
}

export const STAGE_VIEWS: readonly StageView[] = [
  {
    value: "overlay",
    label: "Overlay",
    options: { space: "picture", sideBySide: false },
    orbits: false,
  },
  {
    value: "spacetime",
    label: "Space-time",
    options: { space: "space-time", sideBySide: false },
    orbits: true,
  },
  {
    value: "side-by-side",
    label: "Side by side",
    options: { space: "picture", sideBySide: true },
    orbits: false,
  },
  {
    // A view of its own lies over the stage (FieldHost.tsx), which keeps the overlay for exports.
    value: "space",
    label: "Space",
    options: { space: "picture", sideBySide: false },
    orbits: false,
  },
];

export function stageView(mode: StageMode): StageView {
  return STAGE_VIEWS.find(({ value }) => value === mode) ?? STAGE_VIEWS[0];
}
