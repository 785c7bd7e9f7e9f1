// One creative, large: zoom, findings drawn where they are, words with their origins, what led here.

let current = null, zoom = 0, marksOn = true;   // zoom 0 = fit, else screen px per px of the file

function openViewer(creative) {
  if (!$("viewer").open) { $("viewer").showModal(); document.documentElement.classList.add("locked"); }
  showInViewer(creative);
  $("panel").focus({ preventScroll: true });
}

function showInViewer(creative) {
  current = creative;
  zoom = 0;
  setTabStop(creative);
  $("under").src = thumbUrl(creative) || "data:,";
  $("under").hidden = creative.thumb === null;
  $("full").hidden = !creative.files.length;
  $("full").classList.remove("there");
  if (creative.files.length) $("full").src = fileUrl(creative);
  $("full").alt = titleOf(creative);
  const at = shown.indexOf(creative);
  $("count").textContent = at < 0 ? "" : `${(at + 1).toLocaleString("en")} of ${shown.length.toLocaleString("en")}`;
  $("prev").disabled = at <= 0;
  $("next").disabled = at < 0 || at >= shown.length - 1;
  drawMarks(creative);
  drawPanel(creative);
  markPicked();
  layCanvas();
  writeAddress();
  say(`${titleOf(creative)}, ${creative.status}`);
}

function stepViewer(by) {
  const next = shown[shown.indexOf(current) + by];
  if (next) showInViewer(next);
}

// Same product, locale and variant, in the next placement.
function stepPlacement(by) {
  const family = DATA.creatives.filter((c) => c.product === current.product && c.locale === current.locale && c.variant === current.variant);
  const next = family[family.indexOf(current) + by];
  if (next) showInViewer(next);
}

function fitScale() {
  const { width, height } = sizeOf(current), stage = $("stage");
  const sides = innerWidth < 900 ? 32 : 160;
  return Math.min((stage.clientWidth - sides) / width, (stage.clientHeight - 96) / height, 2);
}

function layCanvas() {
  if (!current) return;
  const { width, height } = sizeOf(current), scale = zoom || fitScale();
  $("canvas").style.width = `${width * scale}px`;
  $("canvas").style.height = `${height * scale}px`;
  $("canvas").classList.toggle("large", zoom > 0);
  $("canvas").classList.toggle("pixels", scale >= 3);
  $("zoom").textContent = zoom ? `${Math.round(zoom * 100)} %` : "Fit";
}

function setZoom(level, at = null) {
  const stage = $("stage"), box = $("canvas").getBoundingClientRect();
  const x = at ? (at.clientX - box.left) / box.width : 0.5, y = at ? (at.clientY - box.top) / box.height : 0.5;
  zoom = level;
  layCanvas();
  const now = $("canvas").getBoundingClientRect(), frame = stage.getBoundingClientRect();
  const toX = at ? at.clientX : frame.left + frame.width / 2, toY = at ? at.clientY : frame.top + frame.height / 2;
  stage.scrollBy(now.left + x * now.width - toX, now.top + y * now.height - toY);
}

function zoomBy(step) {
  const levels = [0, 0.5, 1, 2, 4].filter((level) => !level || level > fitScale());
  const at = levels.indexOf(zoom);
  setZoom(levels[Math.max(0, Math.min(levels.length - 1, at + step))]);
}

function drawMarks(creative) {
  const { width, height } = sizeOf(creative);
  const boxes = creative.findings.map((finding, number) => {
    if (!finding.rect) return null;
    const [x, y, w, h] = finding.rect;
    const mark = make("button", { class: `box ${finding.status}`, tabIndex: -1, title: finding.message, onclick: (e) => { e.stopPropagation(); point(number, true); } }, make("b", {}, String(number + 1)));
    mark.dataset.number = number;
    mark.style.left = `${(100 * x) / width}%`;
    mark.style.top = `${(100 * y) / height}%`;
    mark.style.width = `${(100 * w) / width}%`;
    mark.style.height = `${(100 * h) / height}%`;
    return mark;
  });
  $("marks").replaceChildren(...boxes.filter(Boolean));
  $("show-marks").hidden = !boxes.some(Boolean);
  toggleMarks(marksOn);
}

function toggleMarks(on) {
  marksOn = on;
  $("marks").hidden = !on;
  $("show-marks").setAttribute("aria-pressed", String(on));
}

function point(number, scroll = false) {
  for (const element of document.querySelectorAll("#marks .box, #panel .finding")) {
    const same = Number(element.dataset.number) === number;
    element.classList.toggle("hot", same);
    if (same && scroll && element.classList.contains("finding")) element.scrollIntoView({ block: "nearest" });
  }
}

