import { PLACES } from "@/i18n/texts";

/**
 * What must be known before the first picture: the look, and whether texts of another language are awaited.
 * Put into each page as a script of its own, before anything is painted.
 */
export const BOOT = `(() => {
  const root = document.documentElement;
  const kept = (name) => { try { return localStorage.getItem("sonica." + name); } catch { return null; } };
  const look = kept("look"), motion = kept("motion");
  if (look) root.dataset.look = look;
  if (motion) root.dataset.motion = motion;
  const chosen = kept("language");
  const wanted = ["en", "hi", "bho"].includes(chosen) ? chosen : navigator.languages.map((tag) => tag.split("-")[0]).find((tag) => ["en", "hi", "bho"].includes(tag));
  // A press before the page can hear it is not lost: the page asks for it when it can.
  addEventListener("click", ({ target }) => {
    if (!root.dataset.ready && target.closest("[data-testid=listen]")) root.dataset.pressed = "";
  });
  // They come beside the scripts that want them, not after these.
  if (wanted && wanted !== "en") {
    window.sonicaTexts = { [wanted]: fetch(${JSON.stringify(PLACES)}[wanted]) };
    window.sonicaTexts[wanted].catch(() => undefined);
    root.dataset.pending = "";
    setTimeout(() => { delete root.dataset.pending; }, 2500);
  }
})();`;
