// One box that checks all boxes of the export page; without this script it stays hidden.
const row = document.querySelector("[data-select-all]");
const all = row?.querySelector("input");
const boxes = [...document.querySelectorAll("[data-selectable] input[type=checkbox]")];

if (all) {
  row.hidden = false;
  all.addEventListener("change", () => boxes.forEach((box) => { box.checked = all.checked; }));
  boxes.forEach((box) => box.addEventListener("change", () => { all.checked = boxes.every((other) => other.checked); }));
}
