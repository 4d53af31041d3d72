// Passkeys (WebAuthn). Forms for them are hidden until this file has run: without it, codes of an app do the same.
(() => {
  "use strict";

  if (!window.PublicKeyCredential) return;

  const decode = text => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), character => character.charCodeAt(0));
  const encode = buffer =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const described = list => (list || []).map(credential => ({ ...credential, id: decode(credential.id) }));

  const ask = {
    create: async options => {
      options.user.id = decode(options.user.id);
      options.excludeCredentials = described(options.excludeCredentials);
      const { response } = await navigator.credentials.create({ publicKey: options });
      return { client_data: encode(response.clientDataJSON), attestation: encode(response.attestationObject) };
    },
    get: async options => {
      options.allowCredentials = described(options.allowCredentials);
      const { id, response } = await navigator.credentials.get({ publicKey: options });
      return {
        credential: id,
        client_data: encode(response.clientDataJSON),
        authenticator_data: encode(response.authenticatorData),
        signature: encode(response.signature),
        user: response.userHandle ? encode(response.userHandle) : "",
      };
    },
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const status = form.querySelector("[data-status]");
    form.hidden = false;
    form.addEventListener("submit", async event => {
      event.preventDefault();
      status.textContent = "";
      try {
        const response = await fetch(form.dataset.options, { headers: { Accept: "application/json" } });
        const options = await response.json();
        options.challenge = decode(options.challenge);
        const answer = await ask[form.dataset.passkey](options);
        for (const [name, value] of Object.entries(answer)) {
          const input = document.createElement("input");
          input.type = "hidden";
          input.name = name;
          input.value = value;
          form.append(input);
        }
        form.submit();
      } catch {
        // The reader has closed the browser's own window, or the device has no passkey for us.
        status.textContent = status.dataset.failed;
      }
    });
  }
  for (const note of document.querySelectorAll("[data-without-passkeys]")) note.hidden = true;
})();
