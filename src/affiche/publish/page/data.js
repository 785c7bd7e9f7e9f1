// The data of the page and small ways to make elements of it. Text is only ever set as text.
"use strict";

const $ = (id) => document.getElementById(id);
const DATA = JSON.parse($("data").textContent);
const THUMBS = $("thumbs").textContent.split("\n");
const STATUSES = ["passed", "flagged", "failed", "error"];
const byId = (list) => new Map(list.map((item) => [item.id, item]));
const PRODUCTS = byId(DATA.products);
const PLACEMENTS = byId(DATA.placements);

function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") element.className = value;
    else if (name in element && name !== "list") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function icon(name, label = "") {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  svg.setAttribute("class", `mark ${name}`);
  if (label) { svg.setAttribute("role", "img"); svg.setAttribute("aria-label", label); } else svg.setAttribute("aria-hidden", "true");
  return svg;
}

const displayNames = (() => {
  try { return new Intl.DisplayNames(["en"], { type: "language" }); } catch { return null; }
})();
function localeName(tag) {
  try { return (displayNames && displayNames.of(tag)) || tag; } catch { return tag; }
}

const plural = (count, one, many = `${one}s`) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
const weight = (bytes) => (bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1000))} kB`);
const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const thumbUrl = (creative) => (creative.thumb === null ? "" : `data:image/jpeg;base64,${THUMBS[creative.thumb]}`);
const fileUrl = (creative) => (creative.files.length ? `./${creative.files[0].path.split("/").map(encodeURIComponent).join("/")}` : "");
const identityOf = (creative) => [creative.product, creative.locale, creative.placement, creative.variant].join("/");
const titleOf = (creative) => `${PRODUCTS.get(creative.product).name}, ${creative.locale}, ${PLACEMENTS.get(creative.placement).name}`;

// A creative that could not be made has no size of its own: it takes that of its placement, else what the ratio says.
const placementSizes = new Map(DATA.creatives.filter((c) => c.files.length).map((c) => [c.placement, c.files[0]]));
function sizeOf(creative) {
  const known = creative.files[0] || placementSizes.get(creative.placement);
  if (known) return { width: known.width, height: known.height };
  const [width, height] = PLACEMENTS.get(creative.placement).ratio.split("x").map(Number);
  return width > 0 && height > 0 ? { width, height } : { width: 1, height: 1 };
}

DATA.creatives.forEach((creative, index) => {
  const placement = PLACEMENTS.get(creative.placement);
  creative.index = index;
  creative.search = folded([
    PRODUCTS.get(creative.product).name, creative.product, creative.locale, localeName(creative.locale), placement.name, placement.id,
    placement.channel, placement.ratio, creative.variant, creative.status, creative.template, creative.set,
    ...Object.values(creative.words), ...creative.findings.flatMap((f) => [f.rule, f.code, f.message]),
  ].join(" \n"));
});
