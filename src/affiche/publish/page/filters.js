// What is shown: status, words, and menus of products, locales, placements. The state lives in the address, so it can be sent.

const FACETS = [
  { key: "product", title: "Product", label: (id) => PRODUCTS.get(id).name, note: (id) => (PRODUCTS.get(id).name === id ? "" : id) },
  { key: "locale", title: "Locale", label: (id) => id, note: localeName },
  { key: "placement", title: "Placement", label: (id) => PLACEMENTS.get(id).name, note: (id) => PLACEMENTS.get(id).ratio.replace("x", ":").replace(/^(\d{3,}):/, "$1×") },
  { key: "variant", title: "Variant", label: (id) => id, note: () => "" },
];
const state = { status: "", words: "", group: "product", chosen: new Map(FACETS.map((f) => [f.key, new Set()])) };

function matches(creative, skip = "") {
  if (skip !== "status" && state.status && creative.status !== state.status) return false;
  if (FACETS.some((f) => f.key !== skip && state.chosen.get(f.key).size && !state.chosen.get(f.key).has(creative[f.key]))) return false;
  return !state.words || folded(state.words).split(/\s+/).every((word) => creative.search.includes(word));
}

function countBy(creatives, value) {
  const counts = new Map();
  for (const creative of creatives) counts.set(value(creative), (counts.get(value(creative)) || 0) + 1);
  return counts;
}

function drawStatuses() {
  const counts = countBy(DATA.creatives.filter((c) => matches(c, "status")), (c) => c.status);
  const total = [...counts.values()].reduce((a, b) => a + b, 0);
  const present = STATUSES.filter((s) => DATA.creatives.some((c) => c.status === s));
  $("statuses").hidden = present.length < 2;
  $("statuses").replaceChildren(...["", ...present].map((status) => make("button", {
    "aria-pressed": String(state.status === status), "data-status": status,
    onclick: () => { state.status = state.status === status ? "" : status; changed(); },
  }, status ? icon(status) : null, status || "all", make("span", { class: "n" }, String(status ? counts.get(status) || 0 : total)))));
}

function drawMenus() {
  const facets = FACETS.filter((facet) => countBy(DATA.creatives, (c) => c[facet.key]).size > 1);
  $("menus").replaceChildren(...facets.map(makeMenu));
}

function makeMenu(facet) {
  const chosen = state.chosen.get(facet.key);
  const rows = [...countBy(DATA.creatives, (c) => c[facet.key]).keys()].map((value) => {
    const box = make("input", { type: "checkbox", checked: chosen.has(value) });
    box.addEventListener("change", () => { box.checked ? chosen.add(value) : chosen.delete(value); changed(); });
    const note = facet.note(value);
    const row = make("label", {}, box, make("bdi", {}, facet.label(value)), note ? make("small", { dir: "auto" }, note) : null, make("span", { class: "n" }));
    row.dataset.value = value;
    return row;
  });
  const menu = make("details", { class: "menu" }, make("summary", {}), make("div", { class: "sheet" }, ...rows));
  menu.dataset.facet = facet.key;
  menu.addEventListener("toggle", () => { if (menu.open) closeMenus(menu); });
  menu.addEventListener("keydown", (event) => moveInMenu(event, menu));
  return menu;
}

function moveInMenu(event, menu) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape" && menu.open) { menu.open = false; menu.firstChild.focus(); event.stopPropagation(); }
  if (!step || !menu.open) return;
  const boxes = [...menu.querySelectorAll("input")];
  const at = boxes.indexOf(document.activeElement);
  boxes[(at + step + boxes.length) % boxes.length].focus();
  event.preventDefault();
  event.stopPropagation();
}

function closeMenus(except = null) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
}

function refreshMenus() {
  for (const menu of document.querySelectorAll("details.menu")) {
    const facet = FACETS.find((f) => f.key === menu.dataset.facet);
    const chosen = state.chosen.get(facet.key);
    const counts = countBy(DATA.creatives.filter((c) => matches(c, facet.key)), (c) => c[facet.key]);
    const only = chosen.size === 1 ? facet.label([...chosen][0]) : "";
    menu.firstChild.replaceChildren(make("bdi", {}, only || facet.title), chosen.size > 1 ? make("span", { class: "n" }, String(chosen.size)) : "");
    menu.classList.toggle("on", chosen.size > 0);
    for (const row of menu.querySelectorAll("label")) {
      row.querySelector("input").checked = chosen.has(row.dataset.value);
      row.querySelector(".n").textContent = String(counts.get(row.dataset.value) || 0);
    }
  }
}

function clearFilters() {
  state.status = state.words = $("search").value = "";
  for (const chosen of state.chosen.values()) chosen.clear();
  changed();
}

const creativeAt = (identity) => DATA.creatives.find((c) => identityOf(c) === identity);

function writeAddress() {
  const parts = new URLSearchParams();
  if (state.words) parts.set("q", state.words);
  if (state.status) parts.set("status", state.status);
  if (state.group !== "product") parts.set("group", state.group);
  for (const [key, chosen] of state.chosen) for (const value of chosen) parts.append(key, value);
  if ($("viewer").open) parts.set("open", identityOf(current));
  if ($("compare").open) parts.set("mode", $("pair").dataset.mode);
  if ($("compare").open) for (const creative of picks) parts.append("compare", identityOf(creative));
  const text = parts.toString().replaceAll("%2F", "/");
  history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
}

function readAddress() {
  const parts = new URLSearchParams(location.hash.slice(1));
  state.words = $("search").value = parts.get("q") || "";
  state.status = STATUSES.includes(parts.get("status")) ? parts.get("status") : "";
  if ([...$("group").options].some((o) => o.value === parts.get("group"))) state.group = parts.get("group");
  for (const facet of FACETS) {
    const known = new Set(DATA.creatives.map((c) => c[facet.key]));
    state.chosen.set(facet.key, new Set(parts.getAll(facet.key).filter((v) => known.has(v))));
  }
  return { mode: parts.get("mode"), open: creativeAt(parts.get("open")), compare: parts.getAll("compare").map(creativeAt).filter(Boolean).slice(0, 2) };
}
