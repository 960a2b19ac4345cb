import { cancel } from "./actions/forecast.ts";
import type { Studio } from "./studio.ts";

/** Ends all work of a studio and frees its clips, frames and models. */
export async function closeStudio(studio: Studio): Promise<void> {
  const { bulk, ahead, frames, jobs } = studio;
  cancel(studio);
  jobs.cancel("pack");
  jobs.cancel("relief");
  jobs.cancel("lift");
  jobs.cancel("subject");
  ahead.history?.controller.abort();
  ahead.model?.abort();
  frames.dispose();
  const handles = [...bulk.clips.values()].map((clip) => clip.close());
  const models = [...bulk.models.values()].map((model) => model.dispose());
  await Promise.all([...handles, ...models]);
}
