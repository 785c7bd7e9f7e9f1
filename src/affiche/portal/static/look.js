// One creative: zoom, findings, the platform's own interface, pins; and two against each other.
const $ = (selector) => document.querySelector(selector);

const canvas = $("#canvas"), room = $(".stage .room"), aim = $("#aim");
for (const button of document.querySelectorAll("[data-toggle]")) {
  button.addEventListener("click", () => {
    const what = button.dataset.toggle;
    if (what === "zoom") return zoomTo(zoom ? 0 : nextStep());
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    if (what === "pin") pinning(on);
    else $(`#${what}`).hidden = !on;
  });
}

// --- zoom: as large as fits, then each pixel as one, two, four; the point that was chosen stays where it is
const STEPS = [1, 2, 4];
let zoom = 0; // 0: as large as fits
const full = () => parseFloat(canvas.style.getPropertyValue("--full"));
function scale() { return canvas.getBoundingClientRect().width / full(); }
function nextStep() { const at = zoom || scale(), next = STEPS.find((step) => step > at + 0.01); return next ?? 0; }
function lastStep() { return [...STEPS].reverse().find((step) => step < zoom - 0.01 && step > least() + 0.01) ?? 0; }
let fitted = 0;
function least() { return fitted || scale(); }
function zoomTo(step, at = null) {
  if (!canvas || canvas.hidden) return;
  if (!zoom) fitted = scale();
  const before = canvas.getBoundingClientRect(), seen = room.getBoundingClientRect();
  const point = at || { x: seen.left + seen.width / 2, y: seen.top + seen.height / 2 };
  const share = { x: (point.x - before.left) / before.width, y: (point.y - before.top) / before.height };
  zoom = step;
  canvas.style.setProperty("--zoom", step || 1);
  canvas.classList.toggle("actual", step > 0);
  canvas.classList.toggle("close", step > 1);
  const now = canvas.getBoundingClientRect();
  room.scrollBy({ left: now.left + share.x * now.width - point.x, top: now.top + share.y * now.height - point.y, behavior: "instant" });
  room.classList.toggle("pans", room.scrollWidth > room.clientWidth || room.scrollHeight > room.clientHeight);
  $("[data-toggle=zoom]").setAttribute("aria-pressed", String(step > 0));
  tell();
}
function tell() { if ($("#scale") && !canvas.hidden) $("#scale").textContent = `${Math.round(100 * scale())} %`; }
addEventListener("resize", tell);
tell();
document.addEventListener("keydown", (event) => {
  if (!$("#scale") || event.target.closest("input, textarea, select") || event.metaKey || event.ctrlKey || event.altKey) return;
  if (event.key === "+" || event.key === "=") zoomTo(nextStep() || zoom);
  if (event.key === "-") zoomTo(lastStep());
  if (event.key === "Escape") { if (aim && !aim.hidden) $("[data-toggle=pin]").click(); else if (zoom) zoomTo(0); }
});
// What is larger than its room is dragged about; a press that does not move is a click.
let grip = null, dragged = false;
room?.addEventListener("pointerdown", (event) => { dragged = false; grip = event.pointerType === "mouse" && event.button === 0 && zoom ? { x: event.clientX + room.scrollLeft, y: event.clientY + room.scrollTop, from: event } : null; if (grip) event.preventDefault(); });
addEventListener("pointermove", (event) => {
  if (!grip) return;
  if (Math.hypot(event.clientX - grip.from.clientX, event.clientY - grip.from.clientY) > 4) { dragged = true; room.classList.add("held"); }
  if (dragged) room.scrollTo({ left: grip.x - event.clientX, top: grip.y - event.clientY, behavior: "instant" });
});
addEventListener("pointerup", () => { grip = null; room?.classList.remove("held"); });

