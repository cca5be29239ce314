/* The panel of the press, kept current while somebody looks at it. Only what differs is exchanged, and never under
   the hand: a part with the focus in it waits. */
(() => {
  const EVERY = 20000;
  const look = async () => {
    const panel = document.querySelector("[data-press]");
    if (!panel || document.hidden) return;
    const answer = await fetch(panel.dataset.press, { headers: { "X-Requested-With": "XMLHttpRequest" } });
    // Signed out, or no longer allowed: what stands there stays.
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-press]");
    if (!fresh) return;
    const parts = fresh.querySelectorAll("[data-part]");
    panel.querySelectorAll("[data-part]").forEach((part, number) => {
      if (part.contains(document.activeElement) || bare(part) === bare(parts[number])) return;
      part.replaceChildren(...parts[number].childNodes);
    });
    panel.className = fresh.className;
  };
  // The form's token is another one each time.
  const bare = (part) => part.innerHTML.replace(/<input type="hidden" name="csrf[^>]*>/g, "");
  setInterval(() => look().catch(() => {}), EVERY);
})();
