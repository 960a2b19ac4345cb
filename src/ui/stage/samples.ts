/** Clips under public/samples, rendered by src/cli/samples.ts. */
export const SAMPLES = [
  { file: "marbles", title: "Marbles", about: "Balls bounce while the camera pans" },
  { file: "walker", title: "Walker", about: "Someone walks past hills" },
  { file: "crossing", title: "Crossing", about: "Cars seen from above, one turns" },
] as const;
