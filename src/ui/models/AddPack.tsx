import { useEffect, useRef, useState } from "react";
import { useStudioObject } from "../../store/studio.ts";
import { Button } from "../controls/Button.tsx";
import { takePackAddress, takePackFolder, takePackZip } from "./locations.ts";
import styles from "./models.module.css";

/** A pack from a folder, a zip or an address. */
export function AddPack() {
  const studio = useStudioObject();
  const [address, setAddress] = useState("");
  const folder = useRef<HTMLInputElement>(null);
  useEffect(() => folder.current?.setAttribute("webkitdirectory", ""), []);
  return (
    <div className={styles.add}>
      <label className={styles.file}>
        Folder…
        <input
          ref={folder}
          className="visually-hidden"
          type="file"
          aria-label="Folder of a pack"
          multiple
          onChange={(event) => {
            const files = [...(event.currentTarget.files ?? [])];
            if (files.length > 0) takePackFolder(studio, files);
          }}
        />
      </label>
      <label className={styles.file}>
        Zip…
        <input
          className="visually-hidden"
          type="file"
          aria-label="Zip of a pack"
          accept=".zip,application/zip"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            if (file) takePackZip(studio, file);
          }}
        />
      </label>
      <form
        className={styles.address}
        onSubmit={(event) => {
          event.preventDefault();
          takePackAddress(studio, address);
        }}
      >
        <input
          type="text"
          inputMode="url"
          required
          aria-label="Address of a pack"
          placeholder="https://…/pack/"
          value={address}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
        <Button type="submit">Check</Button>
      </form>
      <p className={styles.small}>
        Only the manifest is read until you have seen what the pack needs. Files from an address are
        kept in the browser and a download that breaks off is resumed.
      </p>
    </div>
  );
}
