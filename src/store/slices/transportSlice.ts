import type { StateCreator } from "zustand";

export interface TransportSlice {
  readonly playing: boolean;
  /** 1 forward, -1 back; J and L double it. */
  readonly speed: number;
  readonly loopStart: number | null;
  readonly loopEnd: number | null;
  setTransport(part: Partial<Omit<TransportSlice, "setTransport">>): void;
}

export const createTransportSlice: StateCreator<TransportSlice, [], [], TransportSlice> = (
  set,
) => ({
  playing: false,
  speed: 1,
  loopStart: null,
  loopEnd: null,
  setTransport: (part) => set(part),
});
