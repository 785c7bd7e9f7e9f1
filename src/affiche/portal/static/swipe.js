// One ad after the other: a card follows the finger or the mouse; buttons and keys do the same.
const deck = document.querySelector("#deck");
const cards = () => [...deck.querySelectorAll("[data-card]")];
const top = () => cards().find((card) => !card.hidden);
const FAR = 96;
let start = null;

deck?.addEventListener("pointerdown", (event) => {
  const card = event.target.closest(".shown");
  if (card && event.isPrimary && event.button === 0) start = { card, x: event.clientX, y: event.clientY, moved: false };
});
addEventListener("pointermove", (event) => {
  if (!start || !event.isPrimary) return;
  const dx = event.clientX - start.x;
  if (!start.moved && Math.abs(dx) > 8 && Math.abs(dx) > Math.abs(event.clientY - start.y)) { start.moved = true; start.card.classList.add("held"); start.card.setPointerCapture?.(event.pointerId); }
  if (start.moved) { start.card.style.setProperty("--dx", `${dx}px`); start.card.dataset.way = dx > FAR ? "yes" : dx < -FAR ? "no" : ""; }
});
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, (event) => {
  if (!start) return;
  const { card, moved, x } = start, dx = end === "pointerup" ? event.clientX - x : 0;
  start = null;
  card.classList.remove("held");
  card.style.setProperty("--dx", "0px");
  card.dataset.way = "";
  if (moved) card.dataset.dragged = "1";
  if (Math.abs(dx) > FAR) press(card.closest("[data-card]"), dx > 0 ? "approved" : "change_requested");
});
deck?.addEventListener("click", (event) => {
  const card = event.target.closest(".shown");
  if (card?.dataset.dragged) { event.preventDefault(); delete card.dataset.dragged; }
});
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select") || event.metaKey || event.ctrlKey || event.altKey || !top()) return;
  const verdict = { a: "approved", c: "change_requested", x: "rejected" }[event.key];
  // portal.js presses the first Approve of the page for `a`; here it is that of the card on top.
  if (verdict) { event.preventDefault(); event.stopImmediatePropagation(); press(top(), verdict); }
}, true);

function press(card, verdict) {
  const form = card?.querySelector("form[data-outbox]"), button = form?.querySelector(`[value=${verdict}]`);
  if (button) form.requestSubmit(button);
}

deck?.addEventListener("affiche:decided", () => next(top(), true));
deck?.addEventListener("click", (event) => { if (event.target.closest("[data-skip]")) { event.preventDefault(); next(top(), false); } });

function next(card, done) {
  const left = document.querySelector("#left");
  if (done) left.textContent = Math.max(0, Number(left.textContent) - 1);
  card.remove();
  const following = deck.querySelector("[data-card]");
  if (following) { following.hidden = false; const skip = card.querySelector("[data-skip]")?.closest("p"); if (skip) following.append(skip); }
  else if (done) deck.append(Object.assign(document.createElement("p"), { textContent: deck.dataset.done, className: "quiet" }));
  if (cards().length < 4) more();
}

let asking = false;
async function more() {
  if (asking) return;
  asking = true;
  try {
    const last = cards().at(-1)?.dataset.card || "", answer = await fetch(`${deck.dataset.more}${last ? `&ad=${last}` : ""}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html"), have = new Set(cards().map((card) => card.dataset.card));
    const fresh = [...page.querySelectorAll("[data-card]")].filter((card) => !have.has(card.dataset.card) && !gone.has(card.dataset.card));
    for (const card of fresh) { card.hidden = Boolean(top()); deck.append(card); }
  } catch { /* no connection: what is there can be decided */ } finally { asking = false; }
}
const gone = new Set();
deck?.addEventListener("affiche:decided", (event) => gone.add(event.target.closest("[data-card]").dataset.card), true);
// What was taken back waits again.
document.addEventListener("affiche:undone", () => { gone.clear(); location.reload(); });