function drawPanel(creative) {
  const product = PRODUCTS.get(creative.product), placement = PLACEMENTS.get(creative.placement);
  $("panel").scrollTop = 0;
  $("panel").replaceChildren(
    make("header", {},
      make("p", { class: `badge ${creative.status}` }, icon(creative.status), creative.status),
      make("h2", {}, make("bdi", {}, product.name)),
      make("p", { class: "quiet" }, make("bdi", {}, `${localeName(creative.locale)} (${creative.locale})`)),
      make("p", { class: "quiet" }, make("bdi", {}, [placement.name, placement.channel].filter(Boolean).join(" · ")))),
    ...panelFindings(creative), ...panelWords(creative), ...panelFiles(creative), ...panelSource(creative));
}

function panelFindings(creative) {
  const items = creative.findings.map((finding, number) => {
    const values = [finding.measured && `measured ${finding.measured}`, finding.limit && `limit ${finding.limit}`].filter(Boolean).join(", ");
    const item = make("li", { class: `finding ${finding.status}`, dir: "auto", onmouseenter: () => point(number), onmouseleave: () => point(-1) },
      make("b", {}, finding.rect ? String(number + 1) : "–"),
      make("div", {}, make("p", {}, finding.message), values ? make("p", { class: "values" }, values) : null,
        finding.hint ? make("p", { class: "hint" }, finding.hint) : null, make("code", {}, `${finding.rule} · ${finding.status}`)));
    item.dataset.number = number;
    return item;
  });
  const passes = creative.passes.map(([rule, measured, limit]) => make("li", {}, make("code", {}, rule), make("span", {}, [measured, limit && `limit ${limit}`].filter(Boolean).join(" · "))));
  return [
    items.length ? make("h3", {}, "Findings") : null,
    items.length ? make("ol", { class: "findings" }, ...items) : null,
    passes.length ? make("details", { class: "more" }, make("summary", {}, icon("check"), plural(passes.length, "check passed", "checks passed")), make("ul", { class: "passes" }, ...passes)) : null,
  ].filter(Boolean);
}

const roleName = (role) => (role.length < 4 ? role.toUpperCase() : role[0].toUpperCase() + role.slice(1));

function panelWords(creative) {
  const rows = Object.entries(creative.words).filter(([, text]) => text).map(([role, text]) => make("div", { class: "word" },
    make("dt", {}, roleName(role), creative.origins[role] ? make("small", {}, creative.origins[role]) : null),
    make("dd", { dir: "auto", lang: creative.locale }, text)));
  return rows.length ? [make("h3", {}, "Words"), make("dl", {}, ...rows)] : [];
}

function panelFiles(creative) {
  const rows = creative.files.map((file) => make("li", {},
    make("a", { href: `./${file.path.split("/").map(encodeURIComponent).join("/")}`, target: "_blank", rel: "noopener" }, file.path.split("/").pop()),
    make("p", { class: "quiet" }, `${file.width} × ${file.height} · ${file.format.toUpperCase()} · ${weight(file.bytes)}`)));
  return rows.length ? [make("h3", {}, creative.files.length > 1 ? "Files" : "File"), make("ul", { class: "files" }, ...rows)] : [];
}

function panelSource(creative) {
  const pictures = Object.entries(creative.origins).filter(([role]) => !creative.words[role]);
  const facts = [
    ["template", creative.template], ["set", creative.set], ...pictures, ["cost", creative.cost],
    ["variant", creative.variant === "a" ? "" : creative.variant],
  ].filter(([, value]) => value);
  const digests = [...Object.entries(creative.keys).map(([k, v]) => [`${k} key`, v]), ...Object.entries(creative.inputs), ...creative.files.map((f) => ["file", f.sha256])];
  const list = (rows, css) => make("dl", { class: css }, ...rows.map(([k, v]) => make("div", {}, make("dt", {}, roleName(k)), make("dd", { title: v }, make("bdi", {}, v)))));
  return [
    facts.length ? make("h3", {}, "Made from") : null,
    facts.length ? list(facts, "facts") : null,
    digests.length ? make("details", { class: "more" }, make("summary", {}, "Digests"), list(digests, "facts digests")) : null,
  ].filter(Boolean);
}

// Dragging pans a large picture; a click without dragging zooms to where it was.
function watchStage() {
  const stage = $("stage");
  let from = null;
  stage.addEventListener("pointerdown", (e) => { if (e.button === 0 && !e.target.closest(".box")) from = { x: e.clientX, y: e.clientY, left: stage.scrollLeft, top: stage.scrollTop, moved: false }; });
  stage.addEventListener("pointermove", (e) => {
    if (!from || e.pointerType === "touch") return;
    from.moved ||= Math.abs(e.clientX - from.x) + Math.abs(e.clientY - from.y) > 4;
    if (zoom) stage.scrollTo(from.left - (e.clientX - from.x), from.top - (e.clientY - from.y));
  });
  stage.addEventListener("pointerup", (e) => {
    const start = from;
    from = null;
    if (!start || start.moved) return;
    if (e.target === stage) { $("viewer").close(); return; }
    if (e.target.closest("#canvas")) setZoom(zoom ? 0 : Math.max(1, Math.ceil(fitScale() + 0.01)), e);
  });
  $("full").addEventListener("load", () => $("full").classList.add("there"));
  new ResizeObserver(layCanvas).observe(stage);
}
