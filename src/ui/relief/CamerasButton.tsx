import { useRef } from "react";
import { readCameraFiles } from "../../formats/import/camera-file.ts";
import { showError } from "../../store/actions/notices.ts";
import { findRelief } from "../../store/actions/relief.ts";
import { type Studio, useStudioObject } from "../../store/studio.ts";
import { Button } from "../controls/Button.tsx";

/** Opens cameras that another program found; the relief is then told under them. */
export function CamerasButton({ disabled }: { readonly disabled: boolean }) {
  const studio = useStudioObject();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        disabled={disabled}
        title="transforms.json of Nerfstudio, or cameras.txt and images.txt of COLMAP together"
        onClick={() => input.current?.click()}
      >
        With cameras…
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        aria-label="Cameras of COLMAP or Nerfstudio"
        accept=".json,.txt"
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])];
          // The same files can be chosen again.
          currentTarget.value = "";
          if (files.length > 0) void reliefUnder(studio, files);
        }}
      />
    </>
  );
}

async function reliefUnder(studio: Studio, files: readonly File[]): Promise<void> {
  try {
    const read = files.map(async (file) => ({
      name: file.name,
      bytes: new Uint8Array(await file.arrayBuffer()),
    }));
    const cameras = readCameraFiles(await Promise.all(read));
    await findRelief(studio, "grid", cameras);
  } catch (error) {
    showError(studio, error);
  }
}
