import { createStore } from "zustand/vanilla";
import { showError } from "./actions/notices.ts";
import { createBulk } from "./bulk.ts";
import { FrameCaches } from "./frame-caches.ts";
import { createIds } from "./ids.ts";
import { Jobs } from "./jobs.ts";
import { ErrorsOfFutures } from "./metrics.ts";
import { showModel } from "./modelEntry.ts";
import { createPlayhead } from "./playhead.ts";
import type { Runtimes } from "./runtimes.ts";
import { FileKeys } from "./session/file-keys.ts";
import { Trial } from "./session/trial.ts";
import { createClipSlice } from "./slices/clipSlice.ts";
import { createDocumentSlice } from "./slices/documentSlice.ts";
import { createExplorationSlice } from "./slices/explorationSlice.ts";
import { createModelsSlice } from "./slices/modelsSlice.ts";
import { createRunSlice } from "./slices/runSlice.ts";
import { createSessionSlice } from "./slices/sessionSlice.ts";
import { createSpaceSlice } from "./slices/spaceSlice.ts";
import { createToolSlice } from "./slices/toolSlice.ts";
import { createTransportSlice } from "./slices/transportSlice.ts";
import { createViewSlice } from "./slices/viewSlice.ts";
import { type Studio, type StudioState, selectModel } from "./studio.ts";

/** A studio of its own: nothing of it is shared with another one on the same page. */
export function createStudio(ports: Runtimes): Studio {
  const bulk = createBulk();
  const store = createStore<StudioState>()((...api) => ({
    ...createClipSlice(...api),
    ...createDocumentSlice(bulk)(...api),
    ...createExplorationSlice(...api),
    ...createModelsSlice(...api),
    ...createRunSlice(...api),
    ...createSessionSlice(...api),
    ...createSpaceSlice(...api),
    ...createToolSlice(...api),
    ...createTransportSlice(...api),
    ...createViewSlice(...api),
  }));
  store.setState({ shipsPhoto: ports.photoForecaster !== undefined });
  const studio: Studio = {
    store,
    get state() {
      return store.getState();
    },
    ports,
    bulk,
    playhead: createPlayhead(),
    jobs: new Jobs(),
    frames: new FrameCaches(bulk.clips, (error) => showError(studio, error)),
    errors: new ErrorsOfFutures(bulk),
    fileKeys: new FileKeys(),
    trial: new Trial(),
    ahead: { timer: undefined, history: null, model: null },
    session: { running: null },
    freshId: createIds(),
  };
  // Undo changes the chosen model too.
  store.subscribe((state, before) => {
    const model = selectModel(state);
    if (model && model !== selectModel(before)) showModel(studio, model);
  });
  return studio;
}
