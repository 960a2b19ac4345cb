import type { FileFieldRequest } from "../../domain/imported-space.ts";
import type {
  LiftedFuture,
  LiftRequest,
  ReliefAnswer,
  ReliefRequest,
} from "../../domain/space-field.ts";
import type { Operation } from "../channel/protocol.ts";

export type ReliefOperations = {
  readonly estimate: Operation<ReliefRequest, ReliefAnswer>;
  readonly fromFile: Operation<FileFieldRequest, ReliefAnswer>;
  readonly lift: Operation<LiftRequest, readonly LiftedFuture[]>;
};
