// Two creatives against each other: side by side, under a divider, or as their difference.

const picks = [];
const MODES = ["beside", "slider", "difference"];

function togglePick(creative) {
  const at = picks.indexOf(creative);
  if (at >= 0) picks.splice(at, 1);
  else { if (picks.length === 2) picks.shift(); picks.push(creative); }
  say(at >= 0 ? "No longer picked" : `Picked for comparison, ${picks.length} of 2`);
  drawTray();
}

function markPicked() {
  for (const [index, card] of cards) {
    const on = picks.some((c) => c.index === index);
    card.classList.toggle("picked", on);
    card.querySelector(".pick").setAttribute("aria-pressed", String(on));
  }
  $("viewer-pick").setAttribute("aria-pressed", String(picks.includes(current)));
}

function drawTray() {
  markPicked();
  $("tray").hidden = picks.length === 0;
  $("compare-button").disabled = picks.length < 2;
  $("picked").replaceChildren(...picks.map((creative) => make("button", { title: `${titleOf(creative)}: take out`, onclick: () => togglePick(creative) },
    make("img", { src: thumbUrl(creative) || "data:,", alt: "" }), make("bdi", {}, creative.locale))),
    ...(picks.length === 1 ? [make("span", { class: "quiet" }, "Pick one more")] : []));
}

function openCompare() {
  if (picks.length < 2) return;
  if ($("viewer").open) $("viewer").close();
  if (!$("compare").open) $("compare").showModal();
  drawCompare();
  writeAddress();
}

function drawCompare() {
  picks.forEach((creative, number) => {
    const id = number ? "two" : "one", { width, height } = sizeOf(creative);
    $(id).src = fileUrl(creative) || thumbUrl(creative) || "data:,";
    $(id).alt = titleOf(creative);
    $(id).width = width;
    $(id).height = height;
    $(`${id}-name`).replaceChildren(icon(creative.status, creative.status), make("bdi", {}, PRODUCTS.get(creative.product).name), make("span", { class: "quiet" }, `${creative.locale} · ${PLACEMENTS.get(creative.placement).name}`));
  });
}

function setMode(mode) {
  $("pair").dataset.mode = mode;
  for (const button of document.querySelectorAll("#compare [data-mode]:not(.pair)")) button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
  if (mode === "slider") $("divider").focus();
  writeAddress();
}

function swapPicks() {
  picks.reverse();
  drawTray();
  drawCompare();
}
