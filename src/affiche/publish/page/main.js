// Joins the parts: the address, the controls, the keyboard.

function say(text) { $("said").textContent = text; }

function changed() {
  drawStatuses();
  refreshMenus();
  drawGrid();
  markPicked();
  writeAddress();
  say(plural(shown.length, "creative"));
}

function themeNow() {
  return document.documentElement.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}
function remember(name, value) { try { localStorage.setItem(`affiche.${name}`, value); } catch { /* a page from disk may have no store */ } }
function recall(name) { try { return localStorage.getItem(`affiche.${name}`); } catch { return null; } }
function flipTheme() {
  document.documentElement.dataset.theme = themeNow() === "dark" ? "light" : "dark";
  remember("theme", document.documentElement.dataset.theme);
}

function nextGroup() {
  $("group").selectedIndex = ($("group").selectedIndex + 1) % $("group").options.length;
  state.group = $("group").value;
  changed();
  say(`Grouped by ${state.group}`);
}

const PAGE_KEYS = {
  "/": () => $("search").focus(),
  "?": () => $("help").showModal(),
  t: flipTheme,
  g: nextGroup,
  c: pickFocused,
  Escape: () => { closeMenus(); if (picks.length) { picks.length = 0; drawTray(); } },
};
for (const key of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]) PAGE_KEYS[key] = (event) => { if (event.target.closest(".card")) moveInGrid(key); else return false; };

const VIEWER_KEYS = {
  ArrowLeft: () => stepViewer(-1), ArrowRight: () => stepViewer(1), ArrowUp: () => stepPlacement(-1), ArrowDown: () => stepPlacement(1),
  z: () => setZoom(zoom ? 0 : 1), "+": () => zoomBy(1), "=": () => zoomBy(1), "-": () => zoomBy(-1), 0: () => setZoom(0),
  f: () => toggleMarks(!marksOn), i: togglePanel, t: flipTheme,
  c: () => { togglePick(current); if (picks.length === 2) openCompare(); },
};

function togglePanel() { $("viewer").classList.toggle("bare"); layCanvas(); }

function pickFocused() {
  const creative = DATA.creatives[focusIndex];
  if (!creative) return;
  if (picks.length === 2 && picks.includes(creative)) { openCompare(); return; }
  togglePick(creative);
  if (picks.length === 2) openCompare();
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input:not([type=checkbox]), select, textarea")) {
    if (event.key === "Escape" && event.target === $("search")) { $("search").value = state.words = ""; changed(); focusFirst(); }
    return;
  }
  const open = document.querySelector("dialog[open]");
  const keys = !open ? PAGE_KEYS : open === $("viewer") ? VIEWER_KEYS : {};
  const action = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (action && action(event) !== false) event.preventDefault();
}

function focusFirst() { if (shown.length) focusCard(shown[0]); }

function fillFacts() {
  const languages = new Set(DATA.creatives.map((c) => c.locale)).size;
  $("facts").textContent = [plural(DATA.creatives.length, "creative"), plural(DATA.products.length, "product"), plural(languages, "locale"), plural(DATA.placements.length, "placement")].join(" · ");
}

function startSize() {
  const count = DATA.creatives.length;
  const stored = Number(recall("size"));
  $("bar").hidden = count === 1;
  $("size").value = stored >= 110 && stored <= 420 ? stored : count <= 4 ? 420 : count <= 16 ? 280 : 190;
}

function listen() {
  let timer = 0;
  $("search").addEventListener("input", (e) => { clearTimeout(timer); timer = setTimeout(() => { state.words = e.target.value.trim(); changed(); }, 80); });
  $("search").addEventListener("keydown", (e) => { if (e.key === "Enter") focusFirst(); });
  $("group").addEventListener("change", (e) => { state.group = e.target.value; changed(); });
  $("size").addEventListener("input", () => { applySize(); remember("size", $("size").value); });
  const clicks = {
    theme: flipTheme, clear: clearFilters, prev: () => stepViewer(-1), next: () => stepViewer(1), zoom: () => zoomBy(zoom >= 4 ? -9 : 1),
    "help-button": () => $("help").showModal(), "show-marks": () => toggleMarks(!marksOn), "viewer-pick": VIEWER_KEYS.c, "viewer-close": () => $("viewer").close(),
    "compare-button": openCompare, "compare-close": () => $("compare").close(), "tray-clear": PAGE_KEYS.Escape, swap: swapPicks,
  };
  for (const [id, action] of Object.entries(clicks)) $(id).addEventListener("click", action);
  for (const button of document.querySelectorAll(".modes button")) button.addEventListener("click", () => setMode(button.dataset.mode));
  $("divider").addEventListener("input", (e) => $("pair").style.setProperty("--at", `${e.target.value}%`));
  $("viewer").addEventListener("close", () => { document.documentElement.classList.remove("locked"); writeAddress(); if (cards.has(focusIndex)) cards.get(focusIndex).firstChild.focus(); });
  $("compare").addEventListener("close", writeAddress);
  $("help").addEventListener("click", (e) => { if (e.target === $("help")) $("help").close(); });
  $("grid").addEventListener("focusin", (e) => { const card = e.target.closest(".card"); if (card) setTabStop(DATA.creatives[card.dataset.index]); });
  document.addEventListener("click", (e) => { if (!e.target.closest("details.menu")) closeMenus(); });
  document.addEventListener("keydown", onKey);
  addEventListener("hashchange", () => { readAddress(); $("group").value = state.group; changed(); });
  addEventListener("resize", applySize);
  watchStage();
}

if (recall("theme")) document.documentElement.dataset.theme = recall("theme");
startSize();
const asked = readAddress();
$("group").value = state.group;
fillFacts();
drawMenus();
applySize();
changed();
listen();
if (asked.open) openViewer(asked.open);
else if (asked.compare.length === 2) { picks.push(...asked.compare); drawTray(); setMode(MODES.includes(asked.mode) ? asked.mode : "beside"); openCompare(); }
