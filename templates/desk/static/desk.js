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
