/** Small choices of a listener, in this browser: read before the first picture, so in local storage. */

const PREFIX = "sonica.";

export type Setting = "language" | "look" | "motion" | "keep" | "ready" | "packsAsked";

/** What was chosen; null where nothing was, or where the browser keeps nothing. */
export function readSetting(name: Setting): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/** Keeps a choice, where the browser does; null takes it back. */
export function writeSetting(name: Setting, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, value);
  } catch {
    // In a private window the choice holds until the page is left.
  }
}
