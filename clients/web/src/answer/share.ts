/** Hands a text on by the system's own way, or copies it where there is none. */
export async function share(text: string, url: string): Promise<"shared" | "copied" | "neither"> {
  if (typeof navigator.share === "function") {
    try {
      await navigator.share({ text, url });
      return "shared";
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return "neither";
    }
  }
  try {
    await navigator.clipboard.writeText(`${text}\n${url}`);
    return "copied";
  } catch {
    return "neither";
  }
}
