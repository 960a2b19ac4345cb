import type { StateCreator } from "zustand";
import type { WorkingRate } from "../../domain/clip.ts";
import type { PackGeometry } from "../../domain/pack/geometry.ts";
import type { PackLocation } from "../../domain/pack/location.ts";
import type { PackInspection } from "../../domain/pack/needs.ts";
import type { InputDeclaration, ModelOffers } from "../../domain/pack/offers.ts";
import type { BackendReport } from "../../domain/ports.ts";
import { SHIPPED_MODEL } from "../document.ts";

/** What the studio follows of a model; the model itself is in the bulk store. */
export interface ModelEntry {
  /** Key in the bulk store. */
  readonly key: string;
  /** Label of the pack. */
  readonly packId: string;
  /** Which model it is (`domain/pack/identity.ts`). */
  readonly packIdentity: string;
  readonly name: string;
  readonly licence: string;
  readonly bytes: number;
  readonly backend: BackendReport;
  /** Where the user had it from. */
  readonly source: string;
  /** Under which address the browser keeps its files; null for the model that ships. */
  readonly keptUrl: string | null;
  readonly geometry: PackGeometry;
  readonly rate: WorkingRate;
  /** What it takes and what a run can be asked for: fields of the page follow these. */
  readonly inputs: readonly InputDeclaration[];
  readonly offers: ModelOffers;
}

/** A pack on its way: read, held against the machine, loaded. */
export interface PackCandidate {
  readonly source: string;
  /** Null until it is known to hold a pack. */
  readonly location: PackLocation | null;
  /** Null while the manifest is being read. */
  readonly inspection: PackInspection | null;
  readonly load: PackLoad | null;
  readonly problem: { readonly message: string; readonly remedy: string } | null;
}

export interface PackLoad {
  readonly words: string;
  readonly done: number;
  readonly total: number;
  /** Bytes of each file, in the pack's order. */
  readonly files: readonly {
    readonly name: string;
    readonly done: number;
    readonly total: number;
  }[];
}

export interface ModelsSlice {
  /** Loaded models; the shipped one is among them once it was needed. */
  readonly models: readonly ModelEntry[];
  readonly candidate: PackCandidate | null;
  /** Whether a model of one picture comes with the studio. */
  readonly shipsPhoto: boolean;
  putModel(entry: ModelEntry): void;
  dropModel(key: string): void;
  setModels(part: Partial<Pick<ModelsSlice, "candidate">>): void;
  /** Changes the candidate while there is one. */
  setCandidate(part: Partial<PackCandidate>): void;
}

export const createModelsSlice: StateCreator<ModelsSlice, [], [], ModelsSlice> = (set, get) => ({
  models: [],
  candidate: null,
  shipsPhoto: false,
  putModel(entry) {
    const others = get().models.filter(({ key }) => key !== entry.key);
    set({ models: entry.key === SHIPPED_MODEL ? [entry, ...others] : [...others, entry] });
  },
  dropModel: (key) => set({ models: get().models.filter((entry) => entry.key !== key) }),
  setModels: (part) => set(part),
  setCandidate(part) {
    const { candidate } = get();
    if (candidate) set({ candidate: { ...candidate, ...part } });
  },
});
