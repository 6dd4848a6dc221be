// Typing passwords: showing what is typed, and saying what is easily overlooked. The pages work without this file.
(() => {
  "use strict";

  for (const input of document.querySelectorAll("input[type=password][data-show]")) {
    const words = input.dataset;

    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--quiet reveal";
    button.textContent = words.show;
    button.setAttribute("aria-controls", input.id);
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      const shown = input.type === "password";
      input.type = shown ? "text" : "password";
      button.textContent = shown ? words.hide : words.show;
      button.setAttribute("aria-pressed", String(shown));
    });

    const notes = document.createElement("p");
    notes.className = "field__hint reveal__notes";
    notes.setAttribute("role", "status");
    let capsLock = false;
    const look = (event) => {
      if (event.getModifierState) capsLock = event.getModifierState("CapsLock");
      const said = [];
      if (capsLock) said.push(words.capslock);
      if (input.value !== input.value.trim()) said.push(words.space);
      if (/[\uff01-\uff5e\u3000]/.test(input.value)) said.push(words.fullwidth);
      const next = said.join(" ");
      if (notes.textContent !== next) notes.textContent = next;
    };
    for (const kind of ["keydown", "keyup", "input", "blur"]) input.addEventListener(kind, look);

    input.closest(".measured").append(button);
    input.closest(".field").append(notes);

    // Nothing that was shown stays shown for the browser to remember as plain text.
    input.form.addEventListener("submit", () => {
      input.type = "password";
    });
  }
})();
