import type { Frame } from "../../domain/clip.ts";
import type { SubjectMask } from "../../domain/subject.ts";
import type { Operation } from "../channel/protocol.ts";

export type SubjectOperations = {
  readonly find: Operation<
    { readonly picture: Pick<Frame, "rgba" | "size">; readonly modelUrl: string },
    SubjectMask
  >;
};
