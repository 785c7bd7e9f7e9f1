// The wall of ads. Every ad gets about the same area whatever its ratio; ads of one placement stand in rows of equal height.

let shown = [];
const cards = new Map();

const nearby = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    nearby.unobserve(entry.target);
    const creative = DATA.creatives[entry.target.dataset.index];
    entry.target.src = thumbUrl(creative);
    if (DATA.creatives.length <= FEW) sharpen(entry.target, fileUrl(creative));
  }
}, { rootMargin: "800px" });

// Few ads are shown large: their files take the place of the thumbnails as soon as they are there.
const FEW = 12;
function sharpen(picture, url) {
  const file = new Image();
  file.src = url;
  picture.decoding = "sync";
  file.decode().then(() => { picture.src = url; }, () => { /* the thumbnail stays */ });
}

function cardOf(creative) {
  if (!cards.has(creative.index)) cards.set(creative.index, makeCard(creative));
  const card = cards.get(creative.index);
  card.querySelector("bdi").textContent = GROUPS[state.group].caption(creative);
  return card;
}

function makeCard(creative) {
  const { width, height } = sizeOf(creative);
  const worst = creative.findings.find((f) => f.status === "error" || f.status === "fail");
  const picture = creative.thumb === null
    ? make("span", { class: "broken", dir: "auto" }, worst ? worst.message : "Not made")
    : make("img", { alt: "", width, height, decoding: "async", "data-index": String(creative.index) });
  if (creative.thumb !== null) nearby.observe(picture);
  const open = make("button", { class: "open", "aria-label": `${titleOf(creative)}, ${creative.status}`, tabIndex: -1, onclick: () => openViewer(creative) }, picture);
  const pick = make("button", { class: "icon pick", tabIndex: -1, title: "Compare (C)", "aria-label": "Pick for comparison", "aria-pressed": "false", onclick: () => togglePick(creative) }, icon("compare"));
  const note = creative.findings.filter((f) => f.status !== "skip").length;
  const caption = make("p", { class: "caption", title: `${localeName(creative.locale)} · ${PLACEMENTS.get(creative.placement).name}` },
    icon(creative.status, creative.status), make("bdi"),
    creative.variant !== "a" ? make("span", { class: "variant" }, creative.variant) : null,
    note ? make("span", { class: `n ${creative.status}` }, String(note)) : null);
  const card = make("article", { class: "card" }, open, pick, caption);
  card.style.setProperty("--k", Math.sqrt(width / height).toFixed(4));
  card.style.setProperty("--ratio", `${width} / ${height}`);
  card.dataset.index = creative.index;
  return card;
}

// `caption` says what the headings above do not.
const placementName = (c) => PLACEMENTS.get(c.placement).name;
const GROUPS = {
  product: { outer: (c) => c.product, inner: (c) => c.placement, name: productHeading, part: placementHeading, caption: (c) => c.locale },
  placement: { outer: (c) => c.placement, inner: (c) => c.product, name: placementHeading, part: productHeading, caption: (c) => c.locale },
  locale: { outer: (c) => c.locale, inner: (c) => c.product, name: localeHeading, part: productHeading, caption: placementName },
  status: { outer: (c) => c.status, inner: (c) => c.product, name: statusHeading, part: productHeading, caption: (c) => `${c.locale} · ${placementName(c)}` },
};

function productHeading(creative) { return [make("bdi", {}, PRODUCTS.get(creative.product).name)]; }
function localeHeading(creative) { return [make("bdi", {}, localeName(creative.locale)), make("small", {}, creative.locale)]; }
function statusHeading(creative) { return [icon(creative.status), creative.status[0].toUpperCase() + creative.status.slice(1)]; }
function placementHeading(creative) {
  const { width, height } = sizeOf(creative);
  return [make("bdi", {}, PLACEMENTS.get(creative.placement).name), make("small", {}, `${width} × ${height}`)];
}

function grouped(creatives, value) {
  const groups = new Map();
  for (const creative of creatives) {
    if (!groups.has(value(creative))) groups.set(value(creative), []);
    groups.get(value(creative)).push(creative);
  }
  return [...groups.values()];
}

