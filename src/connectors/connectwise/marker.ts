/** The line by which a note or a project of ours is known again. */
const markerLine = (marker: string): string => `[mfa-rollout:${marker}]`;

/** `text` with the marker as its last line. */
export const withMarker = (text: string, marker: string): string => `${text.trimEnd()}\n\n${markerLine(marker)}`;

/** True when the marker ends the text. ConnectWise may turn line breaks into spaces, so its line is not asked for. */
export const endsWithMarker = (text: string, marker: string): boolean => text.trimEnd().endsWith(markerLine(marker));

/** Longest `wbsCode` of a project ticket, which has no `externalXRef`. */
const MAX_WBS_CODE = 50;

/** @throws {RangeError} the marker does not fit, or could be taken for one of ConnectWise's own codes such as `1.2`. */
export function wbsMarker(marker: string): string {
  if (marker.length > MAX_WBS_CODE || markerOfWbsCode(marker) === null) {
    throw new RangeError(`the marker of a project ticket must be a name of 1 to ${MAX_WBS_CODE} characters`);
  }
  return marker;
}

/** The marker in a `wbsCode`; `null` for ConnectWise's own numbering and for none. */
export const markerOfWbsCode = (code: string | null | undefined): string | null =>
  code === null || code === undefined || /^[\d.\s]*$/.test(code) ? null : code;
