// What the desk does beyond forms and links. Everything works without it, but for what is live.
"use strict";

const each = (selector, work, root = document) => root.querySelectorAll(selector).forEach(work);

// The focus goes to the problems of a form that was refused.
document.getElementById("summary")?.focus();

// Two minutes before the desk locks it is said; then the page is empty. Another tab may have been used meanwhile.
(function watchIdle() {
  const notice = document.getElementById("idle");
  if (!notice) return;
  let timer;
  const plan = (seconds) => {
    clearTimeout(timer);
    notice.hidden = seconds > 120;
    if (seconds <= 0) location.replace("/lock");
    timer = setTimeout(ask, Math.max(1, seconds > 120 ? seconds - 119 : seconds + 1) * 1000);
  };
  const ask = async () => {
    try {
      const answer = await fetch("/idle");
      if (answer.status === 403) location.replace("/lock");
      else plan((await answer.json()).seconds);
    } catch { location.replace("/lock"); }
  };
  plan(Number(notice.dataset.seconds));
  document.getElementById("stay").addEventListener("click", async () => {
    const token = document.querySelector('input[name="t"]').value;
    await fetch("/stay", { method: "POST", body: new URLSearchParams({ t: token }) });
    ask();
  });
})();

// Tables sort at a click on a heading, and show the rows that hold what is typed above them.
function readyTables(root) {
  each("table[data-sortable]:not([data-ready])", (table) => {
    table.dataset.ready = "yes";
    const headings = [...table.tHead.rows[0].cells];
    const labels = headings.map((heading) => heading.textContent.trim());
    each("tbody tr", (row) => [...row.cells].forEach((cell, column) => { cell.dataset.label = labels[column] ?? ""; }), table);
    headings.forEach((heading, column) => {
      if (!heading.textContent.trim() || heading.querySelector("input, button")) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => sortTable(table, headings, column));
    });
  }, root);
  each("input[data-filter]:not([data-ready])", (input) => {
    input.dataset.ready = "yes";
    input.addEventListener("input", () => {
      const wanted = input.value.trim().toLocaleLowerCase();
      each("tbody tr", (row) => { row.hidden = !row.textContent.toLocaleLowerCase().includes(wanted); }, input.closest(".table"));
    });
  }, root);
}

function sortTable(table, headings, column) {
  const down = headings[column].getAttribute("aria-sort") === "ascending";
  headings.forEach((heading) => heading.removeAttribute("aria-sort"));
  headings[column].setAttribute("aria-sort", down ? "descending" : "ascending");
  const text = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent.trim();
  const order = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
  const rows = [...table.tBodies[0].rows].sort((one, two) => order(text(one), text(two)) * (down ? -1 : 1));
  table.tBodies[0].append(...rows);
}

readyTables(document);
document.addEventListener("htmx:afterSettle", (event) => readyTables(event.target));

// How many people are ticked, and all that are shown ticked at once.
each("[data-ticking]", (line) => {
  const form = line.closest("form");
  const boxes = () => [...form.querySelectorAll('input[name="r"]')];
  const count = () => { line.querySelector("[data-count]").textContent = boxes().filter((box) => box.checked).length; };
  line.hidden = false;
  form.addEventListener("change", count);
  each("[data-tick]", (button) => button.addEventListener("click", () => {
    const all = Boolean(button.dataset.tick);
    boxes().forEach((box) => { if (!all || !box.closest("tr").hidden) box.checked = all; });
    count();
  }), line);
  count();
});

// A link in the summary of problems leads to its field, also to the first of a group.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".summary a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  (field.matches("fieldset") ? field.querySelector("input") : field).focus();
  field.scrollIntoView({ block: "center" });
});

// Ctrl+Enter presses the main button of the page.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const button = document.querySelector("main button[data-main]");
    if (button && !button.disabled) { event.preventDefault(); button.click(); }
  }
});

