// The outbox: decisions go out at once, or wait in this browser until there is a connection. Each has a key of its own, so that
// sending it twice decides once; what the server refuses is said and not sent again.
import { say } from "./portal.js";

const KEY = "affiche-outbox";
const read = () => { try { return JSON.parse(localStorage.getItem(KEY)) || []; } catch { return []; } };
const write = (list) => { try { localStorage.setItem(KEY, JSON.stringify(list)); } catch { /* no room: it is sent or lost with the page */ } show(list); };
const token = () => { try { return JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRF-Token"]; } catch { return ""; } };
const words = document.body.dataset;
let sending = false, wait = 1000, timer = 0;

function show(list) {
  let sign = document.querySelector("#outbox");
  if (!list.length) { sign?.remove(); return; }
  if (!sign) { sign = Object.assign(document.createElement("p"), { id: "outbox", className: "toast" }); document.querySelector("#toasts").append(sign); }
  sign.textContent = (words.waiting || "{count} …").replace("{count}", list.length);
}

export function put(fields) {
  const entry = { key: crypto.randomUUID?.() || `${Date.now()}-${Math.random()}`, fields };
  write([...read(), entry]);
  return send();
}

export async function send() {
  if (sending) return [];
  sending = true;
  clearTimeout(timer);
  const made = [];
  try {
    for (let list = read(); list.length; list = read()) {
      const { key, fields } = list[0];
      const body = new URLSearchParams(fields);
      body.set("csrf", token());
      const answer = await fetch("/review/decide", { method: "POST", body, headers: { Accept: "application/json", "Idempotency-Key": key, "X-CSRF-Token": token() } });
      if (answer.status >= 500 || answer.status === 429 || answer.status === 401) throw new Error(answer.statusText);
      write(read().filter((one) => one.key !== key));
      wait = 1000;
      if (answer.ok) made.push(...(await answer.json()).undo);
      else { const page = new DOMParser().parseFromString(await answer.text(), "text/html"); say(page.querySelector("h1")?.textContent || answer.statusText); }
    }
  } catch {
    timer = setTimeout(send, wait);
    wait = Math.min(30000, wait * 2);
  } finally { sending = false; }
  if (made.length) say((words.decided || "{count}").replace("{count}", made.length), { label: words.undo || "Undo", run: () => undo(made) });
  return made;
}

async function undo(ids) {
  await fetch("/review/undo", { method: "POST", body: new URLSearchParams({ csrf: token(), ids: ids.join(" "), back: "/review" }), headers: { "X-CSRF-Token": token() } });
  document.dispatchEvent(new CustomEvent("affiche:undone", { detail: ids }));
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-outbox]");
  if (!form) return;
  const verdict = event.submitter?.value || "approved";
  event.preventDefault();
  const fields = [...new FormData(form, event.submitter)].filter(([name]) => name !== "csrf");
  if (!fields.some(([name]) => name === "decision")) fields.push(["decision", verdict]);
  form.dispatchEvent(new CustomEvent("affiche:decided", { bubbles: true, detail: verdict }));
  const pile = form.closest(".pile");
  if (pile) pile.hidden = true;
  put(fields).then((made) => { if (pile && !made.length && !read().length) pile.hidden = false; });
});
addEventListener("online", send);
addEventListener("storage", (event) => { if (event.key === KEY) show(read()); });
show(read());
send();
