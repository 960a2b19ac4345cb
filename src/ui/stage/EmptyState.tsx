import { useState } from "react";
import { modelThreads } from "../../domain/model-threads.ts";
import { selectBusy, useStudio, useStudioObject } from "../../store/studio.ts";
import { Button } from "../controls/Button.tsx";
import { Icon } from "../controls/Icon.tsx";
import styles from "./empty.module.css";
import { OPEN_INPUT_ID, takeUrl } from "./intake.ts";
import { SAMPLES } from "./samples.ts";

export function EmptyState() {
  return (
    <div className={styles.empty}>
      <div className={styles.inner}>
        <h2 className={styles.title}>See where everything in a video can go next</h2>
        <p className={styles.lead}>
          Open a clip and choose a moment. Foretrack follows a grid of points through the past,
          draws several possible futures of them, and saves the ones you like for a video generator.
        </p>
        <DropZone />
        <Gallery />
        <Promises />
      </div>
    </div>
  );
}

function DropZone() {
  const studio = useStudioObject();
  const [address, setAddress] = useState("");
  return (
    <div className={styles.zone}>
      <label htmlFor={OPEN_INPUT_ID} className={styles.choose}>
        <Icon name="open" size={22} />
        <span>
          <strong>Drop a video or photo here</strong>
          <small>or click to choose, or paste. mp4, mov, webm, mkv, avi, gif, png, jpeg</small>
        </span>
      </label>
      <form
        className={styles.address}
        onSubmit={(event) => {
          event.preventDefault();
          void takeUrl(studio, address.trim());
        }}
      >
        <input
          type="text"
          inputMode="url"
          required
          aria-label="Address of a video"
          placeholder="https://…/video.mp4"
          value={address}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
        <Button type="submit">Fetch</Button>
      </form>
    </div>
  );
}

function Gallery() {
  const studio = useStudioObject();
  const busy = useStudio(selectBusy);
  return (
    <div>
      <h3 className={styles.heading}>No clip at hand? Try one of these</h3>
      <ul className={styles.gallery}>
        {SAMPLES.map(({ file, title, about }) => (
          <li key={file}>
            <button
              type="button"
              className={styles.sample}
              disabled={busy}
              onClick={() => void takeUrl(studio, `samples/${file}.mp4`)}
            >
              <img src={`samples/${file}.jpg`} alt="" width={208} height={120} />
              <strong>{title}</strong>
              <small>{about}</small>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Promises() {
  const gpu = "gpu" in navigator;
  const threads = modelThreads(navigator.hardwareConcurrency, crossOriginIsolated);
  return (
    <p className={styles.promises}>
      Everything runs on your machine and nothing is uploaded. The model runs{" "}
      {gpu
        ? "on the GPU where WebGPU passes a check, otherwise on the CPU"
        : `on the CPU, with ${threads} ${threads === 1 ? "thread" : "threads"}`}
      .
    </p>
  );
}
