import type { StateCreator } from "zustand";

/** How the user works on the stage at the moment; neither undone nor kept. */
export interface ToolSlice {
  /** Id of a tool (viewport/tools/list.ts). */
  readonly tool: string;
  /** Id of the edit that panel and stage point out. */
  readonly selectedEdit: string | null;
  setTool(tool: string): void;
  selectEdit(id: string | null): void;
}

export const createToolSlice: StateCreator<ToolSlice, [], [], ToolSlice> = (set) => ({
  tool: "select",
  selectedEdit: null,
  setTool: (tool) => set({ tool }),
  selectEdit: (selectedEdit) => set({ selectedEdit }),
});
