/* Publishing a changed story: its question in a dialog, before anything is sent. The server asks as well (the form comes
   back with the question at its top), so that nothing depends on this. The second half
   tells a colleague whose form was open while words of her story were corrected that they stay corrected. */
const WAYS = "[name=action-publish], [name=action-submit], [name=action-restart-workflow]";
const form = document.getElementById("page-edit-form");
const seen = form && form.querySelector("input[name=words_seen][data-change]");

if (seen && window.HTMLDialogElement) {
  const answered = new WeakSet();
  let dialog = null;

  const close = () => {
    if (!dialog) return;
    dialog.close();
    dialog.remove();
    dialog = null;
  };

  /* The answers belong to the form; one question at a time. */
  function show(html, button) {
    close();
    for (const old of form.querySelectorAll("[data-change-question]")) old.remove();
    dialog = document.createElement("dialog");
    dialog.className = "sf-change-dialog";
    dialog.setAttribute("aria-labelledby", "change-title");
    dialog.innerHTML = html;
    form.append(dialog);
    const note = dialog.querySelector("[data-change-note]");
    const problem = dialog.querySelector("[data-change-problem]");
    const chosen = () => dialog.querySelector("[name=change_label]:checked");
    const tell = () => {
      const label = chosen();
      note.hidden = !!label && label.value === "typo";
      note.classList.toggle("is-needed", !!label && label.hasAttribute("data-wants-note"));
    };
    const confirm = () => {
      const label = chosen();
      const words = dialog.querySelector("[name=change_note]");
      const lacks = !label ? dialog.querySelector("[name=change_label]") : null;
      if (lacks || (label.hasAttribute("data-wants-note") && !words.value.trim())) {
        problem.textContent = lacks ? problem.dataset.choose : problem.dataset.write;
        problem.hidden = false;
        (lacks || words).focus();
        return;
      }
      // Kept in the form when the dialog goes.
      const kept = document.createElement("div");
      kept.hidden = true;
      kept.dataset.changeQuestion = "";
      for (const [name, value] of [
        ["change_of", dialog.querySelector("[name=change_of]").value],
        ["change_label", label.value],
        ["change_note", words.value],
      ]) {
        const field = document.createElement("input");
        field.type = "hidden";
        field.name = name;
        field.value = value;
        kept.append(field);
      }
      close();
      form.append(kept);
      answered.add(button);
      button.click();
    };
    dialog.addEventListener("change", (event) => {
      event.stopPropagation();
      problem.hidden = true;
      tell();
    });
    // What is written here is no change of the story: nothing is to be saved for it.
    for (const name of ["input", "keyup"]) dialog.addEventListener(name, (event) => event.stopPropagation());
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      const { target } = event;
      if (target.matches("textarea") ? !(event.ctrlKey || event.metaKey) : target.matches("button")) return;
      event.preventDefault();
      event.stopPropagation();
      confirm();
    });
    dialog.addEventListener("cancel", () => setTimeout(close));
    dialog.querySelector("[data-change-confirm]").addEventListener("click", confirm);
    dialog.querySelector("[data-change-back]").addEventListener("click", () => {
      close();
      button.focus();
    });
    tell();
    dialog.showModal();
    (chosen() ? dialog.querySelector("[data-change-confirm]") : dialog.querySelector("[name=change_label]")).focus();
  }

  document.addEventListener(
    "click",
    async (event) => {
      const button = event.target instanceof Element && event.target.closest(WAYS);
      if (!button || button.form !== form) return;
      if (answered.delete(button)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (dialog || button.dataset.asking) return;
      button.dataset.asking = "1";
      const data = new FormData(form);
      data.set(button.name, button.value || "1");
      data.delete("change_of");
      let html = "";
      try {
        const response = await fetch(seen.dataset.change, {
          method: "POST",
          body: data,
          credentials: "same-origin",
          headers: { Accept: "application/json" },
        });
        if (response.ok) ({ html } = await response.json());
      } catch {
        // The form itself asks.
      }
      delete button.dataset.asking;
      if (html) {
        show(html, button);
        return;
      }
      answered.add(button);
      button.click();
    },
    true,
  );
}

/* The answer to a page that saved itself names the words that were kept (forms.StoryForm.get_field_updates_for_resave). */
if (form) {
  const tell = (sentence) => {
    let line = form.querySelector(".sf-words-kept");
    if (!line) {
      line = document.createElement("p");
      line.className = "sf-words-kept";
      line.setAttribute("role", "status");
      form.prepend(line);
    }
    if (line.textContent !== sentence) line.textContent = sentence;
  };
  form.addEventListener("w-autosave:success", (event) => {
    const { response } = event.detail || {};
    const sentence = response && response.field_updates && response.field_updates.words_kept;
    if (sentence) tell(sentence);
  });
}
