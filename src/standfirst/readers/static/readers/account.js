// Only a browser that has signed in asks on public pages who is reading (theme/personal.js).
const KEY = "standfirst-reader";
try {
  if (document.querySelector("[data-reader=in]")) localStorage.setItem(KEY, location.pathname);
  if (document.querySelector("[data-reader=out]")) localStorage.removeItem(KEY);
} catch {
  // Without storage the name stands on the account's own page alone.
}
if (document.querySelector("[data-passkey-add]")) import("./passkeys.js").catch(() => {});
