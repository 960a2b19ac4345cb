import type { PointerPlace, Tool, ToolEntry, ToolPort, ToolStage } from "./tool.ts";

/** A press that moves farther than this is a drag of the view, not a click on a point. */
const CLICK_SLOP_PX = 4;

/** Names the point under the pointer; a click picks it out, Shift adds, a click beside lifts all. */
export const selectTool: ToolEntry = {
  id: "select",
  label: "Select",
  key: "v",
  title: "Pick points out; in space-time, turn the view",
  edits: false,
  create: (stage, port) => new SelectTool(stage, port),
};

class SelectTool implements Tool {
  readonly cursor = "";
  private pressed: PointerPlace | null = null;

  constructor(
    private readonly stage: ToolStage,
    private readonly port: ToolPort,
  ) {}

  down(at: PointerPlace): boolean {
    this.pressed = at;
    return false;
  }

  move(at: PointerPlace, held: boolean): void {
    const pick = held || at.isTouch ? null : this.stage.pick(at.x, at.y);
    this.stage.setHover(pick);
    this.port.hover(pick, at);
  }

  up(at: PointerPlace): void {
    const { pressed } = this;
    this.pressed = null;
    if (!pressed || Math.hypot(at.x - pressed.x, at.y - pressed.y) >= CLICK_SLOP_PX) return;
    this.port.choose(this.stage.pick(at.x, at.y), at.shift);
  }

  cancel(): boolean {
    this.pressed = null;
    this.stage.setHover(null);
    return false;
  }

  draw(): void {}
}
