/* Pasting into the story's text. What programs put on the clipboard is cleaned by the newsroom's own
   cleaner (one for all: kit.html.clean_paste) before the editor sees it; pictures become pictures of the
   story. When the newsroom does not answer, the editor's own way of pasting takes over. */
(() => {
  const self = document.currentScript;
  const { paste: pasteUrl, picture: pictureUrl, failed, sending } = self.dataset;
  const ours = new WeakSet();
  const token = () => {
    const config = document.getElementById("wagtail-config");
    try { return JSON.parse(config.textContent).CSRF_TOKEN; } catch { return ""; }
  };
  const editorOf = (target) => (target instanceof Element ? target.closest(".public-DraftEditor-content, .DraftEditor-root") : null);

  function say(near, text, isProblem) {
    const field = near.closest("[data-contentpath], .w-field, .Draftail-Editor") || near;
    let line = field.querySelector(":scope > .sf-paste-note");
    if (!line) {
      line = document.createElement("p");
      line.className = "sf-paste-note";
      line.setAttribute("role", "status");
      field.append(line);
    }
    line.textContent = text;
    line.classList.toggle("is-problem", Boolean(isProblem));
    if (!text) line.remove();
  }

  async function ask(url, body, headers) {
    const response = await fetch(url, {
      method: "POST",
      body,
      credentials: "same-origin",
      headers: { "X-CSRFToken": token(), Accept: "application/json", ...headers },
    });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) throw new Error(answer.error || failed);
    return answer;
  }

  /* The blocks of a story's text: where a new picture block can be put, after the one that is written in. */
  function streamAt(element) {
    const child = element.closest("[data-streamfield-child]");
    const list = child && child.closest("[data-streamfield-stream-container]");
    if (!list) return null;
    const root = list.closest("[data-controller~='w-block'], [data-block]");
    const name = root && root.id;
    const widget = window.sfStreams && name ? window.sfStreams[name] : null;
    const position = Array.from(list.querySelectorAll(":scope > [data-streamfield-child]")).indexOf(child);
    return { list, child, position, widget };
  }

  async function takePictures(files, element) {
    for (const file of files) {
      say(element, sending);
      try {
        const form = new FormData();
        form.append("file", file, file.name || "picture.png");
        const picture = await ask(pictureUrl, form);
        const where = streamAt(element);
        const insert = where && window.sfInsertPicture;
        if (!insert || !insert(where, picture)) throw new Error(failed);
        say(element, "");
      } catch (error) {
        say(element, error.message || failed, true);
      }
    }
  }

  const pictures = (data) => Array.from(data.files || []).filter((file) => file.type.startsWith("image/"));

  document.addEventListener(
    "paste",
    (event) => {
      const editor = editorOf(event.target);
      if (!editor || ours.has(event) || !event.clipboardData) return;
      const html = event.clipboardData.getData("text/html");
      const files = pictures(event.clipboardData);
      // Copied within the editor itself: its own paste keeps every key and entity.
      if (html && (html.includes("data-editor-content") || html.includes("data-draftail"))) return;
      if (files.length && !/<(?:p|li|h[1-6]|a)\b/i.test(html)) {
        event.preventDefault();
        event.stopImmediatePropagation();
        takePictures(files, editor);
        return;
      }
      if (!html) return;
      const text = event.clipboardData.getData("text/plain");
      event.preventDefault();
      event.stopImmediatePropagation();
      const again = (cleaned) => {
        const data = new DataTransfer();
        data.setData("text/html", cleaned);
        data.setData("text/plain", text);
        const second = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
        ours.add(second);
        event.target.dispatchEvent(second);
      };
      ask(pasteUrl, html, { "Content-Type": "text/plain;charset=utf-8" }).then(
        (answer) => {
          again(answer.html);
          if (/<img\b/i.test(html)) say(editor, self.dataset.pictures, true);
        },
        () => again(html),
      );
    },
    true,
  );

  document.addEventListener(
    "drop",
    (event) => {
      const editor = editorOf(event.target);
      if (!editor || !event.dataTransfer) return;
      const files = pictures(event.dataTransfer);
      if (!files.length) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      takePictures(files, editor);
    },
    true,
  );
})();
