import { readCameraFiles } from "../../formats/import/camera-file.ts";
import { namedBytes } from "../../formats/import/common/named-bytes.ts";
import { showError } from "../../store/actions/notices.ts";
import { findRelief } from "../../store/actions/relief.ts";
import { type Studio, useStudioObject } from "../../store/studio.ts";
import { FileButton } from "../controls/FileButton.tsx";

/** Opens cameras that another program found; the relief is then told under them. */
export function CamerasButton({ disabled }: { readonly disabled: boolean }) {
  const studio = useStudioObject();
  return (
    <FileButton
      label="With cameras…"
      title="transforms.json of Nerfstudio, or cameras.txt and images.txt of COLMAP together"
      accept=".json,.txt"
      look="plain"
      {...{ disabled, multiple: true }}
      onFiles={(files) => void reliefUnder(studio, files)}
    />
  );
}

async function reliefUnder(studio: Studio, files: readonly File[]): Promise<void> {
  try {
    const cameras = readCameraFiles(await Promise.all(files.map(namedBytes)));
    await findRelief(studio, "grid", cameras);
  } catch (error) {
    showError(studio, error);
  }
}
