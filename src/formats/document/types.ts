import type { Fit, Size } from "../../domain/clip.ts";
import type { Forecast } from "../../domain/forecast.ts";

/** A forecast with what is known of the clip it came from. */
export interface ForecastDocument {
  readonly forecast: Forecast;
  readonly clip: ClipNote;
}

export interface ClipNote {
  readonly name: string;
  /** Picture size after rotation and sample aspect ratio. */
  readonly displaySize: Size;
  /** How the picture filled the working frame. */
  readonly fit: Fit;
}