canvas?.addEventListener("click", (event) => {
  if (dragged) return;
  if ($("[data-toggle=pin]")?.getAttribute("aria-pressed") !== "true") {
    const number = event.target.closest("[data-finding]")?.dataset.finding;
    if (number) $(`#finding-${number}`)?.scrollIntoView({ block: "center", behavior: "smooth" });
    else if (!event.target.closest("a, button")) zoomTo(nextStep(), { x: event.clientX, y: event.clientY });
    return;
  }
  const box = canvas.getBoundingClientRect();
  if (event.target !== aim) pinAt((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
});

// --- a comment at a point: a click sets it; by keys a cross is moved, and Enter sets it
const spot = { x: 0.5, y: 0.5 };
function pinning(on) {
  canvas.classList.toggle("pinning", on);
  aim.hidden = !on;
  if (!on) return;
  spot.x = spot.y = 0.5;
  aimed();
  aim.focus({ preventScroll: true });
}
function aimed() { aim.style.left = `${100 * spot.x}%`; aim.style.top = `${100 * spot.y}%`; }
function pinAt(x, y) {
  const form = $("#comment");
  form.x.value = x.toFixed(4);
  form.y.value = y.toFixed(4);
  $("[data-toggle=pin]").click();
  form.text.focus();
}
aim?.addEventListener("keydown", (event) => {
  const step = event.shiftKey ? 0.1 : 0.01, to = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
  if (!to) return;
  event.preventDefault();
  event.stopPropagation();
  spot.x = Math.min(1, Math.max(0, spot.x + to[0]));
  spot.y = Math.min(1, Math.max(0, spot.y + to[1]));
  aimed();
});
aim?.addEventListener("click", () => pinAt(spot.x, spot.y));

// On a phone: swipe to the next or the previous one.
let start = null;
$(".stage")?.addEventListener("touchstart", (event) => { start = event.touches.length === 1 ? event.touches[0] : null; }, { passive: true });
$(".stage")?.addEventListener("touchend", (event) => {
  if (!start || zoom) return; // what is zoomed is moved about
  const end = event.changedTouches[0], dx = end.clientX - start.clientX;
  if (Math.abs(dx) > 80 && Math.abs(end.clientY - start.clientY) < 60) $(`[data-key=${(dx < 0) === (document.documentElement.dir !== "rtl") ? "next" : "previous"}]`)?.click();
}, { passive: true });

// --- two against each other
const versus = $("#versus");
for (const button of document.querySelectorAll("button[data-mode]")) {
  button.addEventListener("click", () => {
    for (const other of document.querySelectorAll("button[data-mode]")) other.setAttribute("aria-pressed", String(other === button));
    const mode = button.dataset.mode;
    versus.dataset.mode = mode;
    $("#at").hidden = mode !== "slider";
    for (const figure of versus.querySelectorAll("figure")) figure.hidden = mode === "difference";
    $("#difference").hidden = mode !== "difference";
    $("#differs").textContent = "";
    if (mode === "difference") drawDifference();
  });
}
$("#at")?.addEventListener("input", (event) => versus.style.setProperty("--at", `${event.target.value}%`));

async function drawDifference() {
  const [one, two] = versus.querySelectorAll("img");
  await Promise.all([one.decode(), two.decode()]);
  const canvas = $("#difference"), width = Math.max(one.naturalWidth, two.naturalWidth), height = Math.max(one.naturalHeight, two.naturalHeight);
  canvas.width = width;
  canvas.height = height;
  canvas.style.maxWidth = "100%";
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const pixels = (picture) => { context.clearRect(0, 0, width, height); context.drawImage(picture, 0, 0); return context.getImageData(0, 0, width, height); };
  const a = pixels(one), b = pixels(two);
  let changed = 0;
  for (let i = 0; i < a.data.length; i += 4) {
    const d = Math.max(Math.abs(a.data[i] - b.data[i]), Math.abs(a.data[i + 1] - b.data[i + 1]), Math.abs(a.data[i + 2] - b.data[i + 2]));
    const grey = 235 - 0.1 * a.data[i + 1];
    if (d > 8) changed += 1;
    const heat = d > 8 ? 1 : 0;
    a.data[i] = heat ? 208 : grey;
    a.data[i + 1] = heat ? 32 : grey;
    a.data[i + 2] = heat ? 56 : grey;
    a.data[i + 3] = 255;
  }
  context.putImageData(a, 0, 0);
  const share = (400 * changed) / a.data.length, words = versus.dataset;
  const sizes = one.naturalWidth === two.naturalWidth && one.naturalHeight === two.naturalHeight ? "" : ` ${words.sizes}`;
  $("#differs").textContent = (changed ? words.differs.replace("{percent}", share < 0.01 ? "< 0.01" : share.toFixed(2)) : words.same) + sizes;
}
