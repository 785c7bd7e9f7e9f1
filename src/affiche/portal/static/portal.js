// What every page needs: toasts with undo, forms that submit on change, drop zones, keys, and live parts that reconnect.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

export function say(text, undo = null) {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.append(text);
  if (undo) {
    const button = document.createElement("button");
    button.className = "link";
    button.textContent = undo.label;
    button.addEventListener("click", () => { toast.remove(); undo.run(); });
    toast.append(button);
  }
  $("#toasts").append(toast);
  setTimeout(() => toast.remove(), undo ? 9000 : 5000);
}

// What the server said with the page goes by itself, unless somebody is about to undo it.
for (const toast of $$("[data-fades]")) {
  const go = () => (toast.matches(":hover, :focus-within") ? setTimeout(go, 2000) : toast.remove());
  setTimeout(go, 9000);
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});

// Messages that the server sends with an answer: {"say": "...", "undo": "/where/to/post", "label": "Undo"}.
document.addEventListener("affiche:say", (event) => {
  const { text, undo, label } = event.detail;
  say(text, undo ? { label, run: () => htmx.ajax("POST", undo, { target: "body", swap: "none" }) } : null);
});
document.addEventListener("htmx:responseError", (event) => {
  const answer = event.detail.xhr;
  let text = `${answer.status} ${answer.statusText}`;
  try {
    const problem = JSON.parse(answer.responseText);
    // The session has ended: sign in in another tab; this page, and what was typed here, stays.
    if (answer.status === 401 && problem.signin) return say(problem.title, { label: problem.signin, run: () => { open("/login", "_blank"); addEventListener("focus", renew, { once: true }); } });
    text = [problem.title, problem.hint].filter(Boolean).join(" ");
  } catch { /* plain text */ }
  say(text);
});
async function renew() { // somebody signed in anew in another tab: forms of this page carry the new session's token
  const { token } = await (await fetch("/v1/session")).json();
  if (!token) return;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRF-Token": token }));
  for (const field of $$("input[name=csrf]")) field.value = token;
}
document.addEventListener("htmx:sendError", () => say(document.body.dataset.offline || "No connection. What you did is kept; it is sent when you are back."));

// --- a decision against an ad needs its reason: asked for where it is written, before anything is sent
document.addEventListener("submit", (event) => {
  const verdict = event.submitter?.name === "decision" ? event.submitter.value : "approved", reason = event.target.elements.reason;
  if (!reason || verdict === "approved" || reason.value.trim()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  reason.setAttribute("aria-invalid", "true");
  reason.focus();
  say(document.body.dataset.why);
}, true);
document.addEventListener("input", (event) => { if (event.target.name === "reason") event.target.removeAttribute("aria-invalid"); });

// --- things that are shown once: chosen whole at a touch, copied by a button
document.addEventListener("focusin", (event) => { if (event.target.matches("[data-once]")) event.target.select(); });
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  try { await navigator.clipboard.writeText(button.dataset.copy); say(button.dataset.copied); } catch { $("[data-once]")?.focus(); }
});

// --- dropping files
document.addEventListener("dragover", (event) => {
  const zone = event.target.closest?.("[data-drop]");
  if (zone) { event.preventDefault(); zone.classList.add("over"); }
});
document.addEventListener("dragleave", (event) => event.target.closest?.("[data-drop]")?.classList.remove("over"));
document.addEventListener("drop", (event) => {
  const zone = event.target.closest?.("[data-drop]");
  if (!zone) return;
  event.preventDefault();
  zone.classList.remove("over");
  const input = $("input[type=file]", zone);
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

// --- a file for one field: it goes to the library, and the field names it
document.addEventListener("change", async (event) => {
  const input = event.target, file = input.matches?.("[data-upload]") && input.files[0];
  if (!file) return;
  const zone = input.closest("[data-drop]"), field = document.getElementById(input.dataset.into), body = new FormData();
  body.append("file", file);
  zone?.classList.add("busy");
  try {
    const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRF-Token"];
    const answer = await fetch(input.dataset.upload, { method: "POST", body, headers: { "X-CSRF-Token": token, Accept: "application/json" } });
    const told = await answer.json();
    if (!told.id) return say([told.said || told.title, told.hint].filter(Boolean).join(" "));
    if (![...field.options].some((option) => option.value === told.id)) field.add(new Option(file.name, told.id));
    field.value = told.id;
    const picture = $("img", zone) || ($("svg.i", zone)?.closest(".thumb") && document.createElement("img"));
    if (picture) { picture.src = URL.createObjectURL(file); picture.alt = ""; $("svg.i", zone)?.replaceWith(picture); }
    field.dispatchEvent(new Event("change", { bubbles: true }));
  } catch { say(document.body.dataset.offline); } finally { zone?.classList.remove("busy"); input.value = ""; }
});
// --- a colour and its code say the same
document.addEventListener("input", (event) => {
  const code = event.target.dataset.pair && document.getElementById(event.target.dataset.pair);
  if (code) code.value = event.target.value;
  const well = event.target.id && $(`[data-pair="${CSS.escape(event.target.id)}"]`);
  if (well && /^#[0-9a-f]{6}$/i.test(event.target.value)) well.value = event.target.value;
});

// --- filters of long lists of choices
document.addEventListener("input", (event) => {
  const box = event.target.dataset.filters && $(event.target.dataset.filters);
  if (!box) return;
  const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const wanted = folded(event.target.value);
  for (const label of $$("label", box)) label.hidden = !folded(label.dataset.words || label.textContent).includes(wanted);
});
// Groups (DACH, Nordics) tick their members.
document.addEventListener("change", (event) => {
  const members = event.target.dataset.members;
  if (!members) return;
  for (const id of members.split(" ")) { const box = document.getElementById(id); if (box) box.checked = event.target.checked; }
  event.target.form?.dispatchEvent(new Event("input", { bubbles: true }));
});

// --- a button that writes usual words into a field; parts that are there only while a field says something else
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill]"), field = button && document.getElementById(button.dataset.fill);
  if (!field) return;
  field.value = button.dataset.text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
document.addEventListener("change", (event) => {
  for (const part of $$("[data-when]", event.target.form || document.createElement("i"))) {
    const [name, value] = part.dataset.when.split(":");
    if (name === event.target.name) part.hidden = event.target.value !== value;
  }
});

// --- hard copy for the playground: a button fills the fields of its form
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-stress]"), form = button?.form;
  if (!form) return;
  for (const [name, words] of Object.entries(JSON.parse(button.dataset.stress))) if (form.elements[name]) form.elements[name].value = words;
  form.dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-opens]");
  if (button) document.getElementById(button.dataset.opens)?.showModal();
});

