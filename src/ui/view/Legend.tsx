import {
  directionColour,
  HIDDEN_COLOUR,
  STILL_COLOUR,
  speedColour,
  VISIBLE_COLOUR,
} from "../../domain/data-colours.ts";
import type { ColourBy } from "../../store/slices/viewSlice.ts";
import { gradient } from "./gradient.ts";
import styles from "./view.module.css";

/** What the colours mean. */
export function Legend({ colourBy }: { readonly colourBy: ColourBy }) {
  return (
    <div className={styles.legend}>
      {colourBy === "future" && "Each future has the colour and dash of its row above."}
      {colourBy === "direction" && <DirectionLegend />}
      {colourBy === "speed" && <SpeedLegend />}
      {colourBy === "visibility" && <VisibilityLegend />}
    </div>
  );
}

/** CSS angles start at the top and turn clockwise; screen directions start at the right. */
const WHEEL = `conic-gradient(from 90deg, ${gradient(directionColour, 2 * Math.PI)})`;
const SPEEDS = `linear-gradient(90deg, ${gradient(speedColour, 1)})`;

function DirectionLegend() {
  return (
    <>
      <i className={styles.wheel} style={{ background: WHEEL }} aria-hidden="true" />
      <span>Colour is the way a point moves: the wheel’s rim shows where to.</span>
      <Swatch colour={STILL_COLOUR} label="still" />
    </>
  );
}

function SpeedLegend() {
  return (
    <>
      <span>slow</span>
      <i className={styles.ramp} style={{ background: SPEEDS }} aria-hidden="true" />
      <span>fast</span>
    </>
  );
}

function VisibilityLegend() {
  return (
    <>
      <Swatch colour={VISIBLE_COLOUR} label="visible" />
      <Swatch colour={HIDDEN_COLOUR} label="hidden or out of the frame" />
    </>
  );
}

function Swatch({ colour, label }: { readonly colour: string; readonly label: string }) {
  return (
    <span className={styles.swatch}>
      <i style={{ background: colour }} aria-hidden="true" />
      {label}
    </span>
  );
}
