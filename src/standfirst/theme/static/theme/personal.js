// Public pages are the same for everybody. What is personal comes afterwards by a request of its own, and only to those
// who have signed in with this browser before: everyone else asks for nothing. Whatever fails here fails unseen.
const KEY = "standfirst-desk";

function signedIn() {
  try {
    return localStorage.getItem(KEY) === "1";
  } catch {
    return false;
  }
}

async function who() {
  const answer = await fetch(`/desk/here/?path=${encodeURIComponent(location.pathname)}`, {
    credentials: "same-origin",
    redirect: "error",
    headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
  });
  if (answer.status === 401 || answer.status === 403) localStorage.removeItem(KEY);
  return answer.ok ? answer.json() : null;
}

function show({ name, links, style }) {
  const box = document.createElement("aside");
  box.className = "sf-colleague";
  box.setAttribute("aria-label", name);
  const said = document.createElement("span");
  said.textContent = name;
  box.append(said);
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

if (signedIn()) {
  who().then(
    (found) => found && show(found),
    () => {},
  );
}
