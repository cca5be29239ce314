/* Pasting into the story's text. What programs put on the clipboard goes through the newsroom's own cleaner (one for
   all: kit.html.clean_paste) before the editor sees it; pictures become picture blocks of the story. When the newsroom
   does not answer, the editor's own way of pasting takes over: nothing that was pasted is lost. */
(() => {
  const { paste: pasteUrl, picture: pictureUrl, failed, sending, pictures: picturesLeft } = document.currentScript.dataset;
  const ours = new WeakSet();
  // What the editor itself copied keeps its keys and entities by its own paste.
  const OWN = /data-draftjs-conductor-fragment|data-offset-key|data-editor=/;
  const BODY = "body-root";

  const editorOf = (target) => (target instanceof Element ? target.closest(".DraftEditor-root") : null);
  const pictures = (data) => Array.from(data.files || []).filter((file) => file.type.startsWith("image/"));

  function token() {
    const config = document.getElementById("wagtail-config");
    const cookie = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
    try {
      return JSON.parse(config.textContent).CSRF_TOKEN;
    } catch {
      return cookie ? cookie[1] : "";
    }
  }

  function say(near, text, isProblem = false) {
    const field = near.closest(".w-field") || near.parentElement;
    let line = field.querySelector(":scope > .sf-paste-note");
    if (!line) {
      line = document.createElement("p");
      line.className = "sf-paste-note";
      line.setAttribute("role", "status");
      field.append(line);
    }
    line.classList.toggle("is-problem", isProblem);
    line.textContent = text;
    line.hidden = !text;
  }

  async function ask(url, body, headers = {}) {
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

  const fieldOf = (editor) => {
    const box = editor.closest("[data-draftail-editor-wrapper]");
    return box ? Array.from(box.parentElement.children).find((field) => field.draftailEditor) : null;
  };

  /* Where the cursor stands: the key of the paragraph and the letters before it. */
  function cursor(editor) {
    const field = fieldOf(editor);
    const selection = field && field.draftailEditor.getEditorState().getSelection();
    return selection ? { key: selection.getStartKey(), offset: selection.getStartOffset() } : null;
  }

  /* Where the mouse lets go. */
  function pointed(editor, event) {
    let caret = null;
    if (document.caretPositionFromPoint) {
      const at = document.caretPositionFromPoint(event.clientX, event.clientY);
      caret = at && { node: at.offsetNode, offset: at.offset };
    } else if (document.caretRangeFromPoint) {
      const at = document.caretRangeFromPoint(event.clientX, event.clientY);
      caret = at && { node: at.startContainer, offset: at.startOffset };
    }
    const near = caret && (caret.node instanceof Element ? caret.node : caret.node.parentElement);
    const paragraph = near && near.closest("[data-block][data-offset-key]");
    if (!paragraph || !editor.contains(paragraph)) return null;
    const before = document.createRange();
    before.setStart(paragraph, 0);
    before.setEnd(caret.node, caret.offset);
    return { key: paragraph.dataset.offsetKey.replace(/-\d+-\d+$/, ""), offset: before.toString().length };
  }

  /* Makes room in the text at a spot; returns the place in the story where the picture goes. */
  function makeRoom(stream, child, editor, spot) {
    const index = stream.children.indexOf(child);
    const field = fieldOf(editor);
    if (!spot || !field || !child.split) return index + 1;
    const state = field.draftailEditor.getEditorState();
    const content = state.getCurrentContent();
    const paragraphs = content.getBlocksAsArray();
    const at = paragraphs.findIndex((paragraph) => paragraph.getKey() === spot.key);
    if (at < 0) return index + 1;
    const length = paragraphs[at].getLength();
    const offset = Math.min(spot.offset, length);
    const selection = state.getSelection().merge({
      anchorKey: spot.key,
      anchorOffset: offset,
      focusKey: spot.key,
      focusOffset: offset,
      isBackward: false,
    });
    const halves = window.draftail.splitState(state.constructor.acceptSelection(state, selection));
    // Between two paragraphs both stay whole, with their keys; empty ones that were made for the picture go.
    const cut = offset > 0 ? at + 1 : at;
    const within = offset > 0 && offset < length;
    const above = within ? halves.stateBefore.getCurrentContent().getBlocksAsArray() : paragraphs.slice(0, cut);
    const below = within ? halves.stateAfter.getCurrentContent().getBlocksAsArray() : paragraphs.slice(cut);
    while (above.length && !above[above.length - 1].getLength()) above.pop();
    while (below.length && !below[0].getLength()) below.shift();
    if (!above.length) return index;
    if (!below.length) return index + 1;
    const half = (part) =>
      state.constructor.push(state, content.constructor.createFromBlockArray(part), "remove-range");
    child.split(half(above), half(below), halves.shouldMoveCommentFn, { animate: false });
    return index + 1;
  }

  /* A picture block at the spot, or after the picture that was put there last. Returns it; null where none can stand. */
  function insertPicture(editor, picture, spot, last) {
    const root = document.getElementById(BODY);
    const stream = root && root.rootBlock;
    if (!stream || !root.contains(editor) || !stream.blockDef.childBlockDefsByName.picture) return null;
    const child = stream.children.find((one) => one.element.contains(editor));
    if (!child) return null;
    const after = last ? stream.children.indexOf(last) + 1 : 0;
    const position = after || makeRoom(stream, child, editor, spot);
    const empty = stream.blockDef.initialChildStates.picture;
    const id = window.crypto && crypto.randomUUID ? crypto.randomUUID() : null;
    stream.insert({ type: "picture", value: { ...empty, image: picture }, id }, position, { animate: false, focus: false });
    return stream.children[position];
  }

  async function takePictures(files, editor, spot) {
    let last = null;
    for (const file of files) {
      say(editor, sending);
      try {
        const form = new FormData();
        form.append("file", file, file.name || `picture.${file.type.split("/")[1] || "png"}`);
        const picture = await ask(pictureUrl, form);
        last = insertPicture(editor, picture, spot, last);
        if (!last) throw new Error(failed);
        say(editor, "");
      } catch (error) {
        say(editor, error instanceof TypeError ? failed : error.message, true);
      }
    }
  }

  /* Pictures that lie inside the clipboard's HTML itself; how many others it only names. */
  async function picturesOf(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const inside = [];
    let elsewhere = 0;
    for (const image of page.querySelectorAll("img[src]")) {
      const source = image.getAttribute("src");
      const match = /^data:(image\/(?:png|jpeg|gif|webp|avif));base64,(.+)$/is.exec(source);
      if (match) {
        const bytes = Uint8Array.from(atob(match[2].replace(/\s/g, "")), (letter) => letter.charCodeAt(0));
        const ending = match[1].split("/")[1].replace("jpeg", "jpg");
        inside.push(new File([bytes], `${image.alt || "picture"}.${ending}`, { type: match[1] }));
      } else {
        elsewhere += 1;
      }
    }
    return { inside, elsewhere };
  }

  const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

  /* Plain text when the newsroom does not answer: paragraphs at empty lines. */
  const paragraphs = (text) =>
    text
      .replace(/\r\n?/g, "\n")
      .trim()
      .split(/\n[ \t]*\n\s*/)
      .map((part) => `<p>${escaped(part).split("\n").join("<br>")}</p>`)
      .join("");

  function hand(target, html, text) {
    const data = new DataTransfer();
    data.setData("text/html", html);
    // Where the plain text holds an address, Wagtail makes the links anew, with the bracket or comma behind them.
    data.setData("text/plain", text.replace(/https?:\/\//gi, ""));
    const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    ours.add(event);
    target.dispatchEvent(event);
  }

  document.addEventListener(
    "paste",
    (event) => {
      const editor = editorOf(event.target);
      if (!editor || ours.has(event) || !event.clipboardData) return;
      const { target } = event;
      const html = event.clipboardData.getData("text/html");
      const text = event.clipboardData.getData("text/plain");
      if (OWN.test(html)) return;
      const files = pictures(event.clipboardData);
      const onlyPicture = files.length > 0 && !text.trim();
      // A word or a line is the editor's own business, as is one address put over marked words.
      if (!html && !onlyPicture && !/[\r\n]/.test(text.trim())) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (onlyPicture) {
        takePictures(files, editor, cursor(editor));
        return;
      }
      const plain = { "Content-Type": "text/plain;charset=utf-8" };
      const cleaning = html ? ask(pasteUrl, html, plain) : ask(`${pasteUrl}?plain`, text, plain);
      cleaning
        .then((answer) => answer.html, () => html)
        .then(async (cleaned) => {
          hand(target, cleaned || paragraphs(text), text);
          const { inside, elsewhere } = await picturesOf(html);
          if (inside.length) await takePictures(inside, editor, cursor(editor));
          if (elsewhere) say(editor, picturesLeft, true);
        });
    },
    true,
  );

  document.addEventListener("dragover", (event) => {
    if (editorOf(event.target) && Array.from(event.dataTransfer.types).includes("Files")) event.preventDefault();
  });

  document.addEventListener(
    "drop",
    (event) => {
      const editor = editorOf(event.target);
      const files = editor && event.dataTransfer ? pictures(event.dataTransfer) : [];
      if (!files.length) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      takePictures(files, editor, pointed(editor, event));
    },
    true,
  );
})();
