// What needs script shows itself; a passkey that was not used says so instead of failing in silence.
for (const element of document.querySelectorAll("[data-needs-script]")) {
  element.hidden = !window.PublicKeyCredential;
}
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const element of document.querySelectorAll("[data-passkey-failed]")) element.hidden = false;
});
