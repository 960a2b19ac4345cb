import type { Fit, Size } from "../../domain/clip.ts";
import type { Forecast } from "../../domain/forecast.ts";
import type { SpaceOfForecast } from "../../domain/space-field.ts";

/** A forecast with what is known of the clip it came from. */
export interface ForecastDocument {
  readonly forecast: Forecast;
  readonly clip: ClipNote;
  /** The forecast in space, for what is written of it; `forecast.json` does not keep it. */
  readonly space?: SpaceOfForecast;
}

export interface ClipNote {
  readonly name: string;
  /** Picture size after rotation and sample aspect ratio. */
  readonly displaySize: Size;
  /** How the picture filled the working frame. */
  readonly fit: Fit;
}
