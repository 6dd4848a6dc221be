// Small comforts. Every page works without this file.
(() => {
  "use strict";

  // A refused button answers a press by showing its reasons.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[aria-disabled='true'][aria-describedby]");
    if (!button) return;
    event.preventDefault();
    const box = document.getElementById(button.getAttribute("aria-describedby").split(" ")[0]);
    if (!box) return;
    const fold = box.closest("details");
    if (fold) fold.open = true;
    box.tabIndex = -1;
    box.focus({ preventScroll: true });
    box.scrollIntoView({ block: "nearest" });
    box.classList.remove("refusal--called");
    void box.offsetWidth;
    box.classList.add("refusal--called");
  });

  // A second press while the first is under way sends nothing. (The server would do nothing more, either.)
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      return;
    }
    form.setAttribute("aria-busy", "true");
    setTimeout(() => form.removeAttribute("aria-busy"), 10000);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[aria-busy]")) form.removeAttribute("aria-busy");
  });

  // Open menus close when one presses elsewhere, or Escape; a sheet closes on Escape.
  const close = (except) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
  };
  document.addEventListener("click", (event) => close(event.target.closest("details.menu")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest("details.menu[open]");
    close(null);
    if (menu) menu.querySelector("summary").focus();
    const sheet = document.querySelector(".sheet:target .sheet__close");
    if (sheet) sheet.click();
  });

  // What is wrong is read first.
  const summary = document.querySelector(".error-summary");
  if (summary) summary.focus();
})();
