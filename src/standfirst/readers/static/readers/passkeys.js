// Passkeys: what needs script shows itself. Addresses, tokens and all words stand in the page.
const decode = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const encode = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

async function post(address, fields) {
  const answer = await fetch(address, { method: "POST", body: new URLSearchParams(fields), redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

function asBytes(options) {
  const made = { ...options, challenge: decode(options.challenge) };
  if (options.user) made.user = { ...options.user, id: decode(options.user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (options[list]) made[list] = options[list].map((key) => ({ ...key, id: decode(key.id) }));
  }
  return made;
}

function asText(key) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (key.response[name]) response[name] = encode(key.response[name]);
  }
  return JSON.stringify({
    id: key.id,
    rawId: encode(key.rawId),
    type: key.type,
    response,
    clientExtensionResults: key.getClientExtensionResults(),
  });
}

function start(box, act) {
  const button = box.querySelector("button");
  const said = box.querySelector("[role=alert]");
  box.hidden = false;
  if (!button) return;
  button.addEventListener("click", async () => {
    said.hidden = true;
    button.disabled = true;
    try {
      const token = box.dataset.token || "";
      const { publicKey } = await post(box.dataset.begin, { token });
      const key = await act(asBytes(publicKey));
      const fields = { token, answer: asText(key), next: box.dataset.next || "" };
      const { next } = await post(box.dataset.done, fields);
      // The page may be open already, at another of its parts.
      location.assign(next);
      button.disabled = false;
    } catch {
      said.hidden = false;
      button.disabled = false;
    }
  });
}

if (window.PublicKeyCredential && navigator.credentials) {
  const add = document.querySelector("[data-passkey-add]");
  const enter = document.querySelector("[data-passkey-sign-in]");
  if (add) start(add, (publicKey) => navigator.credentials.create({ publicKey }));
  if (enter) start(enter, (publicKey) => navigator.credentials.get({ publicKey }));
}