// --- keys: j/k or arrows through ads, / to search, ? for help (`keyboard` in views.py tells them)
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select, [contenteditable], dialog") || event.metaKey || event.ctrlKey || event.altKey) return;
  if (event.key === "?") { $("#keys")?.showModal(); return; }
  if (event.key === "/") { const search = $("input[type=search]"); if (search) { event.preventDefault(); search.focus(); } }
  const link = { ArrowLeft: "[data-key=previous]", ArrowRight: "[data-key=next]", k: "[data-key=previous]", j: "[data-key=next]", a: "[data-key=approve]", f: "[data-key=findings]", s: "[data-key=safe]", u: "[data-key=undo]", z: "[data-key=zoom]", p: "[data-key=pin]", 1: "[data-key='1']", 2: "[data-key='2']", 3: "[data-key='3']" }[event.key];
  const target = link && $(link);
  if (target) { event.preventDefault(); target.click(); return; }
  if (event.key.startsWith("Arrow")) moveInWall(event);
});

function moveInWall(event) {
  const from = document.activeElement;
  if (!from?.matches?.(".ad .open")) return;
  event.preventDefault();
  const rtl = document.documentElement.dir === "rtl" ? -1 : 1;
  const step = { ArrowLeft: -rtl, ArrowRight: rtl }[event.key];
  // Only this group and its neighbours are measured: 2,000 ads would take too long.
  const groups = $$(".group, .ads"), mine = from.closest(".group") || from.closest(".ads"), at = groups.indexOf(mine);
  const around = groups.length > 1 ? groups.slice(Math.max(0, at - 2), at + 3) : [document];
  const ads = [...new Set(around.flatMap((group) => $$(".ad .open", group)))];
  if (step) { ads[ads.indexOf(from) + step]?.focus(); return; }
  const here = from.getBoundingClientRect(), down = event.key === "ArrowDown" ? 1 : -1;
  const found = ads.map((ad) => [ad, ad.getBoundingClientRect()]).filter(([, box]) => down * (box.bottom - here.bottom) > 8);
  const cost = (box) => Math.abs(box.left + box.width / 2 - here.left - here.width / 2) + 4 * Math.abs(box.bottom - here.bottom);
  found.sort((a, b) => cost(a[1]) - cost(b[1]))[0]?.[0].focus();
}

// --- live: one stream of events; every part that listens asks for itself again. The browser sends Last-Event-ID by itself.
for (const live of $$("[data-live]")) {
  const source = new EventSource(live.dataset.live);
  // A part that was swapped is another element: the one in the page is asked, or it would listen only once.
  const now = () => (live.isConnected ? live : $(`[data-live="${CSS.escape(live.dataset.live)}"]`) || live);
  let waiting = 0;
  const refresh = () => { waiting = 0; htmx.trigger(now(), "live"); };
  const soon = () => { waiting ||= setTimeout(refresh, 250); };
  for (const name of (live.dataset.events || "message").split(" ")) source.addEventListener(name, soon);
  let cut = false;
  source.onerror = () => { cut = true; now().classList.add("stale"); };
  // Before its first event a stream has no number to go on from: after a cut the part asks for itself whatever happened meanwhile.
  source.onopen = () => { now().classList.remove("stale"); if (cut) soon(); cut = false; };
  addEventListener("pagehide", () => source.close());
}

if ("serviceWorker" in navigator && isSecureContext) navigator.serviceWorker.register("/worker.js").catch(() => {});
