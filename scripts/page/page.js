"use strict";
// Tooltips, filters and sorting. Everything is readable without: titles, all rows, the report's own order.
(() => {
  const tip = document.getElementById("tip");

  // A <title> would show a second, slower tooltip beside ours.
  for (const title of document.querySelectorAll("svg .mark > title")) {
    title.parentNode.setAttribute("aria-label", title.textContent);
    title.remove();
  }

  const show = (mark) => {
    tip.textContent = mark.getAttribute("aria-label");
    tip.hidden = false;
    const at = mark.getBoundingClientRect();
    const room = tip.getBoundingClientRect();
    const left = Math.min(Math.max(4, at.left + at.width / 2 - room.width / 2), innerWidth - room.width - 4);
    const above = at.top - room.height - 8;
    tip.style.left = `${left}px`;
    tip.style.top = `${above > 4 ? above : at.bottom + 8}px`;
  };
  const hide = () => { tip.hidden = true; };
  const markOf = (event) => event.target.closest?.(".mark");
  document.addEventListener("pointerover", (event) => {
    const mark = markOf(event);
    if (mark) show(mark); else hide();
  });
  document.addEventListener("focusin", (event) => {
    const mark = markOf(event);
    if (mark) show(mark);
  });
  document.addEventListener("focusout", hide);

  // One stop of the Tab key a figure; the arrow keys go from mark to mark.
  document.addEventListener("keydown", (event) => {
    const mark = markOf(event);
    if (event.key === "Escape") hide();
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!mark || !step) return;
    event.preventDefault();
    const marks = [...mark.closest("svg").querySelectorAll(".mark:not(.dimmed)")];
    const next = marks[(marks.indexOf(mark) + step + marks.length) % marks.length];
    mark.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  });

  const chosen = document.getElementById("scenario-filter");
  const boxes = [...document.querySelectorAll('#filters input[name="contender"]')];
  const filter = () => {
    const scenario = chosen.value;
    const off = new Set(boxes.filter((box) => !box.checked).map((box) => box.value));
    const isOff = (of) => {
      const pair = of.dataset.contenders?.split(" ") ?? [of.dataset.contender];
      return pair.some((contender) => off.has(contender)) || (scenario !== "" && of.dataset.scenario !== undefined && of.dataset.scenario !== scenario);
    };
    for (const of of document.querySelectorAll("section.scenario, tr[data-contender], tr[data-contenders]")) of.hidden = isOff(of);
    for (const of of document.querySelectorAll("svg [data-contender], svg [data-scenario]")) of.classList.toggle("dimmed", isOff(of));
  };
  document.getElementById("filters").addEventListener("change", filter);
  document.getElementById("filters").addEventListener("submit", (event) => event.preventDefault());
  filter(); // a reloaded page keeps its choices

  // Numbers by data-sort, texts as texts; what is absent comes last either way.
  const keyOf = (row, column) => {
    const cell = row.cells[column];
    if (cell.dataset.sort === undefined) return cell.textContent.trim();
    return cell.dataset.sort === "" || cell.dataset.sort === "None" ? null : Number(cell.dataset.sort);
  };
  const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true }));
  for (const button of document.querySelectorAll("table.sortable th button")) {
    button.addEventListener("click", () => {
      const heading = button.closest("th");
      const body = heading.closest("table").tBodies[0];
      const goesUp = heading.getAttribute("aria-sort") !== "ascending";
      for (const other of heading.parentNode.cells) other.setAttribute("aria-sort", "none");
      heading.setAttribute("aria-sort", goesUp ? "ascending" : "descending");
      const keyed = [...body.rows].map((row) => [keyOf(row, heading.cellIndex), row]);
      keyed.sort(([a], [b]) => (a === null ? (b === null ? 0 : 1) : b === null ? -1 : goesUp ? compare(a, b) : compare(b, a)));
      body.append(...keyed.map(([, row]) => row));
    });
  }
})();
