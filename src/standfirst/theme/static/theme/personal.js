// Public pages are the same for everybody. What is personal comes afterwards by a request of its own, and only to those
// who have signed in with this browser before: everyone else asks for nothing. Whatever fails here fails unseen.
const DESK = "standfirst-desk";
// A reader's holds the address of her own page, in the language in which she last opened it.
const READER = "standfirst-reader";

function kept(key) {
  try {
    return localStorage.getItem(key) || "";
  } catch {
    return "";
  }
}

async function who(key, address) {
  const answer = await fetch(address, {
    credentials: "same-origin",
    redirect: "error",
    headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
  });
  if (answer.status === 401 || answer.status === 403) localStorage.removeItem(key);
  return answer.ok ? answer.json() : null;
}

function show({ name, links, style }) {
  const box = document.createElement("aside");
  box.className = "sf-colleague";
  box.setAttribute("aria-label", name || links[0].text);
  if (name) {
    const said = document.createElement("span");
    said.textContent = name;
    box.append(said);
  }
  for (const { text, href } of links) {
    const link = document.createElement("a");
    link.textContent = text;
    link.href = href;
    box.append(" ", link);
  }
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = style;
  // Not before it looks as it should.
  sheet.addEventListener("load", () => {
    document.body.append(box);
    document.documentElement.classList.add("sf-has-colleague");
  });
  document.head.append(sheet);
}

// The desk goes first: a colleague who reads is at work.
async function ask() {
  if (kept(DESK) === "1") {
    const found = await who(DESK, `/desk/here/?path=${encodeURIComponent(location.pathname)}`);
    if (found) return found;
  }
  const account = kept(READER);
  // Her own page says who she is by itself.
  if (location.pathname.startsWith(account)) return null;
  return /^\/([a-z-]+\/)?account\/$/.test(account) ? who(READER, `${account}here/`) : null;
}

ask().then(
  (found) => found && show(found),
  () => {},
);
