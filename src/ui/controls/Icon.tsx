const PATHS = {
  play: "M5 3.2v9.6l8-4.8z",
  pause: "M4.5 3.5v9M11.5 3.5v9",
  start: "M3.5 3.5v9M12.5 3.5 6 8l6.5 4.5z",
  end: "M12.5 3.5v9M3.5 3.5 10 8l-6.5 4.5z",
  stepBack: "M10 3.5 5 8l5 4.5",
  stepForward: "M6 3.5 11 8l-5 4.5",
  now: "M8 2v12M4.5 5.5 8 2l3.5 3.5",
  eye: "M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8zM8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6",
  eyeOff:
    "M2.5 2.5l11 11M6.3 4.1A6 6 0 0 1 8 3.8c4 0 6.5 4.2 6.5 4.2a11 11 0 0 1-2 2.4M4 5.2A11 11 0 0 0 1.5 8S4 12.2 8 12.2c1 0 2-.3 2.8-.7",
  lock: "M4 7.2h8v6H4zM5.6 7V5.2a2.4 2.4 0 0 1 4.8 0V7",
  unlock: "M4 7.2h8v6H4zM5.6 7V5.2a2.4 2.4 0 0 1 4.6-1",
  redraw: "M12.8 6.2A5.2 5.2 0 1 0 13.2 9M13 2.8v3.6H9.4",
  solo: "M8 3.2a4.8 4.8 0 1 0 0 9.6 4.8 4.8 0 0 0 0-9.6M8 6.6a1.4 1.4 0 1 0 0 2.8 1.4 1.4 0 0 0 0-2.8",
  close: "M4 4l8 8M12 4l-8 8",
  undo: "M6 3 3 6l3 3M3.4 6H9a4 4 0 0 1 0 8H6.5",
  redo: "M10 3l3 3-3 3M12.6 6H7a4 4 0 0 0 0 8h2.5",
  keys: "M6 6a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.4M8 11.6v.1M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8",
  loop: "M4 5.2h6.5a2.8 2.8 0 0 1 0 5.6h-5M6 3 3.8 5.2 6 7.4M7.2 8.6 5 10.8 7.2 13",
  open: "M8 10.5v-8M4.8 5.5 8 2.3l3.2 3.2M2.8 10.5v3h10.4v-3",
  fresh: "M9.3 2.2H4.2v11.6h7.6V4.7zM9.3 2.2v2.5h2.5M8 7.2v4M6 9.2h4",
  up: "M8 13V3.2M4.2 7 8 3.2 11.8 7",
  down: "M8 3v9.8M4.2 9 8 12.8 11.8 9",
  copy: "M5.5 5.5V2.8h7.7v7.7h-2.7M2.8 5.5h7.7v7.7H2.8z",
  rename: "M3 13l.6-2.8 7-7 2.2 2.2-7 7zM9.4 4.4l2.2 2.2",
  save: "M8 2.5v8M4.8 7.3 8 10.5l3.2-3.2M2.8 10.5v3h10.4v-3",
} as const;

export type IconName = keyof typeof PATHS;

const FILLED: ReadonlySet<IconName> = new Set(["play", "start", "end"]);

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill={FILLED.has(name) ? "currentColor" : "none"}
      stroke="currentColor"
      strokeWidth={name === "pause" ? 2.4 : 1.35}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
