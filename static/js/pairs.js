/** Shows a point and its words together when either is pressed, without moving the page further than it takes. */

const PAIRS = "a.words, a.point-words";

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(PAIRS);
  if (!link || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  const other = document.getElementById(link.hash.slice(1));
  for (const shown of document.querySelectorAll(".is-paired")) shown.classList.remove("is-paired");
  for (const one of [link.matches(".words") ? link : link.closest("li"), other]) one?.classList.add("is-paired");
  other?.scrollIntoView({ block: "nearest", behavior: "instant" });
});
