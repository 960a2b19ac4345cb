/** What a user set of an overlay: "off", "on", or one of its choices. */
export type OverlaySetting = string;
/** By the id of the overlay; absent = as it begins. */
export type OverlaySettings = Readonly<Record<string, OverlaySetting>>;