// The pages of one person, made anew at each key; the newest wins, and an old image stays until the new one is whole.
(function watchPerson() {
  const form = document.getElementById("person");
  const pane = document.getElementById("preview");
  if (!form) return;
  const unseen = document.getElementById("unseen");
  let running;
  let resting;
  let looked = 0;

  async function update() {
    running?.abort();
    const mine = running = new AbortController();
    const body = new URLSearchParams(new FormData(form));
    body.set("look", looked);
    try {
      const answer = await fetch(form.dataset.preview, { method: "POST", body, signal: mine.signal });
      if (answer.status === 403) location.replace("/lock");
      if (answer.status === 204) {  // keys reach the desk in another order than they were typed: then this may still be the newest
        setTimeout(() => mine === running && update(), 100);
        return;
      }
      unseen.hidden = answer.status === 200 || answer.status === 422;
      if (!unseen.hidden) return;
      const fresh = document.createElement("template");
      fresh.innerHTML = await answer.text();
      if (mine !== running) return;
      each(".said", (place) => {
        const said = fresh.content.querySelector(`template[data-said="${place.id}"]`);
        place.replaceChildren(...(said ? said.content.childNodes : []));
      });
      await show(fresh.content, answer.status === 200, mine);
    } catch (fault) {
      if (fault.name !== "AbortError") unseen.hidden = false;
    }
  }

  async function show(fresh, isGood, mine) {
    pane.querySelector(".reasons")?.remove();
    pane.toggleAttribute("data-refused", !isGood);
    if (!isGood) {
      pane.prepend(fresh.querySelector(".reasons"));
      return;
    }
    await Promise.all([...fresh.querySelectorAll("img")].map((image) => load(image)));
    if (mine !== running) return;
    clearTimeout(resting);
    resting = setTimeout(() => each("img[data-later]", loadLater, pane), 400);
    const old = [...pane.querySelectorAll("img")];
    pane.replaceChildren(fresh.querySelector(".pages"));
    pane.dataset.shown = Number(pane.dataset.shown ?? 0) + 1;
    each("img", (image) => watcher.observe(image), pane);
    old.forEach((image) => watcher.unobserve(image));
  }

  // An image that nobody sees loads when it is scrolled to, or when nothing was typed for a moment; one that is seen is whole before it takes its place.
  async function load(image) {
    const number = Number(image.dataset.side);
    const shown = pane.querySelector(`img[data-side="${number}"]`);
    if (shown ? !seen.has(shown) : number !== looked) {
      image.dataset.later = image.getAttribute("src");
      image.removeAttribute("src");
      image.style.aspectRatio = `${image.getAttribute("width")} / ${image.getAttribute("height")}`;
      return;
    }
    const whole = new Image();
    for (const name of ["alt", "width", "height", "data-side", "src"]) whole.setAttribute(name, image.getAttribute(name));
    await whole.decode();
    image.replaceWith(whole);
  }

  function loadLater(image) {
    if (image.dataset.later) image.src = image.dataset.later;
    delete image.dataset.later;
  }

  const seen = new Set();
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) { seen.delete(entry.target); continue; }
      seen.add(entry.target);
      loadLater(entry.target);
    }
    const first = [...pane.querySelectorAll("img")].find((image) => seen.has(image));
    looked = first ? Number(first.dataset.side) : looked;
  });

  form.addEventListener("input", update);
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-set]");
    if (!button) return;
    event.preventDefault();
    const [name, day] = button.value.split("=");
    form.elements[name].value = day;
    form.elements[name].focus();
    update();
  });

  // Clear brings back the form as it was at the beginning, every tick and choice too; it can be undone for ten seconds.
  const cleared = document.getElementById("cleared");
  const typed = (one) => [...one.elements].filter((field) => field.matches("input:not([type=hidden]), select"));
  document.querySelector("[data-clear]").addEventListener("click", async (event) => {
    event.preventDefault();
    const address = event.target.href;
    const answer = await fetch(address);
    const blank = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("person");
    if (!blank || typed(blank).length !== typed(form).length) { location.assign(address); return; }
    const before = typed(form).map((field) => [field, field.value, field.checked]);
    typed(blank).forEach((field, number) => put(before[number][0], field.value, field.checked));
    form.elements.once.value = blank.elements.once.value;
    cleared.hidden = false;
    const timer = setTimeout(() => { cleared.hidden = true; before.length = 0; }, 10000);
    cleared.querySelector("button").onclick = () => {
      clearTimeout(timer);
      before.forEach(([field, value, checked]) => put(field, value, checked));
      cleared.hidden = true;
      update();
    };
    update();
  });

  function put(field, value, checked) {
    if (field.matches("[type=checkbox], [type=radio]")) field.checked = checked;
    else field.value = value;
  }

  update();
})();

// A form that was refused is shown again in its place, with its reasons.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422) { event.detail.shouldSwap = true; event.detail.isError = false; }
});

// What failed in any other way is said above its form, whose typing stays.
document.addEventListener("htmx:responseError", (event) => {
  const form = event.target.closest("form"), said = form && new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html").querySelector("main");
  if (!said || event.target !== form) return;
  const place = form.querySelector(".failed") ?? form.insertBefore(document.createElement("div"), form.firstChild);
  place.className = "failed error";
  place.setAttribute("role", "alert");
  place.replaceChildren(...said.querySelectorAll("p:not(.help)"));
  place.tabIndex = -1;
  place.focus();
});
