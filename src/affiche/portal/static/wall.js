// The wall: two ads picked for comparison.
const picked = [];
const tray = document.querySelector("#tray");
document.querySelector("#wall")?.addEventListener("click", (event) => {
  if (!event.shiftKey && !event.altKey) return;
  const card = event.target.closest(".ad");
  if (!card) return;
  event.preventDefault();
  pick(card);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "c" || event.target.closest("input, textarea, select")) return;
  const card = document.activeElement.closest?.(".ad");
  if (card) pick(card);
});
function pick(card) {
  const at = picked.indexOf(card);
  if (at >= 0) picked.splice(at, 1);
  else { picked.push(card); if (picked.length > 2) picked.shift(); }
  for (const one of document.querySelectorAll(".ad.picked")) one.classList.remove("picked");
  for (const one of picked) one.classList.add("picked");
  tray.hidden = !picked.length;
  tray.querySelector("[data-count]").textContent = `${picked.length} / 2`;
  for (const old of tray.querySelectorAll("input")) old.remove();
  picked.forEach((one, number) => { const input = document.createElement("input"); input.type = "hidden"; input.name = number ? "b" : "a"; input.value = one.dataset.id; tray.append(input); });
  tray.querySelector("button").disabled = picked.length < 2;
}
