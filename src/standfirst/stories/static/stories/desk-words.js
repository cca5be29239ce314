/* The last words go along. The editor writes what was typed into its form field a quarter of a second after the last
   key; whoever saves or publishes faster would lose the end of the sentence without a sign. So it hands over whenever
   somebody reads the form: sending it, keeping it by itself, the preview. */
(() => {
  // Marks of comments live in the editor alone; the comments themselves are fields of their own.
  const COMMENT = "comment-";
  // Longer than the editor takes to understand the end of a composition (Draft.js: 20 ms).
  const COMPOSED_MS = 80;
  const handed = new WeakMap();
  let keeping = null;
  let leaving = false;

  const editorsOf = (form) => Array.from(form.elements).filter((field) => field.draftailEditor);
  const stateOf = (field) => field.draftailEditor.getEditorState();

  function handOver(field) {
    const state = stateOf(field);
    const content = state.getCurrentContent();
    if (handed.get(field) === content) return;
    handed.set(field, content);
    const raw = window.Draftail.serialiseEditorStateToRaw(state);
    for (const block of raw ? raw.blocks : []) {
      block.inlineStyleRanges = block.inlineStyleRanges.filter((range) => !range.style.startsWith(COMMENT));
    }
    field.rawContentState = raw;
    field.value = JSON.stringify(raw);
  }

  document.addEventListener("formdata", (event) => {
    for (const field of editorsOf(event.target)) {
      handOver(field);
      if (event.formData.has(field.name)) event.formData.set(field.name, field.value);
    }
  });

  /* The word that a phone's keyboard has just ended underlining is not in the editor yet: let it come, then send. */
  document.addEventListener(
    "submit",
    (event) => {
      const { target: form, submitter } = event;
      if (!editorsOf(form).some((field) => stateOf(field).isInCompositionMode())) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      setTimeout(() => {
        // By now the button may be switched off against a second press; off, its name would not go along.
        const off = submitter && submitter.disabled;
        if (submitter) submitter.disabled = false;
        form.requestSubmit(submitter);
        if (submitter) submitter.disabled = off;
      }, COMPOSED_MS);
    },
    true,
  );

  /* What is about to be kept by itself is older than what is being sent by hand. */
  document.addEventListener("w-autosave:save", (event) => {
    keeping = event;
    if (leaving) event.preventDefault();
  });
  window.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !event.target.matches("[data-edit-form]")) return;
    leaving = true;
    if (keeping) keeping.preventDefault();
  });
  window.addEventListener("pageshow", () => {
    leaving = false;
  });
})();