function drawGrid() {
  const rule = GROUPS[state.group];
  const order = state.group === "status" ? (a, b) => STATUSES.indexOf(b[0].status) - STATUSES.indexOf(a[0].status) : () => 0;
  const visible = DATA.creatives.filter((c) => matches(c));
  shown = [];
  const sections = grouped(visible, rule.outer).sort(order).map((outer) => {
    const heading = make("h2", {}, ...rule.name(outer[0]), make("span", { class: "n" }, String(outer.length)));
    const inner = grouped(outer, rule.inner);
    return make("section", {}, heading, ...inner.map((group) => drawRow(group, rule)));
  });
  $("grid").replaceChildren(...sections);
  $("empty").hidden = visible.length > 0;
  reserve();
  setTabStop(shown.find((c) => c.index === focusIndex) || shown[0]);
}

function drawRow(group, rule) {
  // Where shapes mix, tall ones first: rows then lose little height.
  const mixed = new Set(group.map((c) => c.placement)).size > 1;
  const ratio = (c) => sizeOf(c).width / sizeOf(c).height;
  const ordered = mixed ? [...group].sort((a, b) => ratio(a) - ratio(b)) : group;
  shown.push(...ordered);
  const heading = make("h3", {}, ...rule.part(group[0]), make("span", { class: "n" }, String(group.length)));
  return make("div", { class: "group" }, heading, make("div", { class: "row" }, ...ordered.map(cardOf)));
}

// Groups off screen are not laid out; the room they will take is known beforehand, so nothing jumps.
function reserve() {
  const side = sideNow(), room = roomNow(), gap = gapNow();
  for (const group of document.querySelectorAll(".group")) {
    let x = 0, tallest = 0, total = 0;
    for (const card of group.lastChild.children) {
      const { width, height } = sizeOf(DATA.creatives[card.dataset.index]);
      const wide = Math.max(64, Math.min(room, side * Math.sqrt(width / height)));
      if (x && x + wide > room) { total += tallest + 28 + gap; x = 0; tallest = 0; }
      x += wide + gap;
      tallest = Math.max(tallest, (wide * height) / width);
    }
    group.style.setProperty("--room", `${Math.round(total + tallest + 28 + 56)}px`);
  }
}

// --- moving with the keyboard: one tab stop, arrows go where the eye goes

let focusIndex = -1;
function setTabStop(creative) {
  const before = cards.get(focusIndex);
  if (before) before.firstChild.tabIndex = -1;
  if (!creative) return;
  focusIndex = creative.index;
  cards.get(focusIndex).firstChild.tabIndex = 0;
}

function focusCard(creative) {
  setTabStop(creative);
  cards.get(creative.index).firstChild.focus({ preventScroll: false });
}

function moveInGrid(key) {
  const at = shown.findIndex((c) => c.index === focusIndex);
  if (at < 0) return;
  const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (step) { if (shown[at + step]) focusCard(shown[at + step]); return; }
  const here = cards.get(focusIndex).getBoundingClientRect();
  const down = key === "ArrowDown" ? 1 : -1;
  let best = null, bestCost = Infinity;
  for (let i = at + down; shown[i] && Math.abs(i - at) < 80; i += down) {
    const box = cards.get(shown[i].index).getBoundingClientRect();
    const dy = down * (box.bottom - here.bottom);
    if (dy < 8 || !box.width) continue;
    const cost = dy * 4 + Math.abs(box.left + box.width / 2 - here.left - here.width / 2);
    if (cost < bestCost) { best = shown[i]; bestCost = cost; }
  }
  if (best) focusCard(best);
}

const gapNow = () => (innerWidth < 700 ? 12 : 24);
const roomNow = () => $("grid").clientWidth - 2 * (innerWidth < 700 ? 16 : 32);

function sideNow() {
  // Squares fill the line exactly; at least two stand beside each other on a phone.
  const wanted = Number($("size").value);
  const columns = Math.max(innerWidth < 700 ? 2 : 1, Math.round((roomNow() + gapNow()) / (wanted + gapNow())));
  return DATA.creatives.length < columns ? wanted : Math.floor((roomNow() - gapNow() * (columns - 1)) / columns);
}

function applySize() {
  document.documentElement.style.setProperty("--side", `${sideNow()}px`);
  reserve();
}
