// Passkeys: offered only where the browser knows them; a failure is said in words.
if (window.PublicKeyCredential) {
  for (const part of document.querySelectorAll("[data-passkey]")) part.hidden = false;
  for (const part of document.querySelectorAll("[data-no-passkey]")) part.hidden = true;
}
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const part of document.querySelectorAll("[data-passkey-error]")) part.hidden = false;
});
