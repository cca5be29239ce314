// The list of credits: tick all, tick a row of them with Shift, and see how many are ticked. Everything works without.
const form = document.querySelector("[data-credits]");
if (form) {
  const ticks = [...form.querySelectorAll('input[name="ticked"]')];
  const all = form.querySelector("[data-all]");
  const count = form.querySelector("[data-count]");
  let last = -1;

  const tell = () => {
    const ticked = ticks.filter((tick) => tick.checked).length;
    count.textContent = ticked || "";
    all.checked = ticked === ticks.length;
    all.indeterminate = ticked > 0 && ticked < ticks.length;
  };
  ticks.forEach((tick, place) => {
    tick.addEventListener("click", (event) => {
      if (event.shiftKey && last >= 0) {
        for (let at = Math.min(last, place); at <= Math.max(last, place); at += 1) ticks[at].checked = tick.checked;
      }
      last = place;
      tell();
    });
  });
  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    for (const tick of ticks) tick.checked = all.checked;
    tell();
  });
  tell();
}
