import type { StateCreator } from "zustand";
import type { BodyShape } from "../../domain/edits/body.ts";
import type { CameraMove } from "../../domain/edits/camera-moves.ts";
import { DEFAULT_PATCH, type Patch } from "../../domain/edits/drag.ts";
import type { Box, Pair } from "../../domain/edits/placing.ts";
import type { Edit } from "../../domain/edits.ts";

/** Id of a slot; what really happened; the past, backwards from "now". */
export type MotionId = number | "truth" | "past";

/** How the user works on the stage at the moment; neither undone nor kept. */
export interface ToolSlice {
  /** Id of a tool (viewport/tools/list.ts). */
  readonly tool: string;
  /** Id of the edit that panel and stage point out. */
  readonly selectedEdit: string | null;
  /** Whose motion picked points stand for: the slot whose track was clicked last, or another. */
  readonly pickedMotion: MotionId | null;
  /** Whose motion is transferred: a history of this visit, or a file; null: the newest. */
  readonly transferFrom: string | null;
  /** Where it goes, (x0, y0, x1, y1) videoPx at "now"; null: everywhere. */
  readonly transferBox: Box | null;
  /** Places of the source and where they belong here, videoPx: the motion is laid by them. */
  readonly transferPairs: readonly Pair[];
  /** A place of the source whose partner is to be clicked on the stage next, videoPx there. */
  readonly transferPlace: readonly [number, number] | null;
  /** Id of the edit whose name is being typed. */
  readonly renamedEdit: string | null;
  /** The edit under the pointer, from down to up: in the place of that with its id, or beside all. */
  readonly preview: Edit | null;
  /** What the next drag takes along. */
  readonly patch: Patch;
  /** What the next body is. */
  readonly bodyShape: BodyShape;
  /** What the next camera does. */
  readonly cameraMove: CameraMove;
  setTool(tool: string): void;
  selectEdit(id: string | null): void;
  renameEdit(id: string | null): void;
  pickMotion(id: MotionId | null): void;
  setTransfer(part: Partial<Transfer>): void;
  setPreview(edit: Edit | null): void;
  setPatch(patch: Patch): void;
  setBodyShape(shape: BodyShape): void;
  setCameraMove(move: CameraMove): void;
}

type Transfer = Pick<ToolSlice, "transferFrom" | "transferBox" | "transferPairs" | "transferPlace">;

export const createToolSlice: StateCreator<ToolSlice, [], [], ToolSlice> = (set) => ({
  tool: "select",
  selectedEdit: null,
  renamedEdit: null,
  transferFrom: null,
  transferBox: null,
  transferPairs: [],
  transferPlace: null,
  pickedMotion: null,
  preview: null,
  patch: DEFAULT_PATCH,
  bodyShape: "ball",
  cameraMove: "orbit",
  setTool: (tool) => set({ tool }),
  selectEdit: (selectedEdit) => set({ selectedEdit }),
  renameEdit: (renamedEdit) => set({ renamedEdit }),
  pickMotion: (pickedMotion) => set({ pickedMotion }),
  setTransfer: (part) => set(part),
  setPreview: (preview) => set({ preview }),
  setPatch: (patch) => set({ patch }),
  setBodyShape: (bodyShape) => set({ bodyShape }),
  setCameraMove: (cameraMove) => set({ cameraMove }),
});
