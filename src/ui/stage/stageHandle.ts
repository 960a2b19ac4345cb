import { RuntimeLostError } from "../../domain/errors.ts";

/** What the export needs of the stage; set while a stage is mounted. */
export interface StageHandle {
  /** Draws a timeline frame, with its picture decoded, and gives the canvas that holds it. */
  drawFrame(frame: number): Promise<HTMLCanvasElement>;
  /** Draws the frame under the playhead again, after other frames were drawn. */
  restore(): void;
}

let current: StageHandle | null = null;

export function setStageHandle(handle: StageHandle | null): void {
  current = handle;
}

/** @throws RuntimeLostError where there is no stage, as in a browser without WebGL2. */
export function stageHandle(): StageHandle {
  if (current) return current;
  throw new RuntimeLostError(
    "There is no view to draw the picture with.",
    "Export tracks or the “now” frame: they need none.",
  );
}
