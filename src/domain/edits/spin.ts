import { multiplied, rotated, STILL_POSE, turnBetween, type Vector } from "../pose.ts";

/** Where a place of the surface is after a turn; places are in radii from the centre. */
export type Spin = (u: number, v: number) => { u: number; v: number; isHidden: boolean };

/** Nearer to the rim than this, along the line of sight in radii, a place is not seen any more. */
const FACING = 0.1;

/**
 * Turns of a ball, or of an upright cylinder, frame by frame: from where the hand took hold to where it
 * is. `hands`: in radii from the centre.
 */
export function spinOf(
  isCylinder: boolean,
  turning: "absolute" | "rolling",
  held: readonly [number, number],
  hands: readonly (readonly [number, number])[],
): readonly Spin[] {
  return isCylinder ? cylinderSpins(turning, held, hands) : ballSpins(turning, held, hands);
}

function ballSpins(
  turning: "absolute" | "rolling",
  held: readonly [number, number],
  hands: readonly (readonly [number, number])[],
): readonly Spin[] {
  let turn: readonly number[] = STILL_POSE.rotation;
  let last = lifted(held);
  return hands.map((hand) => {
    const next = lifted(hand);
    turn = multiplied(turnBetween(last, next), turn);
    if (turning === "rolling") last = next;
    const now = turn;
    if (turning === "absolute") turn = STILL_POSE.rotation;
    return (u, v) => {
      const depth = Math.sqrt(Math.max(0, 1 - u * u - v * v));
      const [x, y, z] = rotated(now, [u, v, depth]);
      return { u: x, v: y, isHidden: z <= FACING };
    };
  });
}

/** Onto the ball, towards the viewer; beyond its middle onto a hyperbola that leaves it smoothly. */
function lifted([u, v]: readonly [number, number]): Vector {
  const square = u * u + v * v;
  return [u, v, square <= 0.5 ? Math.sqrt(1 - square) : 1 / (2 * Math.sqrt(square))];
}

function cylinderSpins(
  turning: "absolute" | "rolling",
  [heldU]: readonly [number, number],
  hands: readonly (readonly [number, number])[],
): readonly Spin[] {
  return hands.map(([handU]) => {
    // Rolling, the hand's way is rolled off on the circumference.
    const angle = turning === "rolling" ? handU - heldU : onRim(handU) - onRim(heldU);
    return (u, v) => {
      const at = onRim(u) + angle;
      return { u: Math.sin(at), v, isHidden: Math.cos(at) <= FACING };
    };
  });
}

function onRim(u: number): number {
  return Math.asin(Math.min(1, Math.max(-1, u)));
}
