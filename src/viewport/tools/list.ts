import { areaTool } from "./area.ts";
import { bodyTool } from "./body.ts";
import { cameraTool } from "./camera.ts";
import { dragTool } from "./drag.ts";
import { pinTool } from "./pin.ts";
import { magnifyTool, transferTool, wishTool } from "./region.ts";
import { selectTool } from "./select.ts";
import type { ToolEntry } from "./tool.ts";

/** In the order of the toolbar; the first is the one to return to. */
export const TOOLS: readonly ToolEntry[] = [
  selectTool,
  dragTool,
  pinTool,
  areaTool,
  bodyTool,
  cameraTool,
  transferTool,
  magnifyTool,
  wishTool,
];
