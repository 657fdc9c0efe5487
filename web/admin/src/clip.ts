// Opens a match's replay on the replay page, at a moment. The file is fetched here, with the token, and handed over between
// the two pages: the replay page knows nothing of staff.

import { bytes } from "./api";
import { toast } from "./ui";

const OPENING_MS = 15_000;

export async function watch(matchId: string, fromTick: number): Promise<void> {
  const page = window.open("/play/replay.html?from=opener", "_blank");
  if (!page) return toast("The browser did not open the replay page.", true);
  const ready = new Promise<void>((done, failed) => {
    const timer = setTimeout(() => failed(new Error("The replay page did not open.")), OPENING_MS);
    window.addEventListener("message", function heard(event: MessageEvent) {
      if (event.origin !== location.origin || event.source !== page || (event.data as { replay?: string } | null)?.replay !== "ready") return;
      clearTimeout(timer);
      window.removeEventListener("message", heard);
      done();
    });
  });
  try {
    const [file] = await Promise.all([bytes(`replays/${matchId}`), ready]);
    page.postMessage({ replay: "file", file, tick: fromTick }, location.origin);
  } catch (error) {
    page.close();
    toast((error as Error).message, true);
  }
}
