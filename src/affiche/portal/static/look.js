// One creative: zoom, findings, the platform's own interface, pins; and two against each other.
const $ = (selector) => document.querySelector(selector);

for (const button of document.querySelectorAll("[data-toggle]")) {
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true", what = button.dataset.toggle;
    button.setAttribute("aria-pressed", String(on));
    if (what === "zoom") $("#canvas").classList.toggle("actual", on);
    else if (what === "pin") $("#canvas").style.cursor = on ? "crosshair" : "";
    else $(`#${what}`).hidden = !on;
  });
}

$("#canvas")?.addEventListener("click", (event) => {
  const pinning = $("[data-toggle=pin]");
  if (pinning?.getAttribute("aria-pressed") !== "true") {
    const number = event.target.closest("[data-finding]")?.dataset.finding;
    if (number) $(`#finding-${number}`)?.scrollIntoView({ block: "center", behavior: "smooth" });
    return;
  }
  const box = $("#canvas").getBoundingClientRect(), form = $("#comment");
  form.x.value = ((event.clientX - box.left) / box.width).toFixed(4);
  form.y.value = ((event.clientY - box.top) / box.height).toFixed(4);
  pinning.click();
  form.text.focus();
});

// On a phone: swipe to the next or the previous one.
let start = null;
$(".stage")?.addEventListener("touchstart", (event) => { start = event.touches.length === 1 ? event.touches[0] : null; }, { passive: true });
$(".stage")?.addEventListener("touchend", (event) => {
  if (!start) return;
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
