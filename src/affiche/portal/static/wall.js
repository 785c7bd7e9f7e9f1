// The wall: boxes fill with their ads when they come near; two ads are picked for comparison; filters keep the address short.
const $ = (selector) => document.querySelector(selector);

const near = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) fill(entry.target.closest("[data-chunk]"));
}, { rootMargin: "900px 0px" });

function watch() {
  // A chunk has no box of its own: its first and last place stand for it.
  for (const chunk of document.querySelectorAll("[data-chunk]:not([data-watched])")) {
    chunk.dataset.watched = "";
    const places = chunk.querySelectorAll("i");
    for (const at of new Set([0, places.length >> 1, places.length - 1])) near.observe(places[at]);
  }
}

async function fill(chunk, again = 0) {
  if (!chunk?.isConnected || (chunk.dataset.asked && !again)) return;
  chunk.dataset.asked = "1";
  try {
    const answer = await fetch(chunk.dataset.chunk, { headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(answer.statusText);
    const part = document.createRange().createContextualFragment(await answer.text());
    for (const place of chunk.querySelectorAll("i")) near.unobserve(place);
    chunk.replaceWith(part);
  } catch {
    chunk.classList.add("failed");
    if (chunk.isConnected) setTimeout(() => fill(chunk, again + 1), Math.min(30000, 1000 * 2 ** again));
  }
}
watch();
document.addEventListener("htmx:afterSettle", watch);
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.elt.id !== "filters") return;
  // htmx's own values are a FormData behind a proxy: deleting keeps the address free of what is not asked for.
  for (const [name, value] of Object.entries({ ...event.detail.parameters })) if (value === "" || name === "csrf" || (name === "group" && value === "product")) delete event.detail.parameters[name];
});

// --- two ads against each other
const picked = [];
const tray = $("#tray");
const comparing = () => $("#comparing")?.getAttribute("aria-pressed") === "true";
function compare(on) {
  $("#comparing")?.setAttribute("aria-pressed", String(on));
  if (!on) picked.length = 0;
  show();
}
document.addEventListener("click", (event) => {
  if (event.target.closest("#comparing")) return compare(!comparing());
  if (event.target.closest("[data-none]")) return compare(false);
  if (!event.shiftKey && !event.altKey && !comparing()) return;
  const card = event.target.closest(".ad");
  if (!card) return;
  event.preventDefault();
  pick(card);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "c" || event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey) return;
  const card = document.activeElement.closest?.(".ad");
  if (card) pick(card);
});
function pick(card) {
  const at = picked.findIndex((one) => one.dataset.id === card.dataset.id);
  if (at >= 0) picked.splice(at, 1);
  else { picked.push(card); if (picked.length > 2) picked.shift(); }
  show();
}
function show() {
  for (const one of document.querySelectorAll(".ad.picked")) one.classList.remove("picked");
  for (const one of picked) one.classList.add("picked");
  tray.hidden = !picked.length && !comparing();
  tray.querySelector("[data-wish]").hidden = picked.length > 1;
  tray.querySelector("[data-count]").textContent = `${picked.length} / 2`;
  for (const old of tray.querySelectorAll("input")) old.remove();
  picked.forEach((one, number) => { const input = document.createElement("input"); input.type = "hidden"; input.name = number ? "b" : "a"; input.value = one.dataset.id; tray.append(input); });
  tray.querySelector("button").disabled = picked.length < 2;
}
