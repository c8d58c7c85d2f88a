"use strict";
// Without this script every tip still opens on hover, tap and focus; it keeps tips inside the window and adds keys.
function settle(number) {
  const tip = number.querySelector(".tip");
  if (!tip) return;
  document.body.classList.remove("shut");
  tip.classList.remove("above");
  tip.style.setProperty("--shift", "0px");
  const place = tip.getBoundingClientRect();
  const over = place.right - document.documentElement.clientWidth + 12;
  if (over > 0) tip.style.setProperty("--shift", `${-Math.min(over, place.left - 12)}px`);
  if (place.bottom > window.innerHeight && number.getBoundingClientRect().top > place.height + 12) tip.classList.add("above");
}
for (const number of document.querySelectorAll("main .v")) {
  number.addEventListener("pointerenter", () => settle(number));
  number.addEventListener("focus", () => settle(number));
}
function reveal() {
  const row = document.getElementById(location.hash.slice(1));
  const group = row && row.closest("details");
  if (group && !group.open) {
    group.open = true;
    row.scrollIntoView({ block: "nearest" });
  }
}
window.addEventListener("hashchange", reveal);
reveal();
const places = [...document.querySelectorAll(".remarks li[data-place]")].map((row) => row.dataset.place);
let at = -1;
function step(by) {
  if (!places.length) return;
  at = (at + by + places.length) % places.length;
  const place = document.getElementById(places[at]);
  place.scrollIntoView({ block: "center" });
  place.focus({ preventScroll: true });
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    document.body.classList.add("shut");
    if (document.activeElement) document.activeElement.blur();
  } else if (event.key === "n") step(1);
  else if (event.key === "p") step(at < 0 ? 0 : -1);
});
