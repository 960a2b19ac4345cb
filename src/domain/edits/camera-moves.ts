/** What a move of the camera is measured by, and how a hand on the picture says it. */
export interface CameraMoveFacts {
  readonly label: string;
  /** What `amount` counts, as its field in the panel says; null where it has none. */
  readonly unit: "°" | "×" | "depths" | null;
  readonly usual: number;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  /** Whether it needs to know how deep the picture is. */
  readonly needsDepth: boolean;
  /** Whether it goes round `turns` times. */
  readonly turns?: boolean;
  /** The amount that a hand means which took hold at `from` and is now at `to`. */
  amount?(hand: Hand): number;
  /** Where the hand is that took hold at `from` and means `amount`: the inverse of `amount`. */
  grip?(hand: Omit<Hand, "to">, amount: number): readonly [number, number];
}

export interface Hand {
  /** videoPx. */
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly centre: readonly [number, number];
  readonly focalPx: number;
}

const DEGREES = 180 / Math.PI;
/** A hand that moves so far means one degree, or a factor of e, px. */
const PX_A_DEGREE = 6;
const PX_A_FACTOR = 250;

type Gesture = Required<Pick<CameraMoveFacts, "amount" | "grip">>;

/** Along x (0) or y (1), `px(amount)` from where it took hold. */
function along(
  axis: 0 | 1,
  px: (amount: number, focalPx: number) => number,
  amount: (px: number, focalPx: number) => number,
): Gesture {
  return {
    amount: ({ from, to, focalPx }) => amount(to[axis] - from[axis], focalPx),
    grip({ from, focalPx }, of) {
      const moved: [number, number] = [...from];
      moved[axis] += px(of, focalPx);
      return moved;
    },
  };
}

/** The picture follows the hand: a camera that turns right moves it left. */
const turning = (axis: 0 | 1, sign: 1 | -1) =>
  along(
    axis,
    (degrees, focalPx) => sign * focalPx * Math.tan(degrees / DEGREES),
    (px, focalPx) => sign * Math.atan(px / focalPx) * DEGREES,
  );

const shifting = (axis: 0 | 1, sign: 1 | -1) =>
  along(
    axis,
    (depths, focalPx) => sign * focalPx * depths,
    (px, focalPx) => (sign * px) / focalPx,
  );

const degreesRight = along(
  0,
  (degrees) => -PX_A_DEGREE * degrees,
  (px) => -px / PX_A_DEGREE,
);

/** Up is nearer. */
const factorUp = along(
  1,
  (factor) => -PX_A_FACTOR * Math.log(factor),
  (px) => Math.exp(-px / PX_A_FACTOR),
);

const forwardUp = along(
  1,
  (depths) => PX_A_FACTOR * Math.log(1 - Math.min(0.99, depths)),
  (px) => 1 - Math.exp(px / PX_A_FACTOR),
);

/** Around the middle of the picture, which turns against the camera. */
const rolling: Gesture = {
  amount({ from, to, centre }) {
    const angle = (place: readonly [number, number]) =>
      Math.atan2(place[1] - centre[1], place[0] - centre[0]);
    const turned = (angle(from) - angle(to)) * DEGREES;
    return ((turned + 540) % 360) - 180;
  },
  grip({ from, centre }, degrees) {
    const [c, s] = [Math.cos(-degrees / DEGREES), Math.sin(-degrees / DEGREES)];
    const [x, y] = [from[0] - centre[0], from[1] - centre[1]];
    return [centre[0] + c * x - s * y, centre[1] + s * x + c * y];
  },
};

const angle = { unit: "°", least: -180, most: 180, step: 1 } as const;
const way = { unit: "depths", least: -5, most: 5, step: 0.05 } as const;
const ahead = { unit: "depths", least: -5, most: 0.95, step: 0.05 } as const;
const none = { unit: null, usual: 0, least: 0, most: 0, step: 1 } as const;

/**
 * Every way to move the camera. Amounts are as a camera operator says them: right, up, clockwise and
 * forward are positive; one depth is the distance of the pivot.
 */
export const CAMERA_MOVES = {
  still: { label: "Hold still", ...none, needsDepth: false },
  pan: { label: "Pan", ...angle, usual: 20, needsDepth: false, ...turning(0, -1) },
  tilt: { label: "Tilt", ...angle, usual: 10, needsDepth: false, ...turning(1, 1) },
  roll: { label: "Roll", ...angle, usual: 15, needsDepth: false, ...rolling },
  zoom: {
    label: "Zoom",
    unit: "×",
    usual: 1.5,
    least: 0.1,
    most: 10,
    step: 0.05,
    needsDepth: false,
    ...factorUp,
  },
  truck: { label: "Truck", ...way, usual: 0.2, needsDepth: true, ...shifting(0, -1) },
  pedestal: { label: "Pedestal", ...way, usual: 0.15, needsDepth: true, ...shifting(1, 1) },
  dolly: { label: "Dolly", ...ahead, usual: 0.3, needsDepth: true, ...forwardUp },
  "dolly-zoom": { label: "Dolly zoom", ...ahead, usual: 0.3, needsDepth: true, ...forwardUp },
  orbit: { label: "Orbit", ...angle, usual: 20, needsDepth: true, ...degreesRight },
  circle: {
    label: "Circle",
    ...way,
    usual: 0.15,
    needsDepth: true,
    turns: true,
    ...shifting(0, -1),
  },
  arc: { label: "Arc", ...angle, usual: 15, needsDepth: true, turns: true, ...degreesRight },
  follow: { label: "Follow the mouse", ...none, needsDepth: true },
  handheld: {
    label: "Hand-held",
    unit: "°",
    usual: 0.3,
    least: 0,
    most: 5,
    step: 0.05,
    needsDepth: false,
    ...along(
      0,
      (degrees) => 20 * PX_A_DEGREE * degrees,
      (px) => Math.abs(px) / (20 * PX_A_DEGREE),
    ),
  },
  keys: { label: "Own keyframes", ...none, needsDepth: true },
} as const satisfies Record<string, CameraMoveFacts>;

export type CameraMove = keyof typeof CAMERA_MOVES;

export const CAMERA_MOVE_IDS = Object.keys(CAMERA_MOVES) as [CameraMove, ...CameraMove[]];

export function moveFacts(move: CameraMove): CameraMoveFacts {
  return CAMERA_MOVES[move];
}

/** The amount within what the move takes. */
export function clampedAmount(move: CameraMove, amount: number): number {
  const { least, most } = moveFacts(move);
  return Math.min(most, Math.max(least, Number.isFinite(amount) ? amount : 0));
}
