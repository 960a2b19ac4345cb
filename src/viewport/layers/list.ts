import { ensembleOverlay } from "./ensemble.ts";
import { finerOverlay } from "./finer.ts";
import { futuresOverlay } from "./futures.ts";
import { heatOverlay } from "./heat.ts";
import { historyOverlay } from "./history.ts";
import type { Overlay, RibbonOverlay } from "./overlay.ts";
import type { OverlaySetting, OverlaySettings } from "./settings.ts";
import { truthOverlay } from "./truth.ts";

/** Every overlay, in the order of the panel. An overlay's place here is its number in the shaders. */
export const OVERLAYS: readonly Overlay[] = [
  historyOverlay,
  futuresOverlay,
  truthOverlay,
  ensembleOverlay,
  heatOverlay,
  finerOverlay,
];

/** Those that draw ribbons, with their number. */
export const RIBBON_OVERLAYS: readonly {
  readonly layer: number;
  readonly id: string;
  readonly ribbons: RibbonOverlay;
}[] = OVERLAYS.flatMap(({ id, ribbons }, layer) => (ribbons ? [{ layer, id, ribbons }] : []));

/** What is set of an overlay; a setting that it does not know is as it begins. */
export function settingOf(settings: OverlaySettings, overlay: Overlay): OverlaySetting {
  const set = settings[overlay.id];
  const known = set === "off" || (overlay.choices ? set in overlay.choices : set === "on");
  return set !== undefined && known ? set : overlay.initial;
}

/** Whether the overlay of that id is drawn. */
export function isShown(settings: OverlaySettings, id: string): boolean {
  const overlay = OVERLAYS.find((candidate) => candidate.id === id);
  return overlay !== undefined && settingOf(settings, overlay) !== "off";
}
