// Typing passwords: showing what is typed, saying what is easily overlooked and how strong a new one is, and keeping
// what was typed when there is no connection. The pages work without this file, and nothing is sent by it.
(() => {
  "use strict";

  const script = document.currentScript;

  const made = (tag, css, attributes = {}) => {
    const element = document.createElement(tag);
    element.className = css;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };

  // --- Showing and hiding -------------------------------------------------------------------------------------

  const reveal = (input) => {
    const button = made("button", "button button--quiet reveal", { type: "button", "aria-controls": input.id });
    const show = (shown) => {
      input.type = shown ? "text" : "password";
      button.textContent = shown ? input.dataset.hide : input.dataset.show;
    };
    button.addEventListener("click", () => show(input.type === "password"));
    show(false);
    input.closest(".measured").append(button);
    // Nothing that was shown stays shown for the browser to remember as plain text.
    input.form.addEventListener("submit", () => show(false));
  };

  // --- Slips: spaces, full width, Caps Lock -------------------------------------------------------------------

  const watchSlips = (input) => {
    const words = input.dataset;
    const notes = made("p", "field__hint reveal__notes", { role: "status" });
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
    for (const kind of ["keydown", "keyup", "click", "input", "blur"]) input.addEventListener(kind, look);
    input.closest(".field").append(notes);
  };

  // --- How strong a new password is ---------------------------------------------------------------------------

  const SHORTEST_PATTERN = 4;
  const FRESH_SHARE = 0.6;
  const ROWS = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm"];
  const BOTH_WAYS = [...ROWS, ...ROWS.map((row) => [...row].reverse().join(""))];

  const follows = (before, after) => {
    const step = after.codePointAt(0) - before.codePointAt(0);
    const kana = /[\u3041-\u3096\u30a1-\u30f6]/.test(before);
    return kana ? (Math.abs(step) <= 2 ? Math.sign(step) : 0) : Math.abs(step) === 1 ? step : 0;
  };

  // Marks the letters that tell a guesser nothing new; returns whether there are any.
  const markRepeats = (letters, known) => {
    let found = false;
    for (let size = 1; size <= letters.length / 2; size += 1) {
      for (let at = size, run = 0; at < letters.length; at += 1) {
        run = letters[at] === letters[at - size] ? run + 1 : 0;
        const enough = Math.max(size, SHORTEST_PATTERN - size);
        if (run < enough) continue;
        for (let back = run === enough ? at - run + 1 : at; back <= at; back += 1) known[back] = true;
        found = true;
      }
    }
    return found;
  };

  const markSequences = (letters, known) => {
    let found = false;
    const mark = (from, to) => {
      if (to - from < SHORTEST_PATTERN) return;
      for (let at = from + 1; at < to; at += 1) known[at] = true;
      found = true;
    };
    for (let from = 0, to = 1; from < letters.length; from = to, to = from + 1) {
      const way = to < letters.length ? follows(letters[from], letters[to]) : 0;
      while (way && to < letters.length && follows(letters[to - 1], letters[to]) === way) to += 1;
      mark(from, to);
      if (way && to - from > 1 && to < letters.length) to -= 1;
    }
    for (const row of BOTH_WAYS) {
      for (let from = 0; from < letters.length; from += 1) {
        const start = row.indexOf(letters[from]);
        let to = from + 1;
        while (start >= 0 && to < letters.length && letters[to] === row[start + to - from]) to += 1;
        mark(from, to);
      }
    }
    return found;
  };

  const markWords = (letters, known, words) => {
    let found = false;
    for (const word of words) {
      const parts = [...word];
      for (let at = 0; at + parts.length <= letters.length; at += 1) {
        if (!parts.every((letter, n) => letters[at + n] === letter)) continue;
        for (let n = 0; n < parts.length; n += 1) known[at + n] = true;
        found = true;
      }
    }
    return found;
  };

  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const lines = (text) => (text || "").split("\n").filter(Boolean).map(plain);

  // Names typed into the same form: whole, and what stands between spaces, dots, dashes and before the @.
  const typedNames = (input) => {
    const found = [];
    const fields = "[autocomplete=username], [autocomplete=nickname], [autocomplete=name], [autocomplete=email]";
    for (const field of input.form.querySelectorAll(fields)) {
      const name = plain(field.value);
      found.push(name, name.replace(/\s+/g, ""), name.split("@")[0], ...name.split("@")[0].split(/[\s._+-]+/));
    }
    return found.filter((part) => part.length >= (/^[\x00-\x7f]*$/.test(part) ? 3 : 2));
  };

  const judged = (input) => {
    const words = input.dataset;
    const letters = [...plain(input.value)];
    const count = [...input.value.normalize("NFKC")].length;
    const least = Number(words.least);
    const known = new Array(letters.length).fill(false);
    const reasons = [words.length.replace("{count}", count).replace("{least}", least)];
    if (markRepeats(letters, known)) reasons.push(words.repeat);
    if (markSequences(letters, known)) reasons.push(words.sequence);
    if (markWords(letters, known, [...lines(words.names), ...typedNames(input)])) reasons.push(words.own);
    if (markWords(letters, known, lines(words.siteNames))) reasons.push(words.site);
    const fresh = known.filter((letter) => !letter).length;
    return { least, fresh, reasons, enough: count >= least && fresh >= least * FRESH_SHARE };
  };

  const measureStrength = (input) => {
    const words = input.dataset;
    const box = made("div", "strength");
    const meter = made("meter", "strength__meter", { min: 0, max: words.least, "aria-label": words.strength });
    meter.low = meter.high = words.least * FRESH_SHARE;
    meter.optimum = words.least;
    const said = made("div", "strength__said", { role: "status" });
    box.append(meter, said);
    box.hidden = true;
    let later = 0;
    const say = ({ reasons, enough }) => {
      const verdict = made("p", "strength__verdict");
      verdict.textContent = `${words.strength}: ${enough ? words.enough : words.weak}`;
      const list = made("ul", "strength__reasons");
      for (const reason of reasons) list.append(Object.assign(made("li", ""), { textContent: reason }));
      said.replaceChildren(verdict, list);
    };
    const look = () => {
      box.hidden = input.value === "";
      const found = judged(input);
      meter.value = Math.min(found.fresh, found.least);
      // Read out when one pauses, not at every key.
      clearTimeout(later);
      later = setTimeout(say, 300, found);
    };
    input.form.addEventListener("input", look);
    input.closest(".field").append(box);
    if (input.value) look();
  };

  for (const input of document.querySelectorAll("input[type=password][data-show]")) {
    reveal(input);
    watchSlips(input);
    if (input.dataset.strength) measureStrength(input);
  }

  // --- No connection ------------------------------------------------------------------------------------------

  const SECONDS_TO_ANSWER = 8;

  // Asks for this very file, only to see whether the server is there.
  const missing = async () => {
    if (!navigator.onLine) return script.dataset.offline;
    try {
      const signal = AbortSignal.timeout(SECONDS_TO_ANSWER * 1000);
      await fetch(script.src, { method: "HEAD", cache: "no-store", signal });
      return "";
    } catch {
      return navigator.onLine ? script.dataset.unreachable : script.dataset.offline;
    }
  };

  const keepOnFailure = (form) => {
    const note = made("p", "banner banner--wait no-connection", { role: "alert" });
    let asking = false;
    let reached = false;
    note.hidden = true;
    form.append(note);
    form.addEventListener("submit", async (event) => {
      if (event.defaultPrevented || reached) return;
      event.preventDefault();
      if (asking) return;
      asking = true;
      const why = await missing();
      asking = false;
      note.textContent = why;
      note.hidden = why === "";
      if (why) return;
      reached = true;
      form.requestSubmit(event.submitter);
      reached = false;
    });
    window.addEventListener("online", () => {
      note.hidden = true;
    });
  };

  for (const form of document.querySelectorAll("main form[method=post]")) keepOnFailure(form);

  // Whether one is online, said before anybody doubts their password.
  const online = document.querySelector(".online");
  if (online) {
    const tell = () => {
      online.textContent = navigator.onLine ? online.dataset.online : online.dataset.offline;
    };
    for (const kind of ["online", "offline"]) window.addEventListener(kind, tell);
    tell();
  }
})();
