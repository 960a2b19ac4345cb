import type { DepthGuess, ReliefRequest } from "../../domain/space-field.ts";
import type { Operation } from "../channel/protocol.ts";

export type DepthOperations = {
  /** `url`: folder of the pack, which the first call loads. */
  readonly tell: Operation<
    {
      readonly url: string;
      readonly request: Pick<ReliefRequest, "tracks" | "anchorFrame" | "size">;
    },
    DepthGuess | null
  >;
};
