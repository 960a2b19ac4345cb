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

export function stageHandle(): StageHandle {
  if (!current) throw new Error("The stage is not on the page");
  return current;
}
