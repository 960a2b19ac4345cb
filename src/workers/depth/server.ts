import type { DepthTeller } from "../../domain/ports.ts";
import type { Handlers } from "../channel/server.ts";
import type { DepthOperations } from "./protocol.ts";

/** One network a thread, opened with the first call; after a failure the next one tries again. */
export function depthHandlers(
  open: (url: string) => Promise<DepthTeller>,
): Handlers<DepthOperations> {
  let opened: Promise<DepthTeller> | null = null;
  return {
    async tell({ url, request }, { job }) {
      opened ??= open(url);
      try {
        return await (await opened).tell(request, job);
      } catch (error) {
        opened = null;
        throw error;
      }
    },
  };
}
