// Passkeys: asking the browser for one and putting what it brings into the form. Pages say what to do without this file.
(() => {
  "use strict";

  const bytesOf = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  const textOf = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replace(/=+$/, "");

  const read = (json) => {
    const options = JSON.parse(json);
    options.challenge = bytesOf(options.challenge);
    if (options.user) options.user.id = bytesOf(options.user.id);
    for (const name of ["allowCredentials", "excludeCredentials"]) {
      for (const each of options[name] || []) each.id = bytesOf(each.id);
    }
    return options;
  };

  const written = (credential) => {
    const said = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) said[name] = textOf(credential.response[name]);
    }
    const rawId = textOf(credential.rawId);
    return JSON.stringify({
      id: rawId,
      rawId,
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment,
      clientExtensionResults: {},
      response: said,
    });
  };

  // Ask, then send the form; what went wrong is said under the button.
  const run = async (box) => {
    const form = box.querySelector("form");
    const words = box.querySelector(".passkey__words");
    words.textContent = "";
    if (!window.PublicKeyCredential) {
      words.textContent = box.dataset.unsupported;
      return false;
    }
    try {
      const publicKey = read(box.dataset.options);
      const credential = await navigator.credentials[box.dataset.passkey]({ publicKey });
      form.querySelector('input[name$="answer"]').value = written(credential);
    } catch {
      words.textContent = box.dataset.failed;
      return false;
    }
    form.submit();
    return true;
  };

  for (const box of document.querySelectorAll("[data-passkey]")) {
    box.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      run(box);
    });
  }

  // On the sign-in page the form is fetched when its button is pressed: nothing random stands on that page.
  for (const link of document.querySelectorAll("a[data-passkey-page]")) {
    link.addEventListener("click", async (event) => {
      event.preventDefault();
      const go = () => window.location.assign(link.href);
      if (!window.PublicKeyCredential) return go();
      try {
        const answer = await fetch(link.href, { credentials: "same-origin" });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const box = page.querySelector("[data-passkey]");
        if (!box) return go();
        box.hidden = true;
        const here = document.body.appendChild(document.importNode(box, true));
        const remember = document.querySelector('input[name="remember"]');
        here.querySelector('input[name="remember"]').checked = Boolean(remember && remember.checked);
        if (!(await run(here))) go();
      } catch {
        go();
      }
    });
  }

  for (const place of document.querySelectorAll("[data-print]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--plain";
    button.textContent = place.dataset.print;
    button.addEventListener("click", () => window.print());
    place.append(button);
  }
})();
