// Many files, two at a time. Small ones whole; large ones in parts, which go on where they were after a broken connection or a reload.
const form = document.querySelector("[data-uploads]"), box = document.querySelector("#uploads");
const input = form?.querySelector("input[type=file]");
const WHOLE = 4e6, PART = 4e6, TRIES = 6;
const waiting = [];
let running = 0, total = 0, settled = 0;

input?.addEventListener("change", () => {
  box.hidden = false;
  for (const file of input.files) {
    const row = document.createElement("li");
    row.innerHTML = "<b dir=auto></b><span></span><progress max=1 value=0></progress>";
    row.firstChild.textContent = file.name;
    box.querySelector("ul").prepend(row);
    waiting.push({ file, row, tries: 0 });
    total += 1;
  }
  input.value = "";
  sum();
  work();
});
addEventListener("beforeunload", (event) => { if (running) event.preventDefault(); });
addEventListener("online", () => work());

function work() {
  while (running < 2 && waiting.length) { running += 1; send(waiting.shift()).finally(() => { running -= 1; work(); }); }
}

async function send(one) {
  try {
    const said = await (one.file.size > WHOLE ? inParts(one) : whole(one));
    settled += 1;
    one.row.dataset.state = said.state || "refused";
    one.row.querySelector("progress").remove();
    say(one, said.said || said.title || "");
    if (said.id) { const link = document.createElement("a"); link.href = `/library/${said.id}`; link.append(one.row.firstChild); one.row.prepend(link); }
  } catch {
    one.tries += 1;
    if (one.tries < TRIES) { say(one, form.dataset.again); setTimeout(() => { waiting.push(one); work(); }, 1000 * 2 ** one.tries); }
    else { settled += 1; one.row.dataset.state = "refused"; }
  }
  sum();
}

async function whole(one) {
  const body = new FormData();
  body.append("file", one.file);
  return ask(form.dataset.uploads, { body });
}

async function inParts({ file, row }) {
  const name = `upload:${file.name}:${file.size}:${file.lastModified}`;
  let upload = await resumed(name);
  if (!upload) {
    upload = await ask(form.dataset.parts, { body: JSON.stringify({ name: file.name, bytes: file.size }), headers: { "Content-Type": "application/json" } });
    if (!upload.id) return upload;
    localStorage.setItem(name, upload.id);
  }
  const place = `${form.dataset.parts}/${upload.id}`;
  for (let at = upload.received; at < file.size; ) {
    const answer = await ask(place, { body: file.slice(at, at + PART), headers: { "Upload-Offset": at } });
    if (answer.received === undefined) { localStorage.removeItem(name); return answer; }
    at = answer.received;
    row.querySelector("progress").value = at / file.size;
  }
  localStorage.removeItem(name);
  return ask(`${place}/complete`, {});
}

async function resumed(name) {
  const id = localStorage.getItem(name);
  if (!id) return null;
  const answer = await fetch(`${form.dataset.parts}/${id}`);
  const upload = answer.ok ? await answer.json() : {};
  if (upload.state === "open") return upload;
  localStorage.removeItem(name);
  return null;
}

async function ask(place, { body, headers = {} }) {
  const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRF-Token"];
  const answer = await fetch(place, { method: "POST", body, headers: { ...headers, "X-CSRF-Token": token, Accept: "application/json" } });
  if (answer.status >= 500 || answer.status === 429 || answer.status === 412) throw new Error(answer.statusText);
  return answer.json();
}

function say(one, text) { one.row.querySelector("span").textContent = text; }
function sum() {
  if (total && settled === total && box.querySelector("li[data-state=stored]")) htmx.ajax("GET", location.pathname + location.search, { target: "#found", select: "#found", swap: "outerHTML" });
  box.querySelector("[data-sum]").textContent = form.dataset.done.replace("{count}", settled).replace("{total}", total);
}
